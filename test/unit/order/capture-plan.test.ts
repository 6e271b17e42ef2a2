/** When money is taken, by what the method can do; each with its reason. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Capability } from '../../../protocols/capability.ts';
import { wrongFigures } from '../explain/wrong-figures.ts';
import { auditOf } from '../reconcile/audit-of.ts';
import {
  A,
  assignedBase,
  B,
  BASE,
  bothAccept,
  by,
  confirmed,
  failed,
  ops,
  paymentOf,
  plan,
  reserved,
  type Scenario,
  scenario,
  shop,
  simple,
} from './scenario.ts';

const ONCE: Partial<Capability> = { captures: 1 };
const RELEASING: Partial<Capability> = { partialReleasesRest: true };
const WHOLE: Partial<Capability> = { delayedCapture: 'full' };

/** BASE, paid by a method of these abilities. */
const base = (capability: Partial<Capability>): Scenario =>
  scenario('A1001')
    .given(shop.place(BASE))
    .withTender(0, capability)
    .given(...bothAccept('A1001'));

const asked = (order: Scenario) =>
  order.requests.filter(({ kind }) => kind !== 'payout').map(({ key, amount }) => `${key} ${amount}`);

test('a method of many captures takes each parcel when it is ready', () => {
  const order = base({}).given(A.ready(), B.ready());
  order.ledger('A1001-c1 8814 requested', 'A1001-c2 4166 requested');
  expect(order.view.capturing).toEqual([
    'A1001-1: 88.14 EUR captured; as it is ready',
    'A1001-2: 41.66 EUR captured; as it is ready',
  ]);
});

describe.each([
  ['of one capture', ONCE],
  ['that releases the rest', RELEASING],
  ['that captures the whole only', WHOLE],
])('a method %s', (_, capability) => {
  test('pain 6: waits for the rest of the order, and takes all of it once', () => {
    const order = base(capability).when(A.ready());
    order.says('event ready').shows({ fulfilments: [{ state: 'ready', funds: 'awaiting-funds' }, {}], ledger: [] });
    order.when(A.ship()).refuses('not-funded');
    expect(order.last).toMatchObject({
      refusal: { reason: expect.stringMatching(/^A1001-1: awaits funds: visa can be captured once, so/) },
    });
    order.when(B.ready()).says('event ready', 'gateway A1001-c1 12980');
    order.given(confirmed('A1001-c1'), confirmed('A1001-p1'), confirmed('A1001-p2'), A.ship(), B.ship());
    order.shows({
      state: 'fulfilled',
      totals: { captured: 12980, voided: 0, attributed: 10928 },
      fulfilments: [{ captured: 8814 }, { captured: 4166 }],
    });
    expect(order.view.fulfilments[0]).not.toHaveProperty('funds');
    expect(order.view.capturing.at(-1)).toBe('A1001-1, A1001-2: 129.80 EUR captured; together, as the last capture');
  });

  test('pain 7: takes what is ready as soon as nothing else can become ready', () => {
    const order = base(capability).given(A.ready(), B.decline());
    expect(asked(order)).toEqual([]);
    order.when(plan({}, { '2': 1 }));
    expect(asked(order)[0]).toMatch(/^A1001-c1 (8814|12980)$/);
    order.given(confirmed('A1001-c1'));
    const { captured, voided, authorised } = order.view.totals;
    expect(captured + voided + rest(order)).toBe(authorised);
  });

  test('is voided whole when nothing will be captured', () => {
    const order = base(capability).given(A.ready());
    order.when(shop.cancel()).shows({ state: 'cancelled', ledger: [{ kind: 'void', amount: 12980 }] });
  });

  test('takes its part at once where that is all it has', () => {
    const { payment: _, ...unpaid } = simple(2, 5000);
    const card = paymentOf(BASE);
    const payments = [
      { ...card, method: 'gift-card', transaction: 'gift_1', authorised: 5000 },
      { ...card, authorised: 5000 },
    ];
    const order = scenario()
      .given(shop.place({ ...unpaid, payments }))
      .withTender(0, capability)
      .given(plan({ 'store-a': { '1': 2 } }), reserved('A1-1'));
    order.given(A.ready('A1-1', { '1': 1 })).ledger('A1-c1 5000 requested');
  });
});

/** What is asked to be voided and not confirmed yet. */
const rest = (order: Scenario) =>
  order.view.ledger.reduce(
    (sum, { kind, state, amount }) => (kind === 'void' && state !== 'confirmed' ? sum + amount : sum),
    0,
  );

