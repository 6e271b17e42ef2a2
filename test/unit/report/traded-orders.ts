/** Orders for replays: the same messages whatever the rules are, and the rows that they end in. */
import fc from 'fast-check';
import type { OrderCommands } from '../../../protocols/commands.ts';
import type { RuleBook } from '../../../protocols/commission.ts';
import type { StoreTerms } from '../../../protocols/sourcing.ts';
import {
  by,
  COMPANY,
  claimed,
  confirmed,
  declared,
  FRANCHISE,
  failed,
  failedLate,
  ops,
  paymentOf,
  plan,
  reserved,
  type Scenario,
  scenario,
  shop,
  simple,
  told,
} from '../order/scenario.ts';

const TERMS: Readonly<Record<string, StoreTerms>> = {
  'store-a': FRANCHISE,
  'store-b': { ...FRANCHISE, commission: '0.08' },
  'store-c': FRANCHISE,
  'store-d': COMPANY,
};
const PREPARING = ['store-a', 'store-b', 'store-d'] as const;
const LINES = [
  { line: '1', quantity: 4, category: 'lamps' },
  { line: '2', quantity: 3, category: 'chairs' },
];

interface Story {
  placedAt: string;
  shipping: 'first-ready' | 'pro-rata';
  isSettled: boolean;
  prices: readonly [number, number];
  fee: number;
  /** By store, units of each line. */
  split: readonly (readonly [number, number])[];
  /** Before what is left is delivered, and after it. */
  before: readonly Step[];
  after: readonly Step[];
}

const doing = (...what: readonly What[]) =>
  fc.record({
    what: fc.constantFrom(...what),
    store: fc.nat(2),
    line: fc.constantFrom('1', '2'),
    takenBy: fc.constantFrom(...Object.keys(TERMS), undefined),
    refundShipping: fc.boolean(),
    amount: fc.integer({ min: 1, max: 900 }),
  });
type What = 'ready' | 'ship' | 'claim' | 'cancel' | 'goodwill' | 'lose' | 'refuse';
type Step = ReturnType<typeof doing> extends fc.Arbitrary<infer Of> ? Of : never;

export const story: fc.Arbitrary<Story> = fc.record({
  placedAt: fc.constantFrom('2026-11-20T09:00:00Z', '2026-11-22T08:00:00Z'),
  shipping: fc.constantFrom('first-ready', 'pro-rata'),
  isSettled: fc.boolean(),
  prices: fc.tuple(fc.integer({ min: 1001, max: 2999 }), fc.integer({ min: 1001, max: 2999 })),
  fee: fc.integer({ min: 1, max: 60 }),
  split: fc.constantFrom(
    [
      [4, 0],
      [0, 3],
    ] as const,
    [
      [2, 1],
      [1, 1],
      [1, 1],
    ] as const,
    [
      [0, 3],
      [4, 0],
    ] as const,
  ),
  before: fc.array(doing('ready', 'ready', 'ship', 'claim', 'cancel', 'goodwill', 'lose', 'refuse'), { maxLength: 6 }),
  after: fc.array(doing('claim', 'claim', 'claim', 'goodwill', 'lose'), { minLength: 1, maxLength: 5 }),
});

function placing({ placedAt, prices, fee, isSettled }: Story): OrderCommands['place'] {
  const lines = LINES.map((line, index) => ({
    ...line,
    sku: `S${line.line}`,
    unitPrice: prices[index] ?? 0,
    taxRate: '0.07',
  }));
  const authorised = lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, fee);
  const paid = isSettled ? { method: 'ideal', captured: authorised } : {};
  return simple(1, 1, {
    placedAt,
    lines,
    shipping: { amount: fee, taxRate: '0.2' },
    payment: { ...paymentOf(simple(1, 1)), authorised, ...paid },
  });
}

export function traded(id: string, story: Story, rules: RuleBook): Scenario {
  const { shipping, split, before, after } = story;
  const order = scenario(id, { shipping, ruleBook: () => rules }).given(shop.place(placing(story)));
  const parts = split.map((units, index) => [PREPARING[index], units] as const);
  const unitsOf = (units: readonly number[]) =>
    Object.fromEntries(units.flatMap((count, index) => (count > 0 ? [[`${index + 1}`, count]] : [])));
  order.given(plan(Object.fromEntries(parts.map(([store, units]) => [store, unitsOf(units)]))));
  order.given(...parts.map(([store = ''], index) => reserved(`${id}-${index + 1}`, TERMS[store])));
  const delivering = parts.flatMap((_, store) => [
    { ...PLAIN, store },
    { ...PLAIN, what: 'ship' as const, store },
  ]);
  [...before, ...delivering, ...after].forEach((next, index) => {
    take(order, next, `${id}-R${index}`);
    settle(order, next);
  });
  return order;
}

const PLAIN: Step = { what: 'ready', store: 0, line: '1', takenBy: undefined, refundShipping: false, amount: 1 };

function take(order: Scenario, next: Step, returned: string): void {
  const { what, store, line, takenBy, amount } = next;
  const fulfilment = `${order.id}-${store + 1}`;
  const speaker = by(PREPARING[store] ?? '');
  if (what === 'ready') order.when(speaker.ready(fulfilment, amount % 2 === 0 ? { [line]: 1 } : undefined));
  if (what === 'ship') order.when(speaker.ship(fulfilment));
  if (what === 'cancel') order.when(shop.cancel({ lines: [{ line, quantity: 1 + (amount % 3) }] }));
  if (what === 'goodwill') order.when(ops.refund(1 + (amount % 50), line));
  if (what === 'lose') {
    const captured = order.view.ledger.findLast(({ kind, state }) => kind === 'capture' && state === 'confirmed');
    if (captured && order.requests.some(({ key }) => key === captured.entry)) order.when(failedLate(captured.entry));
  }
  if (what === 'claim') giveBack(order, next, returned);
  // A store that was asked for its terms says them at once, or at some later step.
  if (takenBy !== undefined && amount % 4 > 0) {
    order.when(told('store-terms', { store: takenBy, terms: TERMS[takenBy] ?? COMPANY }));
  }
}

function giveBack(order: Scenario, { line, takenBy, refundShipping, amount }: Step, returned: string): void {
  const of = order.view.lines.find((known) => known.line === line);
  const left = (of?.handedOver ?? 0) - (of?.returned ?? 0);
  const units = Math.min(left, 1 + (amount % 2));
  if (units <= 0) return;
  order.given(declared(returned, { [line]: units }));
  const store = takenBy === undefined ? {} : { store: takenBy };
  order.given(claimed(returned, { [line]: [units, 0] }, { refundShipping, fee: amount % 3, ...store }));
}

/** Of the customer's money alone: what stores are paid is another's under other rules. */
function settle(order: Scenario, { what, amount }: Step): void {
  const open = order.view.ledger.find(
    ({ kind, state }) => state === 'requested' && ['capture', 'refund', 'void'].includes(kind),
  );
  if (!open) return;
  const isRefused = what === 'refuse' || (open.kind === 'refund' && amount % 7 === 0);
  order.when(isRefused ? failed(open.entry) : confirmed(open.entry));
  settle(order, PLAIN);
}
