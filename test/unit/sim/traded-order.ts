/** An order whose goods were shipped by two franchises and of which one came back, and all that is said of it: nothing is wrong with it. */
import { create, type Draft } from 'mutative';
import { createOrder } from '../../../actors/order/order.ts';
import type { AttributionRow } from '../../../protocols/attribution.ts';
import type { Journal, JournalRow } from '../../../supervisor/gateway/simulator-journal.ts';
import type { StoredOrder } from '../../sim/order-invariants.ts';
import { A, assignedBase, B, claimed, confirmed, declared, POLICY } from '../order/scenario.ts';

export const NOW = Date.parse('2026-11-23T09:00:00Z');

function traded(): { order: StoredOrder; rows: readonly AttributionRow[] } {
  const scenario = assignedBase().given(
    ...[A.ready(), confirmed('A1001-c1'), confirmed('A1001-p1'), A.ship()],
    ...[B.ready(), confirmed('A1001-c2'), confirmed('A1001-p2'), B.ship()],
    ...[declared('R1', { '1': 1 }), claimed('R1', { '1': [1, 0] }), confirmed('A1001-r1'), confirmed('A1001-b1')],
  );
  if (!scenario.snapshot) throw new Error('there is no order');
  const { record, state } = createOrder(POLICY).read(scenario.snapshot);
  return { order: { ...record, state }, rows: scenario.rows };
}

export const { order: ORDER, rows: ROWS } = traded();

/** What it returns says nothing. */
export type Edit = (order: Draft<StoredOrder>) => unknown;

export const changed = (edit: Edit): StoredOrder =>
  create(ORDER, (order) => {
    edit(order);
  });

/** For what is there in the order above. */
export function of<T>(list: T[] | undefined, position: number): T {
  const found = list?.[position];
  if (found === undefined) throw new Error(`nothing at ${position}`);
  return found;
}

/** What the provider moved for it. */
export const MOVED: readonly JournalRow[] = ORDER.ledger.map(({ key, kind, amount, party }) => {
  const call = { key, kind: kind as JournalRow['kind'], order: ORDER.id, amount, currency: 'EUR', party };
  return { ...call, transaction: 'pi_3Px', outcome: 'ok' as const, at: '2026-11-22T10:00:00.000Z' };
});

export const journal = (moved: readonly JournalRow[] = MOVED, calls: readonly JournalRow[] = moved): Journal => {
  return { calls: [...calls], moved: [...moved], totals: [], size: { calls: calls.length, moved: moved.length } };
};
