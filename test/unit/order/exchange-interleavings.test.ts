/** Money rules 2 and 3 over two orders: whatever is said in which order and how often, nothing is won or lost between them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OrderCommands } from '../../../protocols/commands.ts';
import { checkExchange, ExchangedOrders, exchanged } from './exchanged-orders.ts';
import {
  A,
  claimed,
  confirmed,
  declared,
  ops,
  paymentOf,
  plan,
  reserved,
  type Said,
  shop,
  simple,
} from './scenario.ts';

/** Yen have no minor unit, euros two digits of it, dinars three. */
const CURRENCIES = ['JPY', 'EUR', 'KWD'] as const;

const placing = fc.record({
  currency: fc.constantFrom(...CURRENCIES),
  units: fc.integer({ min: 1, max: 4 }),
  unitPrice: fc.integer({ min: 1, max: 9999 }),
  taxRate: fc.constantFrom('0.2', '0.08875', '0'),
  discount: fc.nat(300),
  shipping: fc.nat(500),
});
type Placing = typeof placing extends fc.Arbitrary<infer P> ? P : never;

const choice = fc.record({
  what: fc.constantFrom(
    ...(['claim', 'claim', 'plan', 'ready', 'ship', 'mail', 'mail', 'mail', 'mail', 'goodwill'] as const),
    ...(['result', 'result', 'result', 'cancel-one', 'cancel-rest', 'back'] as const),
  ),
  which: fc.nat(1000),
});
type Choice = typeof choice extends fc.Arbitrary<infer C> ? C : never;

const wanted = fc.record({
  old: placing,
  fresh: placing,
  gifts: fc.boolean(),
  part: fc.integer({ min: 1, max: 100 }),
  security: fc.constantFrom(0, 0, 50, 100),
  saysSo: fc.boolean(),
  placeAfter: fc.nat(12),
  choices: fc.array(choice, { minLength: 15, maxLength: 45, size: 'max' }),
});

function orderOf({ currency, units, unitPrice, taxRate, discount, shipping }: Placing): OrderCommands['place'] {
  const place = simple(units, unitPrice, { currency, discount: Math.min(discount, units * unitPrice - 1) });
  const lines = [{ line: '1', sku: 'S', quantity: units, unitPrice, taxRate }];
  return { ...place, lines, shipping: { amount: shipping, taxRate: '0.2' } };
}

function totalOf(place: OrderCommands['place']): number {
  const payment = { ...paymentOf(place), authorised: 1_000_000 };
  return new ExchangedOrders().given('A1', shop.place({ ...place, payment })).old.view.totals.ordered;
}

/** Sold and with the customer; with two payments where a gift card pays a part. */
function sold(of: Placing, gifts: boolean): ExchangedOrders {
  const place = orderOf(of);
  const total = totalOf(place);
  const payment = { ...paymentOf(place), authorised: total };
  const gift = { ...payment, method: 'gift-card', transaction: 'gift', authorised: Math.floor(total / 3) };
  const { payment: _, ...rest } = place;
  const payments = [gift, { ...payment, authorised: total - gift.authorised }];
  return new ExchangedOrders()
    .given('A1', shop.place(gifts ? { ...rest, payments } : { ...rest, payment }))
    .given('A1', plan({ 'store-a': { '1': of.units } }), reserved('A1-1'), A.ready())
    .confirmAll()
    .given('A1', A.ship(), declared('R1', { '1': of.units }));
}

class Run {
  readonly pair: ExchangedOrders;
  readonly place: OrderCommands['place'];
  private readonly saysSo: boolean;
  private claims = 0;
  private left: number;

  constructor(pair: ExchangedOrders, units: number, place: OrderCommands['place'], saysSo: boolean) {
    this.pair = pair;
    this.left = units;
    this.place = place;
    this.saysSo = saysSo;
  }

  step({ what, which }: Choice): void {
    if (what === 'claim') this.claim(which);
    else if (what === 'mail') this.pair.deliver(which % Math.max(1, this.pair.mail.length), which % 5 === 0);
    else if (what === 'result') this.confirm(which);
    else if (what === 'goodwill') this.refund(which % 2 ? 'A1' : 'A2', (which % 300) + 1);
    else this.say(what);
  }

  placeNew(): void {
    if (!this.pair.isPlaced('A2')) this.pair.when('A2', shop.place(this.place));
  }

  private sayToNew(step: Said): void {
    if (this.pair.isPlaced('A2')) this.pair.when('A2', step);
  }

  private refund(id: 'A1' | 'A2', amount: number): void {
    if (this.pair.isPlaced(id)) this.pair.when(id, ops.refund(amount));
  }

