/**
 * Random orders, random clerks, a random gateway: the books hold after every step (invariants.ts, called by the scenario), goods
 * never move backwards and never leave unpaid, and when everything is settled the money is where the goods are.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stepDown } from '../../../actors/money/step.ts';
import type { OrderPolicy, OrderRecord } from '../../../actors/order/record.ts';
import type { AttributionRow } from '../../../protocols/attribution.ts';
import type { Capability } from '../../../protocols/capability.ts';
import type { OrderCommands } from '../../../protocols/commands.ts';
import type { StoreTerms } from '../../../protocols/sourcing.ts';
import type { OrderView } from '../../../protocols/views.ts';
import { wrongFigures } from '../explain/wrong-figures.ts';
import { auditOf } from '../reconcile/audit-of.ts';
import {
  A,
  assignedBase,
  B,
  BASE,
  by,
  COMPANY,
  claimed,
  confirmed,
  declared,
  FRANCHISE,
  ops,
  POLICY,
  paymentOf,
  plan,
  reserved,
  result,
  type Said,
  type Scenario,
  scenario,
  shop,
  told,
} from './scenario.ts';

const STORES = ['store-a', 'store-b', 'store-hq'];
const ORDER_RANK = { held: 0, sourcing: 0, fulfilling: 0, fulfilled: 1, cancelled: 1, closed: 2 } as const;
const WORK_RANK = { offered: 0, accepted: 1, ready: 2, 'handed-over': 3, declined: 3, cancelled: 3 } as const;

/** As often as it is listed: what brings an order forward comes more often than what ends it. */
const WHAT = [
  ...['result', 'result', 'result', 'result', 'result', 'result', 'ready', 'ready', 'ready-part', 'ready-part'],
  ...['ship', 'ship', 'ship', 'declare', 'declare', 'claim', 'claim', 'reserved', 'plan', 'accept', 'goodwill'],
  ...['cancel-some', 'decline', 'short-pick', 'nobody', 'hold', 'release', 'release', 'cancel-all'],
] as const;

interface Choice {
  what: (typeof WHAT)[number];
  which: number;
  count: number;
}

const choice = fc.record({
  what: fc.noBias(fc.constantFrom(...WHAT)),
  which: fc.noBias(fc.nat(1000)),
  count: fc.integer({ min: 1, max: 3 }),
});
/** Long ones: most of what can happen to an order needs a dozen steps before it. */
const manyChoices = fc.array(choice, { minLength: 20, maxLength: 80, size: 'max' });

interface Wanted {
  lines: { quantity: number; unitPrice: number; taxRate: string }[];
  taxIncluded: boolean;
  discount: number;
  shipping: number;
  excess: number;
  settled: boolean;
  method: Partial<Capability>;
  /** Amounts are multiples of it. */
  step: number;
}