test('pain 3: what a single capture leaves is voided when it is confirmed, not before', () => {
  const order = base(ONCE).given(A.ready(), B.decline(), plan({}, { '2': 1 }));
  expect(asked(order)).toEqual(['A1001-c1 8814']);
  const excess = scenario()
    .given(shop.place({ ...simple(1, 1000), payment: { ...paymentOf(BASE), authorised: 1500 } }))
    .withTender(0, ONCE)
    .given(plan({ 'store-a': { '1': 1 } }), reserved('A1-1'), A.ready());
  excess
    .ledger('A1-c1 1000 requested')
    .when(confirmed('A1-c1'))
    .says('event captured', 'gateway A1-v1 500', 'gateway A1-p1 875');
});

test('pain 4: what the provider released itself is not voided again, and is in the books', () => {
  const order = base(RELEASING).given(A.ready(), B.decline(), plan({}, { '2': 1 }));
  expect(asked(order)).toEqual(['A1001-c1 8814']);
  order.when(confirmed('A1001-c1')).says('event captured', 'event voided', 'gateway A1001-p1 7283');
  order.shows({
    totals: { captured: 8814, voided: 4166 },
    ledger: [{}, { entry: 'A1001-v1', state: 'confirmed', released: true, gatewayReference: 'ref-A1001-c1' }, {}],
  });
  order.given(confirmed('A1001-p1'));
  expect([auditOf(order), wrongFigures(order)]).toEqual([[], []]);
});

test('a method that captures the whole only gives the rest back at once, and says so', () => {
  const order = base(WHOLE).given(A.ready(), B.decline(), plan({}, { '2': 1 }));
  expect(asked(order)).toEqual(['A1001-c1 12980']);
  expect(order.view.capturing.at(-1)).toContain('41.66 EUR of it refunded at once');
  order.when(confirmed('A1001-c1')).says('event captured', 'gateway A1001-r1 4166', 'gateway A1001-p1 7283');
  order.given(confirmed('A1001-r1'), confirmed('A1001-p1'), A.ship());
  order.shows({ state: 'fulfilled', totals: { captured: 12980, refunded: 4166, attributed: 7283 } });
  order.when(ops.refund(8815)).refuses('exceeds-captured').given(ops.refund(8814));
});

test('pain 5: the last captures are merged when the method has no more of them', () => {
  const units = simple(4, 1000);
  const order = scenario()
    .given(shop.place(units))
    .withTender(0, { captures: 2 })
    .given(plan({ 'store-a': { '1': 3 }, 'store-b': { '1': 1 } }), reserved('A1-1'), reserved('A1-2'));
  order.given(A.ready('A1-1', { '1': 1 }), A.ready('A1-1', { '1': 1 }));
  order.ledger('A1-c1 1000 requested');
  expect(order.view.capturing.at(-1)).toContain('visa has one capture left of 2');
  order.given(B.ready()).ledger('A1-c1 1000 requested');
  order.given(A.ready()).ledger('A1-c1 1000 requested', 'A1-c2 3000 requested');
});

test('a capture that failed gives its turn back', () => {
  const order = base({ captures: 2 }).given(A.ready(), failed('A1001-c1'), B.ready());
  order.ledger('A1001-c1 8814 failed', 'A1001-c2 4656 requested');
});

test('each tender has its own say: the card may wait while the gift card could pay', () => {
  const { payment: _, ...unpaid } = BASE;
  const card = paymentOf(BASE);
  const payments = [
    { ...card, method: 'gift-card', transaction: 'gift_1', authorised: 5000 },
    { ...card, method: 'klarna', authorised: 7980 },
  ];
  const order = scenario()
    .given(shop.place({ ...unpaid, payments }))
    .withTender(1, WHOLE)
    .given(...bothAccept('A1'));
  order.given(B.ready()).ledger('A1-c1 4656 requested');
  order.given(A.ready()).ledger('A1-c1 4656 requested', 'A1-c2 344 requested', 'A1-c3 7980 requested');
  const waiting = scenario()
    .given(shop.place({ ...unpaid, payments }))
    .withTender(1, WHOLE)
    .given(...bothAccept('A1'), A.ready());
  waiting.ledger().shows({ fulfilments: [{ funds: 'awaiting-funds' }, {}] });
  waiting.given(shop.cancel({ lines: [{ line: '2', quantity: 1 }] }));
  waiting.ledger('A1-c1 5000 requested', 'A1-c2 7980 requested').given(confirmed('A1-c1'));
  waiting.when(confirmed('A1-c2')).says('event captured', 'gateway A1-r1 4166', 'gateway A1-p1 7283');
});

test('what is ready and waits is cancelled without a trace of money', () => {
  const order = base(ONCE).given(A.ready());
  order.when(shop.cancel({ lines: [{ line: '1', quantity: 1 }] }));
  order.ledger('A1001-v1 8324 requested').when(B.ready()).says('event ready', 'gateway A1001-c1 4656');
});

test('a held order takes no money, and takes it on release', () => {
  const order = base(ONCE).given(A.ready(), ops.hold(), shop.cancel({ lines: [{ line: '2', quantity: 1 }] }));
  order
    .ledger('A1001-v1 4166 requested')
    .when(ops.release())
    .says('event released', 'event funding', 'gateway A1001-c1 8814');
});

