/** What many lines of one return cost: each list is looked through once, not once for each line. */
import { expect, test } from 'vitest';
import { NOTHING_YET, origins } from '../../../actors/return/declaration.ts';
import { lineOf, type ReturnRecord } from '../../../actors/return/record.ts';

const MANY = 300;
const names = Array.from({ length: MANY }, (_, n) => String(n + 1));

/** Counts how often the name of one of these is read. */
function counted<T extends object>(rest: T): { lines: (T & { line: string })[]; looks: () => number } {
  let looks = 0;
  const lines = names.map((name) => ({
    ...rest,
    get line() {
      looks += 1;
      return name;
    },
  }));
  return { lines, looks: () => looks };
}

test('the lines of a return', () => {
  const { lines, looks } = counted(NOTHING_YET);
  const record = { lines } as unknown as ReturnRecord;
  expect(names.every((name, position) => lineOf(record, name) === lines[position])).toBe(true);
  expect(lineOf(record, 'none')).toBeUndefined();
  expect(looks()).toBeLessThan(3 * MANY);
});

test('what its order tells of them', () => {
  const { lines, looks } = counted({ sku: 'hat', store: 'store-a', quantity: 2 });
  const origin = origins({} as ReturnRecord, { lines });
  const said = { sku: 'hat', sentBy: [{ store: 'store-a', quantity: 2 }] };
  for (const name of names) expect(origin(name)).toEqual(said);
  expect(looks()).toBeLessThan(3 * MANY);
});
