import { describe, expect, test } from 'vitest';
import { reconcile } from '../../../supervisor/demo/books.ts';
import { type Found, holds } from '../../soak/verify.ts';

const rows: Found['rows'] = { rows: 3, gross: 0, moved: 0, differing: [] };
const sums = { rows: 3, gross: 0, queryMs: { whole: 1, minute: 1 } };
const found: Found = { orders: 2, byState: {}, attention: {}, gatewayCalls: 0, books: reconcile([], []), rows };

describe('the soak', () => {
  test('holds where orders, books, rows and report agree', () => {
    expect(holds(found, sums, 2)).toBe(true);
  });

  test.each<[string, Partial<Found>]>([
    ['an order is not there', { orders: 1 }],
    ['the journal tells another story of an order', { books: { ...found.books, differing: ['A'] } }],
    ['the rows tell another story of an order', { rows: { ...rows, differing: ['A'] } }],
    ['the rows sum to something else than was moved', { rows: { ...rows, gross: 1 } }],
  ])('does not hold where %s', (_, changes) => {
    expect(holds({ ...found, ...changes }, sums, 2)).toBe(false);
  });

  test('does not hold where the report lacks a row, or sums to something else', () => {
    expect(holds(found, { ...sums, rows: 2 }, 2)).toBe(false);
    expect(holds(found, { ...sums, gross: 1 }, 2)).toBe(false);
  });
});
