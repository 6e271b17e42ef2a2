/** The stores of the bench: half of them franchises, all accepting by themselves, with stock that never runs out. */
import { type BenchCommand, benchCommand } from './bench-command.ts';

export interface BenchStore {
  /** Entity id and origin in one. */
  id: string;
  franchise: boolean;
}

export const CHANNEL = 'channel-bench';
const HEADQUARTERS = 'ops-bench';
export const PAYMENT_ACCOUNT = 'main';

const STORE_COUNT = 10;
const SKU_COUNT = 100;
const ON_HAND = 1_000_000;

export const STORES: readonly BenchStore[] = Array.from({ length: STORE_COUNT }, (_, index) => ({
  id: `store-bench-${index}`,
  franchise: index % 2 === 1,
}));

export const storeOf = (order: number): BenchStore => STORES[order % STORE_COUNT] as BenchStore;
/** Spreads orders over all skus of a store. */
export const skuOf = (order: number, line: number): string => `sku-${(order * 7 + line * 31) % SKU_COUNT}`;

export function openings(): BenchCommand[] {
  return STORES.flatMap((store) => [open(store), stock(store)]);
}

function open({ id, franchise }: BenchStore): BenchCommand {
  const terms = franchise
    ? { ownership: 'franchise' as const, payoutAccount: `acct_${id}`, commission: '0.15' }
    : { ownership: 'company' as const };
  const to = { origin: HEADQUARTERS, entity: 'store', id, name: 'open' } as const;
  return benchCommand(to, { name: id, country: 'FR', autoAccept: true, ...terms });
}

function stock({ id }: BenchStore): BenchCommand {
  const items = Array.from({ length: SKU_COUNT }, (_, index) => ({ sku: `sku-${index}`, quantity: ON_HAND }));
  return benchCommand({ origin: id, entity: 'store', id, name: 'stock' }, { items });
}
