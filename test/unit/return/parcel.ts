/** A return in tests: a scenario, and what is said to it. */
import type { ReturnPolicy } from '../../../actors/return/policy.ts';
import { createReturn } from '../../../actors/return/return.ts';
import { DEFAULT_RETURNS } from '../../../supervisor/node/returns-config.ts';
import { ChartScenario, command, from, type Said } from '../../fixture/chart-scenario.ts';

export const parcel = (policy: Partial<ReturnPolicy> = {}) =>
  new ChartScenario(createReturn({ ...DEFAULT_RETURNS, ...policy }), 'R1');

const linesOf = (units: Record<string, number>) =>
  Object.entries(units).map(([line, quantity]) => ({ line, quantity }));

export const request = (
  units: Record<string, number>,
  id?: string,
  by: 'store' | 'mail' = 'store',
  origin = 'channel-web',
) => command(origin, 'request', { order: 'A1', lines: linesOf(units), by }, id);

/** line → reason; one unit of each. */
export const requestFor = (reasons: Record<string, string>) => {
  const lines = Object.entries(reasons).map(([line, reason]) => ({ line, quantity: 1, reason }));
  return command('channel-web', 'request', { order: 'A1', lines, by: 'store' });
};

/** line → store of one unit, or store → quantity. Line `n` is of the sku `sku-n`. */
export const declared = (senders: Record<string, string | Record<string, number>>, currency?: string): Said =>
  from('order', 'declared', {
    ...(currency === undefined ? {} : { currency }),
    lines: Object.entries(senders).flatMap(([line, sent]) =>
      Object.entries(typeof sent === 'string' ? { [sent]: 1 } : sent).map(([store, quantity]) => {
        return { line, sku: `sku-${line}`, store, quantity };
      }),
    ),
  });

export const declareRefused = (code = 'exceeds-handed-over'): Said =>
  from('order', 'declare-refused', { code, reason: 'line 1: 2 of 1' });

export const receive = (units: Record<string, number>, origin = 'store-paris', id?: string) =>
  command(origin, 'receive', { lines: linesOf(units) }, id);

export const handBack = (units: Record<string, number>, origin = 'store-paris') =>
  command(origin, 'hand-back', { lines: linesOf(units) });

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

export const cancel = (origin = 'channel-web') => command(origin, 'cancel', { reason: 'changed my mind' });

/** Three units of line 1, sent by Lyon, and one of line 2, sent by the warehouse. */
export const agreed = (policy: Partial<ReturnPolicy> = {}) =>
  parcel(policy).given(
    request({ '1': 3, '2': 1 }),
    declared({ '1': { 'store-lyon': 3 }, '2': { 'store-warehouse': 1 } }),
  );
