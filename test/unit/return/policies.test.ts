/** What a retailer's policy decides where the commands are silent. */
import { describe, expect, test } from 'vitest';
import type { Reason } from '../../../actors/return/policy.ts';
import type { ToStore } from '../../../protocols/internal.ts';
import { command } from '../../fixture/chart-scenario.ts';
import { agreed, declared, inspect, parcel, receive, request, requestFor } from './parcel.ts';

const REASONS: Reason[] = [
  { code: 'damaged', name: 'Damaged', windowDays: 730, shipping: true },
  { code: 'too-small', name: 'Too small', fee: 300 },
  { code: 'no-liking', name: 'Not to my liking', fee: 500 },
];

const asked = (reasons: Record<string, string>) =>
  parcel({ reasons: REASONS }).given(
    requestFor(reasons),
    declared(Object.fromEntries(Object.keys(reasons).map((line) => [line, 'store-lyon']))),
    receive(Object.fromEntries(Object.keys(reasons).map((line) => [line, 1]))),
  );
const one = { accepted: 1 };

/** Store and quantity of each restock that was said last. */
const restocked = ({ effects }: ReturnType<typeof parcel>) =>
  effects.flatMap((effect) =>
    effect.effect === 'send' && effect.name === 'restock'
      ? [[effect.id, (effect.payload as ToStore['restock']).items[0]?.quantity]]
      : [],
  );

test.each([
  ['store', undefined],
  ['mail', true],
] as const)('the order is told whether goods came by %s, where a store took them', (by, byMail) => {
  const back = parcel().given(request({ '1': 1 }, undefined, by), declared({ '1': 'store-lyon' }), receive({ '1': 1 }));
  const claim = back.given(inspect({ '1': one })).payloadOf('claim') as { store: string; byMail?: true };
  expect([claim.store, claim.byMail]).toEqual(['store-paris', byMail]);
});

describe('a reason', () => {
  test('has its window, or that of the policy', () => {
    const back = parcel({ reasons: REASONS, windowDays: 14 }).given(requestFor({ '1': 'damaged', '2': 'too-small' }));
    expect(back.payloadOf('declare')).toMatchObject({
      lines: [
        { line: '1', windowDays: 730 },
        { line: '2', windowDays: 14 },
      ],
    });
  });

  test('given when a line was declared is that of the units that come beyond it', () => {
    const windows = [
      { code: 'short', name: 'Short', windowDays: 5 },
      { code: 'long', name: 'Long', windowDays: 50 },
    ];
    const back = parcel({ reasons: windows }).given(requestFor({ '1': 'short' }), declared({ '1': 'store-lyon' }));
    back.given(command('store-paris', 'receive', { lines: [{ line: '1', quantity: 2, reason: 'long' }] }));
    expect(back.payloadOf('declare')).toMatchObject({ lines: [{ line: '1', quantity: 1, windowDays: 5 }] });
  });

  test('keeps its fee once, however its units are inspected', () => {
    const back = asked({ '1': 'too-small', '2': 'too-small', '3': 'no-liking' });
    const fees = ['1', '2', '3'].map((line) => back.given(inspect({ [line]: one })).payloadOf('claim'));
    expect(fees).toMatchObject([
      { fee: 300, fees: [{ reason: 'too-small', amount: 300 }] },
      { fee: 0 },
      { fee: 500, fees: [{ reason: 'no-liking', amount: 500 }] },
    ]);
    expect(fees[1]).not.toHaveProperty('fees');
  });

  test.each([
    ['EUR', 300, 300],
    ['JPY', 300, 500],
    ['KWD', 300, 1000],
    ['CHF', 300, 0],
    // Declared before orders told their currency.
    [undefined, 300, 0],
  ])('keeps its fee in %s: said for every currency %i, by currency %i', (currency, any, listed) => {
    const reasons = [
      { code: 'any', name: 'In any', fee: 300 },
      { code: 'listed', name: 'By currency', fee: { EUR: 300, JPY: 500, KWD: 1000 } },
    ];
    const back = parcel({ reasons }).given(
      requestFor({ '1': 'any', '2': 'listed' }),
      declared({ '1': 'store-lyon', '2': 'store-lyon' }, currency),
      receive({ '1': 1, '2': 1 }),
    );
    const fees = ['1', '2'].map((line) => back.given(inspect({ [line]: one })).payloadOf('claim'));
    expect(fees).toMatchObject([{ fee: any }, { fee: listed }]);
    expect(back.payloadOf('inspected')).toMatchObject({ fee: listed });
  });

  test('goes to the order with its line, where one was given', () => {
    const back = parcel().given(requestFor({ '1': 'too-small' }), declared({ '1': 'store-lyon' }), receive({ '1': 1 }));
    const claim = back.given(inspect({ '1': one })).payloadOf('claim');
    expect(claim).toMatchObject({ lines: [{ line: '1', reason: 'too-small' }] });
    const silent = agreed()
      .given(receive({ '1': 1 }), inspect({ '1': one }))
      .payloadOf('claim');
    expect(silent).toMatchObject({ lines: [{ line: '1', accepted: 1, rejected: 0 }] });
  });

  test('keeps no fee for units that are rejected', () => {
    const back = asked({ '1': 'too-small' }).given(inspect({ '1': { accepted: 0, rejected: 1 } }));
    expect(back.payloadOf('claim')).toMatchObject({ fee: 0 });
  });

  test('gives the shipping fee back with what is accepted for it', () => {
    const back = asked({ '1': 'too-small', '2': 'damaged' });
    expect(back.given(inspect({ '1': one })).payloadOf('claim')).toMatchObject({ refundShipping: false });
    expect(back.given(inspect({ '2': one })).payloadOf('claim')).toMatchObject({ refundShipping: true });
  });

  test('is overruled by the command', () => {
    const back = asked({ '1': 'damaged', '2': 'no-liking' });
    back.given(inspect({ '1': one, '2': one }, 'store-paris', { refundShipping: false, fee: 0 }));
    expect(back.payloadOf('claim')).toMatchObject({ refundShipping: false, fee: 0 });
    expect(back.payloadOf('claim')).not.toHaveProperty('fees');
  });
});

