/** Two orders and the messages between them: delivered at once, or kept to be delivered in any order, and twice. */
import { expect } from 'vitest';
import { isAbsent } from '../../../actors/chart.ts';
import type { Effect } from '../../../protocols/actor.ts';
import type { OrderCommands } from '../../../protocols/commands.ts';
import type { OrderView } from '../../../protocols/views.ts';
import { wrongFigures } from '../explain/wrong-figures.ts';
import {
  A,
  claimed,
  confirmed,
  declared,
  paymentOf,
  plan,
  reserved,
  type Said,
  type Scenario,
  scenario,
  shop,
  simple,
} from './scenario.ts';

interface Mail {
  to: string;
  said: Said;
}

/** A1 is what was bought first, A2 what is wanted in its place. */
export class ExchangedOrders {
  readonly old = scenario('A1');
  readonly fresh = scenario('A2');
  /** Not delivered yet. */
  readonly mail: Mail[] = [];

  /** Each step must be applied; what it says to the other order is delivered at once. */
  given(to: 'A1' | 'A2', ...steps: Said[]): this {
    for (const step of steps) {
      this.order(to).given(step);
      this.collect(to);
      this.deliverAll();
    }
    return this;
  }

  /** What it says is kept. */
  when(to: 'A1' | 'A2', step: Said): this {
    this.order(to).when(step);
    this.collect(to);
    return this;
  }

  deliver(position: number, again = false): void {
    const mail = this.mail[position];
    if (!mail) return;
    if (!again) this.mail.splice(position, 1);
    this.when(mail.to as 'A1' | 'A2', mail.said);
  }

  deliverAll(): void {
    while (this.mail.length > 0) this.deliver(0);
  }

  /** The gateway says yes to all, in both orders. */
  confirmAll(): this {
    for (let round = 0; round < 50; round++) {
      const open = (['A1', 'A2'] as const).flatMap((id) => this.pending(id).map((entry) => ({ id, entry })));
      if (open.length === 0) return this;
      for (const { id, entry } of open) this.given(id, confirmed(entry));
    }
    throw new Error('the gateway is never done');
  }

  pending(id: 'A1' | 'A2'): string[] {
    if (!this.isPlaced(id)) return [];
    const { ledger } = this.order(id).view;
    return ledger.filter(({ state }) => state === 'requested' || state === 'unknown').map(({ entry }) => entry);
  }

  isPlaced(id: 'A1' | 'A2'): boolean {
    const { snapshot } = this.order(id);
    return snapshot !== undefined && !isAbsent(snapshot);
  }

  order(id: string): Scenario {
    return id === 'A1' ? this.old : this.fresh;
  }

  private collect(from: 'A1' | 'A2'): void {
    for (const effect of this.order(from).effects) {
      if (effect.effect === 'send' && effect.entity === 'order')
        this.mail.push({ to: effect.id, said: sent(from, effect) });
    }
  }
}

const sent = (id: string, { name, payload }: Extract<Effect, { effect: 'send' }>): Said => ({
  ...{ name, payload },
  sender: { kind: 'actor', entity: 'order', id },
});

/** `units` of A1 at `unitPrice`, paid and with the customer. */
export function bought(units: number, unitPrice: number, more: Partial<OrderCommands['place']> = {}): ExchangedOrders {
  const pair = new ExchangedOrders();
  pair.given(
    'A1',
    shop.place(simple(units, unitPrice, more)),
    plan({ 'store-a': { '1': units } }),
    reserved('A1-1'),
    A.ready(),
  );
  pair.confirmAll();
  return pair.given('A1', A.ship());
}

/** One unit at `price`, of which R1 of A1 is to pay `amount`; what is beyond it is authorised, unless `own` says otherwise. */
export function instead(price: number, amount: number, own = price - amount): OrderCommands['place'] {
  const { payment: _, ...rest } = simple(1, price);
  const payment = { ...paymentOf(simple(1, price)), transaction: 'pi_new', authorised: own };
  return { ...rest, ...(own > 0 ? { payment } : {}), exchange: { order: 'A1', return: 'R1', amount } };
}

/** What was exchanged is nobody's gain: one order's minus is the other's plus, entry by entry. */
export function checkExchange({ old, fresh }: ExchangedOrders): void {
  const [gave, got] = [exchanged(old.view), exchanged(fresh.view)];
  const amounts = (entries: OrderView['ledger']) =>
    entries.map(({ amount }) => amount).sort((one, other) => one - other);
  expect(amounts(got)).toEqual(amounts(gave));
  expect(got.every(({ kind, state }) => kind === 'capture' && state === 'confirmed')).toBe(true);
  expect(gave.every(({ kind, state }) => kind === 'refund' && state === 'confirmed')).toBe(true);
}

export const exchanged = ({ ledger }: OrderView): OrderView['ledger'] =>
  ledger.filter(({ exchange }) => exchange !== undefined);

export const back = (units: number, more: Parameters<typeof claimed>[2] = {}): Said[] => [
  declared('R1', { '1': units }),
  claimed('R1', { '1': [units, 0] }, more),
];

/** Reserved for 7000 at store-a, of which a return of what a card paid is to pay `amount`. */
export function reservedFor(amount: number): ExchangedOrders {
  const { payment: _, ...place } = instead(7000, amount, 0);
  const till = { ...place, fulfilment: 'reserve-and-collect' as const, collectAt: 'store-a' };
  return bought(2, 2500).given('A2', shop.place(till), plan({ 'store-a': { '1': 1 } }), reserved('A2-1'));
}

/** One unit, at a till. */
export const sell = (...tenders: [kind: string, amount: number][]): Said => {
  const said = A.sell([['1', 1, tenders.reduce((sum, [, amount]) => sum + amount, 0)]]);
  return {
    ...said,
    payload: { ...Object(said.payload), tenders: tenders.map(([kind, amount]) => ({ kind, amount })) },
  };
};

export function checkFigures(pair: ExchangedOrders): void {
  checkExchange(pair);
  expect([...wrongFigures(pair.old), ...wrongFigures(pair.fresh)]).toEqual([]);
}