test('what settled at once is never captured, and its shares go out when the goods are ready', () => {
  const settled = { ...BASE, payment: { ...paymentOf(BASE), captured: 12980 } };
  const order = scenario()
    .given(shop.place(settled))
    .withTender(0, { delayedCapture: 'none' })
    .given(plan({ 'store-a': { '1': 1 } }, { '2': 1 }), reserved('A1-1'));
  order.when(A.ready()).says('event ready', 'gateway A1-p1 7283');
  expect(order.requests.filter(({ kind }) => kind === 'capture')).toEqual([]);
  expect(order.view.capturing).toEqual(['A1-1: 83.24 EUR was paid before: nothing to capture']);
});

test('the reason is said once, however often the step is looked at', () => {
  const order = base(ONCE).given(A.ready(), ops.hold(), ops.release());
  expect(order.view.capturing).toHaveLength(3);
});

test('goods that can not be paid are funded as soon as they can', () => {
  const order = assignedBase().when({ ...A.ready(), afterMs: 8 * 24 * 3600_000 });
  order
    .raises('authorisation-expired', 'payment-requested')
    .withTender(0, {}, { captureBefore: '2027-01-01T00:00:00Z' });
  order.when(B.ready());
  order.says('event ready', 'gateway A1001-c1 8814', 'gateway A1001-c2 4166', 'event payment-request-withdrawn');
  order.raises();
});

/** Parcels of one unit, one at each store. */
const PARCELS = [0, 1, 2, 3];
const PRICES = [1999, 4500, 333, 10];

function parcels(capability: Partial<Capability>): Scenario {
  const { discount: _, shipping: __, ...rest } = BASE;
  const lines = PARCELS.map((n) => ({
    line: `${n}`,
    sku: `S${n}`,
    quantity: 1,
    unitPrice: PRICES[n] ?? 0,
    taxRate: '0.2',
  }));
  const payment = { ...paymentOf(BASE), authorised: PRICES.reduce((sum, price) => sum + price, 0) };
  return scenario('A1')
    .given(shop.place({ ...rest, lines, payment }))
    .withTender(0, capability)
    .given(
      plan(Object.fromEntries(PARCELS.map((n) => [`store-${n}`, { [n]: 1 }]))),
      ...PARCELS.map((n) => reserved(`A1-${n + 1}`)),
    );
}

const ABILITIES = fc.record({
  captures: fc.integer({ min: 1, max: 3 }),
  delayedCapture: fc.constantFrom<Capability['delayedCapture']>('partial', 'full'),
  partialReleasesRest: fc.boolean(),
});

test('whatever becomes ready, in whatever order, all of it is captured, in no more captures than the method has', () => {
  const decided = fc.tuple(
    fc.shuffledSubarray(PARCELS, { minLength: PARCELS.length }),
    fc.array(fc.boolean(), { minLength: PARCELS.length, maxLength: PARCELS.length }),
    fc.boolean(),
  );
  fc.assert(
    fc.property(ABILITIES, decided, (capability, [sequence, isReady, confirmsAtOnce]) => {
      const order = parcels(capability);
      const { authorised } = order.view.totals;
      const most = capability.delayedCapture === 'full' || capability.partialReleasesRest ? 1 : capability.captures;
      const confirmAll = () => {
        for (let open = requested(order); open.length > 0; open = requested(order)) {
          for (const { entry } of open) order.given(confirmed(entry));
        }
      };
      let ready = 0;
      for (const n of sequence) {
        const store = by(`store-${n}`);
        if (isReady[n]) order.given(store.ready());
        else order.given(shop.cancel({ lines: [{ line: `${n}`, quantity: 1 }] }));
        if (isReady[n]) ready += PRICES[n] ?? 0;
        if (confirmsAtOnce) confirmAll();
        const captures = order.requests.filter(({ kind }) => kind === 'capture');
        expect(captures.length).toBeLessThanOrEqual(most);
        expect(captures.reduce((sum, { amount }) => sum + amount, 0)).toBeLessThanOrEqual(authorised);
      }
      confirmAll();
      const { captured, refunded, voided } = order.view.totals;
      expect(captured - refunded).toBe(ready);
      expect(captured + voided).toBe(authorised);
      expect(order.view.fulfilments.reduce((sum, of) => sum + of.captured, 0)).toBe(ready);
      // The whole only: no rest of a capture is voided.
      const kinds = order.requests.map(({ kind }) => kind);
      if (capability.delayedCapture === 'full' && ready > 0)
        expect(kinds.lastIndexOf('void')).toBeLessThan(kinds.indexOf('capture'));
      expect(wrongFigures(order)).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

const requested = ({ view }: Scenario) => view.ledger.filter(({ state }) => state === 'requested');
