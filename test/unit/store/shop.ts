/** A store in tests: a scenario, and what is said to it. */
import { storeActor } from '../../../actors/store/store.ts';
import { ChartScenario, command, from } from '../../fixture/chart-scenario.ts';

export const OPEN = { name: 'Lyon', ownership: 'company', country: 'FR' };
export const FRANCHISE = { ...OPEN, ownership: 'franchise', payoutAccount: 'acct_lyon', commission: '0.15' };

export const shop = (id = 'store-lyon') => new ChartScenario(storeActor, id);

export const open = (payload: object = OPEN) => command('ops-anna', 'open', payload);
export const close = () => command('ops-anna', 'close', {});
export const stock = (counts: Record<string, number>, origin = 'store-lyon') =>
  command(origin, 'stock', { items: Object.entries(counts).map(([sku, quantity]) => ({ sku, quantity })) });
export const adjust = (deltas: Record<string, number>, origin = 'store-lyon') =>
  command(origin, 'adjust', { items: Object.entries(deltas).map(([sku, delta]) => ({ sku, delta })) });

/** Line ids are the skus. */
const linesOf = (units: Record<string, number>) =>
  Object.entries(units).map(([sku, quantity]) => ({ line: sku, sku, quantity }));
export const reserve = (order: string, units: Record<string, number>) =>
  from('order', 'reserve', { order, fulfilment: `${order}-1`, lines: linesOf(units) });
export const leaving = (
  name: 'release' | 'short' | 'hand-over' | 'late-hand-over',
  order: string,
  units: Record<string, number>,
) => from('order', name, { fulfilment: `${order}-1`, lines: linesOf(units) });
export const restock = (units: Record<string, number>) =>
  from('return', 'restock', {
    return: 'R1',
    order: 'A1',
    items: linesOf(units).map(({ sku, quantity }) => ({ sku, quantity })),
  });