test('where shipping is refunded when all is returned, the order is told so, unless the command decides', () => {
  const back = agreed({ refundShipping: 'when-all-returned' }).given(receive({ '1': 3, '2': 1 }));
  back.given(inspect({ '1': one }));
  expect(back.payloadOf('claim')).toMatchObject({ refundShipping: false, shippingWhenAllReturned: true });
  back.given(inspect({ '2': one }, 'store-paris', { refundShipping: false }));
  expect(back.payloadOf('claim')).not.toHaveProperty('shippingWhenAllReturned');
});

test('units of one line go back to the stores that sent them, in the order in which they are decided', () => {
  const back = parcel({ stockGoesTo: 'sender' }).given(
    request({ '1': 5 }),
    declared({ '1': { 'store-lyon': 2, 'store-nice': 3 } }),
    receive({ '1': 5 }),
  );
  const inspected = (units: object) => restocked(back.given(inspect({ '1': { accepted: 0, ...units } })));
  expect(inspected({ accepted: 1, restock: 1 })).toEqual([['store-lyon', 1]]);
  expect(inspected({ accepted: 2, restock: 2 })).toEqual([
    ['store-lyon', 1],
    ['store-nice', 1],
  ]);
  expect(inspected({ rejected: 1 })).toEqual([]);
  expect(inspected({ accepted: 1, restock: 1 })).toEqual([['store-nice', 1]]);
});

test('a unit that is rejected is one of its sender: the next is that of the next', () => {
  const back = parcel({ stockGoesTo: 'sender' }).given(
    request({ '1': 2 }),
    declared({ '1': { 'store-lyon': 1, 'store-nice': 1 } }),
    receive({ '1': 2 }),
    inspect({ '1': { accepted: 0, rejected: 1 } }),
  );
  expect(restocked(back.given(inspect({ '1': { accepted: 1, restock: 1 } })))).toEqual([['store-nice', 1]]);
});

test('units that come beyond what was declared go back to who sent them, after the others', () => {
  const back = parcel({ stockGoesTo: 'sender' }).given(
    request({ '1': 2 }),
    declared({ '1': { 'store-lyon': 1, 'store-nice': 1 } }),
    receive({ '1': 3 }),
    declared({ '1': { 'store-metz': 1 } }),
  );
  expect(restocked(back.given(inspect({ '1': { accepted: 3, restock: 3 } })))).toEqual([
    ['store-lyon', 1],
    ['store-nice', 1],
    ['store-metz', 1],
  ]);
});

test('goods that go to the sender are on his shelf again, whoever took them', () => {
  const back = agreed({ stockGoesTo: 'sender' }).given(receive({ '1': 1, '2': 1 }));
  back.given(inspect({ '1': { accepted: 1, restock: 1 }, '2': { accepted: 1, restock: 1 } }));
  back.says(
    'send claim to order A1',
    'send restock to store store-lyon',
    'send restock to store store-warehouse',
    'event inspected',
  );
  expect(back.payloadOf('claim')).toMatchObject({ store: 'store-paris' });
});
