/** Every code that a store can refuse a command with. A code without a row fails. */
import { expect, test } from 'vitest';
import type { RefusalCode } from '../../../protocols/refusals.ts';
import { codesOf, type Said } from '../../fixture/chart-scenario.ts';
import { adjust, close, FRANCHISE, open, shop, stock } from './shop.ts';

interface Row {
  claim: string;
  given?: Said[];
  when: Said;
  id?: string;
}

const { payoutAccount: _, ...UNPAID } = FRANCHISE;
const { commission: __, ...UNRATED } = FRANCHISE;

const ROWS: Partial<Record<RefusalCode, Row[]>> = {
  'invalid-id': [{ claim: 'a store is called as it speaks', when: open(), id: 'lyon' }],
  'not-allowed': [
    { claim: 'a store counts its own stock only', given: [open()], when: stock({ hat: 1 }, 'store-paris') },
    { claim: 'a store adjusts its own stock only', given: [open()], when: adjust({ hat: 1 }, 'store-paris') },
  ],
  'invalid-payload': [
    { claim: 'a franchise has a payout account', when: open(UNPAID) },
    { claim: 'a franchise has a commission', when: open(UNRATED) },
    { claim: 'a commission is not more than the sale', when: open({ ...FRANCHISE, commission: '1.01' }) },
  ],
  'unknown-store': [{ claim: 'nobody opened it', when: stock({ hat: 1 }) }],
  'wrong-state': [{ claim: 'it is closed already', given: [open(), close()], when: close() }],
  'below-zero': [{ claim: 'less than none', given: [open(), stock({ hat: 2 })], when: adjust({ hat: -3 }) }],
};

for (const [code, rows] of Object.entries(ROWS)) {
  test.each(rows)(`${code}: $claim`, ({ given = [], when, id }) => {
    const before = shop(id).given(...given);
    const record = before.snapshot && before.charted.record;
    before.when(when).refuses(code as RefusalCode);
    expect(before.snapshot && before.charted.record).toBe(record);
  });
}

test('every code of a store has a row', () => {
  const fromChart = ['wrong-state'];
  expect(Object.keys(ROWS).sort()).toEqual([...codesOf('store'), ...fromChart].sort());
});

test('an invalid franchise is told the path of the field', () => {
  expect(shop().when(open(UNRATED)).last).toMatchObject({
    refusal: { reason: 'commission: a franchise must have one' },
  });
});