const placing: fc.Arbitrary<Wanted> = fc.record({
  lines: fc.array(
    fc.record({
      quantity: fc.integer({ min: 1, max: 5 }),
      unitPrice: fc.integer({ min: 0, max: 3000 }),
      taxRate: fc.constantFrom('0.2', '0.08875', '0'),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  taxIncluded: fc.boolean(),
  discount: fc.nat(500),
  shipping: fc.nat(900),
  excess: fc.constantFrom(0, 0, 777),
  settled: fc.boolean(),
  method: fc.constantFrom<Partial<Capability>>(
    {},
    { captures: 1 },
    { captures: 2 },
    { partialReleasesRest: true },
    { delayedCapture: 'full' },
  ),
  step: fc.constantFrom(1, 1, 10, 100),
});

const policyOf = ({ step, shipping }: Wanted): Pick<OrderPolicy, 'capabilityOf' | 'shipping'> => ({
  shipping: shipping % 2 === 0 ? 'first-ready' : 'pro-rata',
  capabilityOf: (account, method) => {
    const capability = POLICY.capabilityOf(account, method);
    return capability && { ...capability, amountStep: { EUR: step } };
  },
});

function orderOf(wanted: Wanted): OrderCommands['place'] {
  const lines = wanted.lines.map((line, index) => ({ ...line, line: `${index + 1}`, sku: `S${index}` }));
  const value = lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
  const place = {
    ...BASE,
    lines,
    taxIncluded: wanted.taxIncluded,
    discount: Math.min(wanted.discount, value),
    shipping: { amount: wanted.shipping, taxRate: '0.2' },
    payment: { ...paymentOf(BASE), authorised: 1_000_000_000 },
  };
  const ordered = scenario('probe').given(shop.place(place)).view.totals.ordered;
  const authorised = stepDown(ordered + wanted.excess, wanted.step);
  return {
    ...place,
    payment: { ...place.payment, authorised, captured: wanted.settled ? authorised : 0 },
  };
}

/** What somebody could say now; not all of it is sensible. */
function next(
  order: Scenario,
  { what, which, count }: Choice,
  outcomes: ('confirmed' | 'failed' | 'unknown')[],
): Said | undefined {
  const { view } = order;
  const pick = <T>(list: readonly T[]): T | undefined => list[which % Math.max(1, list.length)];
  const pending = view.ledger.filter(({ state }) => state === 'requested' || state === 'unknown');
  const fulfilment = pick(order.offers);
  const line = pick(view.lines);
  const clerk = by(fulfilment?.store ?? 'store-a');
  const units = line ? { [line.line]: count } : {};
  switch (what) {
    case 'result': {
      const entry = pick(pending);
      const outcome = outcomes[count % outcomes.length];
      return entry && outcome ? result(entry.entry, outcome) : undefined;
    }
    case 'plan':
      return plan({ [STORES[which % 3] ?? '']: units, [STORES[count % 3] ?? '']: units });
    case 'nobody':
      return plan({}, units);
    case 'reserved':
      return fulfilment && reserved(fulfilment.fulfilment, termsOf(fulfilment.store), count > 1);
    case 'accept':
      return clerk.accept(fulfilment?.fulfilment);
    case 'ready':
      return clerk.ready(fulfilment?.fulfilment);
    case 'ready-part':
      return clerk.ready(fulfilment?.fulfilment, units);
    case 'ship':
      return clerk.ship(fulfilment?.fulfilment);
    case 'decline':
      return clerk.decline(fulfilment?.fulfilment);
    case 'short-pick':
      return clerk.shortPick(units, fulfilment?.fulfilment);
    case 'cancel-some':
      return shop.cancel({ lines: [{ line: line?.line ?? '1', quantity: count }] });
    case 'cancel-all':
      return which % 4 === 0 ? shop.cancel() : undefined;
    case 'declare':
      return declared(`R${which % 2}`, units);
    case 'claim':
      return line && claimOf(order, line.line, which, count);
    case 'goodwill':
      return ops.refund((which % 700) + 1, which % 2 ? line?.line : undefined);
    case 'hold':
      return ops.hold();
    case 'release':
      return ops.release();
  }
}

const termsOf = (store: string): StoreTerms => (store === 'store-hq' ? COMPANY : FRANCHISE);

/** Placed, and its first units with the stores. */
function begun(wanted: Wanted): Scenario {
  const place = orderOf(wanted);
  const most = (part: (quantity: number) => number) =>
    Object.fromEntries(place.lines.map(({ line, quantity }) => [line, part(quantity)]));
  const order = scenario('A1', policyOf(wanted)).given(shop.place(place)).withTender(0, wanted.method);
  order.when(plan({ 'store-a': most((quantity) => Math.ceil(quantity / 2)) }));
  order.when(plan({ 'store-b': most((quantity) => Math.floor(quantity / 2)) }));
  for (const { fulfilment, store } of order.offers) order.given(reserved(fulfilment, termsOf(store)));
  return order;
}

/** A claim on what is declared; a return never decides more than that. */
function claimOf(order: Scenario, line: string, which: number, count: number): Said | undefined {
  const open = declaredOf(order, `R${which % 2}`, line);
  if (open === 0) return undefined;
  const accepted = Math.min(count, open);
  const rejected = which % 3 === 0 ? open - accepted : 0;
  const more = {
    claim: order.now,
    refundShipping: which % 5 === 0,
    fee: which % 4 === 0 && order.view.totals.refunded > 0 ? 100 : 0,
  };
  return claimed(`R${which % 2}`, { [line]: [accepted, rejected] }, more);
}

function declaredOf(order: Scenario, id: string, line: string): number {
  const { returns, items } = recordOf(order);
  const open = returns.find((known) => known.return === id);
  return open?.lines.find((known) => items[known.line]?.line === line)?.declared ?? 0;
}

function recordOf(order: Scenario): OrderRecord {
  return (order.snapshot as unknown as { context: { record: OrderRecord } }).context.record;
}

function step(order: Scenario, said: Said | undefined): void {
  if (!said) return;
  const before = order.view;
  order.when(said);
  neverBackwards(before, order.view);
}

function neverBackwards(before: OrderView, after: OrderView): void {
  expect(ORDER_RANK[after.state]).toBeGreaterThanOrEqual(ORDER_RANK[before.state]);
  before.fulfilments.forEach((was) => {
    const is = after.fulfilments.find(({ fulfilment }) => fulfilment === was.fulfilment);
    if (!is) throw new Error('a fulfilment vanished');
    expect(WORK_RANK[is.state]).toBeGreaterThanOrEqual(WORK_RANK[was.state]);
    if (was.state !== 'handed-over' && is.state === 'handed-over') expect(was.funded).toBe(true);
  });
  before.lines.forEach((was, index) => {
    expect(after.lines[index]?.handedOver).toBeGreaterThanOrEqual(was.handedOver);
    expect(after.lines[index]?.cancelled).toBeGreaterThanOrEqual(was.cancelled);
  });
}

/** No more captures than the method allows; whatever is ready has its money, or a reason why not. */
function plannedWell(view: OrderView, { settled, method }: Wanted): void {
  const { delayedCapture, partialReleasesRest, captures = 1000 } = method;
  const most = delayedCapture === 'full' || partialReleasesRest ? 1 : captures;
  const made = view.ledger.filter(({ kind, state, amount }) => kind === 'capture' && state !== 'failed' && amount > 0);
  expect(made.length).toBeLessThanOrEqual(settled ? 1 : most);
  for (const { fulfilment, funds } of view.fulfilments) {
    if (funds) expect(view.capturing.some((reason) => reason.includes(fulfilment))).toBe(true);
  }
}

/** Nothing is left in transit; nobody pays more than what he keeps is worth, or two steps less: one of captures, one of refunds. */
function roundedWell({ rows, requests }: Scenario, { step }: Wanted): void {
  const sumOf = (of: AttributionRow['movement']) =>
    rows.reduce((sum, { movement, gross }) => (movement === of ? sum + gross : sum), 0);
  expect(sumOf('transit')).toBe(0);
  expect(sumOf('rounding')).toBeLessThanOrEqual(0);
  expect(sumOf('rounding')).toBeGreaterThan(-2 * step);
  for (const { kind, amount } of requests) {
    if (kind === 'capture' || kind === 'refund' || kind === 'void') expect(amount % step).toBe(0);
  }
}

/** Everybody finishes: the order is released, waiting units are given up, the gateway says yes to all. */
function finish(order: Scenario): void {
  if (order.view.state === 'held') order.when(ops.release());
  const nobody = Object.fromEntries(order.view.lines.map(({ line }) => [line, 99]));
  order.when(plan({}, nobody));
  for (const { fulfilment, store } of order.offers) {
    order.when(reserved(fulfilment, termsOf(store)));
    order.when(by(store).ready(fulfilment));
  }
  confirmAll(order);
  for (const { fulfilment, store } of order.view.fulfilments) order.when(by(store).ship(fulfilment));
}

function confirmAll(order: Scenario): void {
  for (let round = 0; round < 50; round++) {
    const open = order.view.ledger.filter(({ state }) => state !== 'confirmed' && state !== 'failed');
    if (open.length === 0) return;
    for (const { entry } of open) order.when(confirmed(entry));
  }
  throw new Error('the gateway is never done');
}

const RUNS = { numRuns: 60, seed: 20261122 };

test('whatever clerks, customers and the gateway do, the books hold and the money ends where the goods are', () => {
  fc.assert(
    fc.property(placing, manyChoices, (wanted, choices) => {
      const order = begun(wanted);
      for (const chosen of choices) {
        step(order, next(order, chosen, ['confirmed', 'confirmed', 'unknown']));
        plannedWell(order.view, wanted);
      }
      finish(order);
      expect(wrongFigures(order)).toEqual([]);
      expect(auditOf(order)).toEqual([]);
      const { totals, state, lines, attention } = order.view;
      expect(attention.filter(({ code }) => code !== 'no-store-can-fulfil')).toEqual([]);
      expect(['fulfilled', 'closed', 'cancelled']).toContain(state);
      expect(totals.open).toEqual({ capture: 0, refund: 0, payout: 0 });
      // Nothing that was authorised is left to chance.
      expect(totals.captured + totals.voided).toBe(totals.authorised);
      if (state === 'cancelled') expect(totals.captured - totals.refunded).toBe(0);
      if (lines.every(({ handedOver }) => handedOver === 0)) expect(totals.attributed).toBe(0);
      const isRefunded = order.requests.some(({ kind }) => kind === 'refund');
      if (!isRefunded && state === 'fulfilled' && lines.every(({ cancelled }) => cancelled === 0)) {
        expect(totals.captured).toBe(stepDown(totals.ordered, wanted.step));
      }
      roundedWell(order, wanted);
    }),
    RUNS,
  );
});

test('a gateway that fails, early or late, breaks no books either', () => {
  fc.assert(
    fc.property(placing, manyChoices, fc.array(fc.nat(30)), (wanted, choices, late) => {
      const order = begun(wanted);
      for (const chosen of choices) step(order, next(order, chosen, ['confirmed', 'failed', 'unknown']));
      for (const index of late) {
        const entry = order.view.ledger[index];
        if (entry && entry.kind !== 'capture') step(order, result(entry.entry, 'failed', 7200));
      }
      finish(order);
      // What failed is done after all; not captures: their units may be voided by now.
      for (const { entry, kind } of order.view.ledger) if (kind !== 'capture') step(order, confirmed(entry, 9000));
      confirmAll(order);
      expect(wrongFigures(order)).toEqual([]);
      expect(auditOf(order)).toEqual([]);
      expect(order.view.totals.open).toEqual({ capture: 0, refund: 0, payout: 0 });
    }),
    RUNS,
  );
});

test('any permutation and duplication of the same news ends in the same money', () => {
  const news = ['A1001-c1', 'A1001-c2', 'A1001-p1', 'A1001-p2'].flatMap((key) => [
    result(key, 'unknown', 100),
    result(key, 'confirmed', 200),
    result(key, 'confirmed', 200),
  ]);
  fc.assert(
    fc.property(fc.shuffledSubarray(news, { minLength: news.length }), (shuffled) => {
      const order = assignedBase().given(A.ready(), B.ready());
      // Until nothing is new: the gateway tells of a payout only when it was asked for one.
      for (const said of [...shuffled, ...shuffled, ...shuffled]) order.when(said);
      expect(order.view.parties).toEqual({ headquarters: 2052, 'store-a': 7283, 'store-b': 3645 });
      expect(order.view.ledger.every(({ state }) => state === 'confirmed')).toBe(true);
    }),
    { ...RUNS, numRuns: 100 },
  );
});

test('returns in any parts and any order give back what was taken, and every share with it', () => {
  const units = fc.array(fc.constantFrom('1', '2'), { minLength: 30, maxLength: 60 });
  fc.assert(
    fc.property(placing, units, (wanted, sequence) => {
      const place = orderOf({ ...wanted, excess: 0, settled: false });
      const order = scenario('A1', policyOf(wanted)).given(shop.place(place));
      const halves = place.lines.flatMap(({ line, quantity }) => [
        { store: 'store-a', line, quantity: Math.ceil(quantity / 2) },
        { store: 'store-b', line, quantity: Math.floor(quantity / 2) },
      ]);
      for (const store of ['store-a', 'store-b']) {
        const own = halves.filter((half) => half.store === store && half.quantity > 0);
        order.when(plan({ [store]: Object.fromEntries(own.map(({ line, quantity }) => [line, quantity])) }));
      }
      finish(order);
      confirmAll(order);
      let claim = 0;
      for (const { line, quantity } of place.lines) {
        order.given(declared(`R${line}`, { [line]: quantity }));
        for (let unit = 0; unit < quantity; unit++) {
          claim++;
          order.given(claimed(`R${line}`, { [line]: [1, 0] }, { claim, refundShipping: sequence[claim] === '1' }));
          if (sequence[claim] === '2') confirmAll(order);
        }
      }
      confirmAll(order);
      const { captured, refunded, attributed } = order.view.totals;
      const shippingBack = sequence.slice(1, claim + 1).includes('1');
      const shipping = shippingBack ? 0 : Math.max(0, order.view.totals.ordered - goods(order.view));
      expect(captured - refunded).toBe(stepDown(shipping, wanted.step));
      roundedWell(order, wanted);
      expect(attributed).toBe(0);
      expect(order.view.state).toBe('closed');
    }),
    { ...RUNS, numRuns: 100 },
  );
});

const goods = (view: OrderView): number => view.lines.reduce((sum, { gross }) => sum + gross, 0);

test('an order that nobody needs to answer for stays answerable: late words of stores are ignored', () => {
  const order = assignedBase().given(shop.cancel());
  order.when(told('offer-expired', { fulfilment: 'A1001-1' })).ignores();
  order.when(told('stock-lost', { fulfilment: 'A1001-1', lines: [{ line: '1', quantity: 1 }] })).ignores();
});