  private say(what: Exclude<Choice['what'], 'claim' | 'mail' | 'result' | 'goodwill'>): void {
    const units = this.place.lines[0]?.quantity ?? 1;
    const said: Record<typeof what, Said> = {
      plan: plan({ 'store-a': { '1': units } }),
      ready: A.ready('A2-1'),
      ship: A.ship('A2-1'),
      'cancel-one': shop.cancel({ lines: [{ line: '1', quantity: 1 }] }),
      'cancel-rest': shop.cancel(),
      back: declared('R2', { '1': 1 }),
    };
    this.sayToNew(said[what]);
    if (what === 'plan' && this.pair.fresh.last?.kind === 'applied') this.sayToNew(reserved('A2-1'));
    if (what === 'back' && this.pair.fresh.last?.kind === 'applied') {
      this.claims++;
      this.pair.when('A2', claimed('R2', { '1': [1, 0] }, { claim: this.claims }));
    }
  }

  private claim(which: number): void {
    if (this.left === 0) return;
    const decided = (which % this.left) + 1;
    const accepted = which % 3 === 0 ? decided - 1 : decided;
    this.left -= decided;
    this.claims++;
    const fee = which % 3 === 0 && this.pair.old.view.totals.refunded > 0 ? which : 0;
    const exchange = this.saysSo ? { exchange: 'A2' } : {};
    const more = { claim: this.claims, fee, refundShipping: which % 4 === 0, ...exchange };
    this.pair.when('A1', claimed('R1', { '1': [accepted, decided - accepted] }, more));
  }

  private confirm(which: number): void {
    const id = which % 2 ? 'A1' : 'A2';
    const open = this.pair.pending(id);
    const entry = open[which % Math.max(1, open.length)];
    if (entry) this.pair.when(id, confirmed(entry));
  }

  /** Whoever has not spoken yet speaks, the rest is delivered, and the gateway says yes to all. */
  finish(): void {
    this.placeNew();
    while (this.left > 0) this.claim(1);
    this.pair.deliverAll();
    this.pair.confirmAll();
  }
}

test('whatever is said in which order and how often, an exchange wins and loses nothing', () => {
  fc.assert(
    fc.property(wanted, ({ old, fresh, gifts, part, security, saysSo, placeAfter, choices }) => {
      const place = orderOf({ ...fresh, currency: old.currency });
      const total = totalOf(place);
      const amount = Math.max(1, Math.ceil((total * part) / 100));
      const own = Math.max(total - amount, Math.floor((total * security) / 100));
      const { payment: _, ...rest } = place;
      const payment = { ...paymentOf(place), transaction: 'pi_new', authorised: own };
      const exchange = { order: 'A1', return: 'R1', amount };
      const pair = sold(old, gifts);
      const run = new Run(pair, old.units, { ...rest, ...(own > 0 ? { payment } : {}), exchange }, saysSo);
      choices.forEach((one, index) => {
        if (index === placeAfter) run.placeNew();
        run.step(one);
      });
      run.finish();
      checkExchange(pair);
      checkGateway(pair);
      const { totals } = pair.fresh.view;
      expect(totals.open).toEqual({ capture: 0, refund: 0, payout: 0 });
      expect(pair.old.view.totals.open).toEqual({ capture: 0, refund: 0, payout: 0 });
      const paid = exchanged(pair.fresh.view).reduce((sum, entry) => sum + entry.amount, 0);
      expect(paid).toBeLessThanOrEqual(amount);
      // All of it came, or nobody needs it, or a person knows.
      if (pair.fresh.view.state === 'cancelled') expect(totals.captured - totals.refunded).toBe(0);
    }),
    { numRuns: 30, seed: 20261125, endOnFailure: true },
  );
});

/** No authorisation gives back more than was captured under it, whichever order asks; and what both keep is what it moved. */
function checkGateway({ old, fresh }: ExchangedOrders): void {
  const moved = new Map<string, number>();
  for (const { kind, transaction, amount } of [...old.requests, ...fresh.requests]) {
    if (kind === 'capture') moved.set(transaction, (moved.get(transaction) ?? 0) + amount);
    if (kind === 'refund') moved.set(transaction, (moved.get(transaction) ?? 0) - amount);
  }
  for (const amount of moved.values()) expect(amount).toBeGreaterThanOrEqual(0);
  const kept = [old.view.totals, fresh.view.totals].reduce(
    (sum, { captured, refunded }) => sum + captured - refunded,
    0,
  );
  expect([...moved.values()].reduce((sum, amount) => sum + amount, 0)).toBe(kept);
  const account = [...old.rows, ...fresh.rows].filter((row) => row.account !== undefined);
  expect(account.reduce((sum, { gross }) => sum + gross, 0)).toBe(kept);
}
