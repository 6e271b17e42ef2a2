/** Rows of the report for tests: what is not said is an ordinary sale. */
import type { AttributionRow } from '../../../protocols/attribution.ts';

export function row(changes: Partial<AttributionRow> & { row: string }): AttributionRow {
  const { gross = 0, tax = 0, storeShare = 0 } = changes;
  return {
    order: 'A1',
    at: '2026-11-22T09:00:00.000Z',
    movement: 'sale',
    subject: 'line',
    channel: 'web',
    mode: 'ship',
    currency: 'EUR',
    quantity: 1,
    gross,
    net: gross - tax,
    tax,
    discountShare: 0,
    commission: 0,
    storeShare,
    headquartersShare: gross - storeShare,
    settled: 0,
    ...changes,
  };
}
