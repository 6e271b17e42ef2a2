/** A return in tests: a scenario, and what is said to it. */
import { returnActor } from '../../../actors/return/return.ts';
import { ChartScenario, command, from, type Said } from '../../fixture/chart-scenario.ts';

export const parcel = () => new ChartScenario(returnActor, 'R1');

const linesOf = (units: Record<string, number>) =>
  Object.entries(units).map(([line, quantity]) => ({ line, quantity }));

export const request = (units: Record<string, number>, id?: string, by: 'store' | 'mail' = 'store') =>
  command('channel-web', 'request', { order: 'A1', lines: linesOf(units), by }, id);

/** Line `n` is of the sku `sku-n`. */
export const declared = (senders: Record<string, string>): Said =>
  from('order', 'declared', {
    lines: Object.entries(senders).map(([line, store]) => ({ line, sku: `sku-${line}`, store })),
  });

export const declareRefused = (code = 'exceeds-handed-over'): Said =>
  from('order', 'declare-refused', { code, reason: 'line 1: 2 of 1' });

export const receive = (units: Record<string, number>, origin = 'store-paris') =>
  command(origin, 'receive', { lines: linesOf(units) });

export interface Decided {
  accepted: number;
  rejected?: number;
  restock?: number;
}

export const inspect = (decided: Record<string, Decided>, origin = 'store-paris', terms: object = {}) =>
  command(origin, 'inspect', {
    lines: Object.entries(decided).map(([line, units]) => ({ line, ...units })),
    ...terms,
  });

export const cancel = () => command('channel-web', 'cancel', { reason: 'changed my mind' });

/** Three units of line 1, sent by Lyon, and one of line 2, sent by the warehouse. */
export const agreed = () =>
  parcel().given(request({ '1': 3, '2': 1 }), declared({ '1': 'store-lyon', '2': 'store-warehouse' }));
