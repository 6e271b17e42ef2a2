/** What stores owe, over several orders, whatever comes in which order. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayTakeMoney } from '../../../actors/order/ledger/ledger.ts';
import { storeActor } from '../../../actors/store/store.ts';
import { storeView } from '../../../actors/store/view.ts';
import type { Effect } from '../../../protocols/actor.ts';
import type { GatewayRequest } from '../../../protocols/gateway.ts';
import { ChartScenario, from, type Said as StoreSaid } from '../../fixture/chart-scenario.ts';
import { FRANCHISE, open } from '../store/shop.ts';
import { STORE, short, sold } from './debtors.ts';
import { confirmed, failedLate, ops, result, type Said, type Scenario, shop, told } from './scenario.ts';

/** Orders of one store, with messages that arrive in any order and twice, and an account that is short more often than not. */
class Trade {
  readonly orders: Scenario[];
  readonly store = new ChartScenario(storeActor, STORE).given(open(FRANCHISE));
  private readonly letters: Effect[] = [];
  private requests: GatewayRequest[] = [];
  /** What the store has at the gateway. */
  balance = 0;
  private seconds = 10_000;

  constructor(units: readonly number[]) {
    this.orders = units.map((count, index) => sold(`D${index}`, count));
    for (const order of this.orders) this.requests.push(...order.requests);
  }

  tell(order: Scenario, said: Said): void {
    const asked = order.requests.length;
    order.when(said);
    this.requests.push(...order.requests.slice(asked));
    this.post(order.effects);
  }

  /** The gateway answers one of its requests: a reversal as far as the balance goes. */
  answer(which: number): void {
    const [request] = this.requests.splice(which % this.requests.length, 1);
    const order = this.orders.find(({ id }) => id === request?.order);
    if (!request || !order) return;
    const { key, kind, amount } = request;
    if (kind === 'payout-reversal' && amount > this.balance) this.tell(order, short(key, this.balance));
    else this.pay(order, request);
  }

  private pay(order: Scenario, { key, kind, amount }: GatewayRequest): void {
    if (kind === 'payout') this.balance += amount;
    if (kind === 'payout-reversal') this.balance -= amount;
    this.tell(order, result(key, 'confirmed'));
  }

  deliver(which: number, twice: boolean): void {
    const index = which % this.letters.length;
    const letter = twice ? this.letters[index] : this.letters.splice(index, 1)[0];
    if (letter?.effect !== 'send') return;
    const { entity, id, name, payload } = letter;
    if (entity === 'store') {
      const message: StoreSaid = from('order', name, payload);
      this.store.when(message);
      this.post(this.store.effects);
      return;
    }
    const order = this.orders.find((known) => known.id === id);
    if (order) this.tell(order, { name, payload, sender: { kind: 'actor', entity: 'store', id: STORE } });
  }

  rest(): void {
    while (this.letters.length > 0 || this.requests.length > 0) {
      if (this.letters.length > 0) this.deliver(0, false);
      else this.answer(0);
    }
  }

  /** A reversal turns out otherwise than was said: it had been accepted and failed, or was done after all. */
  turn(which: number): void {
    const all = this.orders.flatMap((order) =>
      order.view.ledger.flatMap((entry) =>
        entry.kind === 'payout-reversal' && entry.gatewayReference !== undefined ? [{ order, entry }] : [],
      ),
    );
    const turned = all[which % all.length];
    if (!turned) return;
    const { order, entry } = turned;
    const isDone = entry.state === 'confirmed';
    this.balance += isDone ? entry.amount : -entry.amount;
    this.seconds += 60;
    this.tell(order, (isDone ? failedLate : confirmed)(entry.entry, this.seconds));
  }

  /** Money leaves for the bank of the store. */
  withdraw(): void {
    this.balance = 0;
  }

  private post(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.effect === 'send' && (effect.name === 'owe' || effect.name.includes('payout')))
        this.letters.push(effect);
      if (effect.effect === 'send' && (effect.name === 'store-owes' || effect.name === 'debt-paid'))
        this.letters.push(effect);
    }
  }
}

const step = fc.record({
  what: fc.constantFrom(
    'answer',
    'answer',
    'answer',
    'deliver',
    'deliver',
    'twice',
    'cancel',
    'goodwill',
    'owes',
    'turn',
    'turn',
    'withdraw',
  ),
  which: fc.noBias(fc.nat(1000)),
});

test('what stores owe is what was not given back less what was netted, and all that they got is their share and their debt', () => {
  const trades = fc.property(
    fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 5 }),
    fc.array(step, { minLength: 10, maxLength: 50, size: 'max' }),
    (units, steps) => {
      const trade = new Trade(units);
      for (const { what, which } of steps) {
        const order = trade.orders[which % trade.orders.length];
        if (!order) continue;
        if (what === 'answer') trade.answer(which);
        else if (what === 'deliver') trade.deliver(which, false);
        else if (what === 'twice') trade.deliver(which, true);
        else if (what === 'withdraw') trade.withdraw();
        else if (what === 'turn') trade.turn(which);
        else if (what === 'owes') trade.tell(order, told('store-owes', { store: STORE }));
        else if (what === 'goodwill') trade.tell(order, ops.refund(1 + (which % 1500)));
        else trade.tell(order, shop.cancel({ lines: [{ line: '1', quantity: 1 }] }));
      }
      trade.rest();
      const entries = trade.orders.flatMap(({ view }) => view.ledger);
      const sum = (kind: string) =>
        entries.reduce(
          (total, entry) => (entry.kind === kind && entry.state === 'confirmed' ? total + entry.amount : total),
          0,
        );
      const owes = storeView(trade.store.charted).owes.EUR ?? 0;
      expect(owes).toBe(sum('receivable') - sum('netting'));
      expect(owes).toBeGreaterThanOrEqual(0);
      // Of the receivables those are left that the store has not paid: nobody looks at what is paid.
      const debts = trade.store.charted.record.account?.debts ?? [];
      expect(debts.reduce((total, { left }) => total + left, 0)).toBe(owes);
      for (const { id, view } of trade.orders) {
        const isOwing = debts.some(({ order }) => order === id);
        const isRaised = view.attention.some(({ code }) => code === 'store-account-short');
        if (!isOwing) expect(isRaised).toBe(false);
        // Whatever still turns out to have been done, no store gives back more than it got.
        const ofKind = (kind: string) => view.ledger.filter((entry) => entry.kind === kind);
        const total = (found: typeof view.ledger) => found.reduce((sum, { amount }) => sum + amount, 0);
        const paid = total(ofKind('payout').filter(({ state }) => state === 'confirmed'));
        expect(total(ofKind('payout-reversal').filter((entry) => mayTakeMoney(entry)))).toBeLessThanOrEqual(paid);
      }
      const rows = trade.orders.flatMap(({ rows }) => rows).filter(({ party }) => party === STORE);
      const holds = trade.orders.reduce((total, { view }) => total + (view.parties[STORE] ?? 0), 0);
      expect(holds).toBe(sum('payout') - sum('payout-reversal'));
      expect(holds - owes).toBe(rows.reduce((total, { storeShare }) => total + storeShare, 0));
      expect(rows.reduce((total, { netted = 0 }) => total - netted, 0)).toBe(owes);
    },
  );
  fc.assert(trades, { seed: 20_261_125, numRuns: 25 });
});
