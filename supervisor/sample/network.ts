/** The chain that trades the sample week: a warehouse of headquarters, company stores and franchises on different commissions. */
import type { StoreCommands } from '../../protocols/commands.ts';
import type { Place } from './places.ts';

export type SampleStore = StoreCommands['open'] & {
  /** Entity id and origin in one. */
  id: string;
  latitude: number;
  longitude: number;
  autoAccept: boolean;
};

export const HEADQUARTERS = 'ops-headquarters';
export const CURRENCY = 'GBP';
export const PAYMENT_ACCOUNT = 'main';

/** Lower is asked first: a store sells off its shelf where it can, the warehouse has what stores don't. */
const STORE_PRIORITY = 1;
const WAREHOUSE_PRIORITY = 5;

export const WAREHOUSE: SampleStore = {
  id: 'store-warehouse',
  name: 'Warehouse Daventry',
  ownership: 'company',
  country: 'GB',
  latitude: 52.26,
  longitude: -1.16,
  priority: WAREHOUSE_PRIORITY,
  autoAccept: true,
};

export const SHOPS: readonly [SampleStore, ...SampleStore[]] = [
  company('store-london', 'London Covent Garden', 51.51, -0.12, false),
  company('store-manchester', 'Manchester Northern Quarter', 53.48, -2.24, true),
  company('store-leeds', 'Leeds Victoria Quarter', 53.8, -1.54, false),
  franchise('store-birmingham', 'Birmingham Bullring', '0.12', 52.48, -1.89, true),
  franchise('store-bristol', 'Bristol Clifton', '0.15', 51.46, -2.62, false),
  franchise('store-edinburgh', 'Edinburgh New Town', '0.2', 55.95, -3.2, false),
];

export const NETWORK: readonly SampleStore[] = [WAREHOUSE, ...SHOPS];

const STORES_BY_ID: ReadonlyMap<string, SampleStore> = new Map(NETWORK.map((store) => [store.id, store]));

export function acceptsByItself(store: string): boolean {
  return STORES_BY_ID.get(store)?.autoAccept ?? false;
}

/** As the crow flies, on a flat map: good enough to choose among the shops of one country. */
export function nearestShop(place: Place): SampleStore {
  const distance = (shop: SampleStore) =>
    (shop.latitude - place.latitude) ** 2 + ((shop.longitude - place.longitude) * 0.6) ** 2;
  return SHOPS.reduce((nearest, shop) => (distance(shop) < distance(nearest) ? shop : nearest), SHOPS[0]);
}

function company(id: string, name: string, latitude: number, longitude: number, autoAccept: boolean): SampleStore {
  return { id, name, ownership: 'company', country: 'GB', latitude, longitude, priority: STORE_PRIORITY, autoAccept };
}

function franchise(
  id: string,
  name: string,
  commission: string,
  latitude: number,
  longitude: number,
  autoAccept: boolean,
): SampleStore {
  const payoutAccount = id.replace('store-', 'acct_');
  return {
    id,
    name,
    ownership: 'franchise',
    payoutAccount,
    commission,
    country: 'GB',
    latitude,
    longitude,
    priority: STORE_PRIORITY,
    autoAccept,
  };
}
