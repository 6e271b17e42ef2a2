/** A store that can't give back what it should: its debt, and the payouts that pay it. */
import { describe, expect, test } from 'vitest';
import type { Account, Debt } from '../../../actors/store/record.ts';
import { storeActor } from '../../../actors/store/store.ts';
import { storeView } from '../../../actors/store/view.ts';
import { ChartScenario, from } from '../../fixture/chart-scenario.ts';
import { FRANCHISE as OPEN_FRANCHISE, open } from '../store/shop.ts';
import { STORE, short, sold } from './debtors.ts';
import {
  by,
  confirmed,
  failed,
  failedLate,
  ops,
  plan,
  reserved,
  type Scenario,
  scenario,
  shop,
  simple,
  told,
} from './scenario.ts';

const CLERK = by(STORE);

const paidOut = (id: string, units: number): Scenario =>
  sold(id, units).given(confirmed(`${id}-c1`), confirmed(`${id}-p1`));

describe('a reversal that fails', () => {
  const refunded = () =>
    paidOut('A1', 4).given(shop.cancel({ lines: [{ line: '1', quantity: 4 }] }), confirmed('A1-r1'));

  test('takes what the account has, and the rest is owed', () => {
    const order = refunded();
    order
      .when(short('A1-b1', 1200))
      .says('event payout-reversal-failed', 'gateway A1-b2 1200', 'event store-owes', 'send owe to store store-a');
    order
      .given(confirmed('A1-b2'))
      .ledger(
        'A1-c1 4000 confirmed',
        'A1-p1 3500 confirmed',
        'A1-r1 4000 confirmed',
        'A1-b1 3500 failed',
        'A1-b2 1200 confirmed',
        'A1-o1 2300 confirmed',
      );
    // What the store should not hold, it holds: the customer has his money from headquarters.
    order.shows({ totals: { captured: 4000, refunded: 4000 }, parties: { headquarters: -2300, [STORE]: 2300 } });
  });

  test('is asked for once more only: what it has can change, and need not be chased', () => {
    const order = refunded().given(short('A1-b1', 1200), short('A1-b2', 1100));
    order.ledger(
      'A1-c1 4000 confirmed',
      'A1-p1 3500 confirmed',
      'A1-r1 4000 confirmed',
      'A1-b1 3500 failed',
      'A1-b2 1200 failed',
      'A1-o1 2300 confirmed',
      'A1-o2 1200 confirmed',
    );
  });

  test('and is found to have moved after all is paid back by netting', () => {
    const order = refunded().given(failed('A1-b1', 3600));
    order.when(confirmed('A1-b1', 3700)).says('event payout-reversed', 'send clear-payout to store store-a');
    order
      .when(told('payout-cleared', { key: 'A1-n1', store: STORE, netted: 3500 }))
      .shows({ parties: { headquarters: 0, [STORE]: 0 } });
  });

  test('after it had been accepted is owed at once, and not asked for under another key', () => {
    const order = refunded().given(confirmed('A1-b1'));
    order
      .when(failedLate('A1-b1'))
      .says('event payout-reversal-failed', 'event store-owes', 'send owe to store store-a')
      .raises('store-account-short');
    order.when(confirmed('A1-b1', 8000)).says('event payout-reversed', 'send clear-payout to store store-a');
    order
      .when(told('payout-cleared', { key: 'A1-n1', store: STORE, netted: 3500 }))
      .shows({ parties: { headquarters: 0, [STORE]: 0 } });
    order.ledger(
      'A1-c1 4000 confirmed',
      'A1-p1 3500 confirmed',
      'A1-r1 4000 confirmed',
      'A1-b1 3500 confirmed',
      'A1-o1 3500 confirmed',
      'A1-n1 3500 confirmed',
    );
  });

  test('late while others did not is owed alone: each has its own debt', () => {
    const cancelOne = shop.cancel({ lines: [{ line: '1', quantity: 1 }] });
    const order = paidOut('A1', 4).given(cancelOne, confirmed('A1-r1'), confirmed('A1-b1'));
    order.given(cancelOne, confirmed('A1-r2'), confirmed('A1-b2'));
    order.given(failedLate('A1-b1'), failedLate('A1-b2'));
    order.ledger(
      'A1-c1 4000 confirmed',
      'A1-p1 3500 confirmed',
      'A1-r1 1000 confirmed',
      'A1-b1 875 failed',
      'A1-r2 1000 confirmed',
      'A1-b2 875 failed',
      'A1-o1 875 confirmed',
      'A1-o2 875 confirmed',
    );
    order.given(told('debt-paid', { store: STORE, key: 'A1-o1' })).raises('store-account-short');
  });

  test('says so in rows that move no money', () => {
    const order = refunded().given(short('A1-b1', 1200), confirmed('A1-b2'));
    const rows = order.rows.filter(({ movement }) => movement === 'settlement');
    expect(rows.map(({ entry, settled, netted }) => [entry, settled, netted])).toEqual([
      ['A1-p1', 3500, undefined],
      ['A1-o1', 0, -2300],
      ['A1-b2', -1200, undefined],
    ]);
  });
});

describe('a store whose account was short', () => {
  const refunded = () =>
    paidOut('A1', 4).given(shop.cancel({ lines: [{ line: '1', quantity: 4 }] }), confirmed('A1-r1'));
  const paid = (key: string) => told('debt-paid', { store: STORE, key });

  test('is looked at by nobody any more when later payouts paid what it owed', () => {
    const order = refunded().given(short('A1-b1', 1200), confirmed('A1-b2')).raises('store-account-short');
    order.when(paid('A1-o1')).says('event debt-paid').raises();
    order.when(paid('A1-o1')).ignores();
    order.shows({ parties: { headquarters: -2300, [STORE]: 2300 } });
  });

  test('is looked at until all of it is taken or paid', () => {
    const order = refunded().given(short('A1-b1', 1200), paid('A1-o1')).raises('store-account-short');
    order.given(short('A1-b2', 0)).raises('store-account-short', 'store-account-short');
    order.given(paid('A1-o2')).raises();
    const confirmedLast = refunded().given(short('A1-b1', 1200), paid('A1-o1')).raises('store-account-short');
    confirmedLast.given(confirmed('A1-b2')).raises();
  });

  test('owes only what a receivable says', () => {
    const order = refunded().given(short('A1-b1'));
    order.when(paid('A1-p1')).ignores();
    order.when(told('debt-paid', { store: 'store-b', key: 'A1-o1' })).ignores();
    order.raises('store-account-short');
  });

  test('owes the commission of its till, as far as the account does not have it', () => {
    const { payment: _, ...unpaid } = simple(4, 1000);
    const till = { ...unpaid, fulfilment: 'reserve-and-collect' as const, collectAt: STORE };
    const order = scenario('A1').given(shop.place(till), plan({ [STORE]: { '1': 4 } }), reserved('A1-1'));
    order.given(CLERK.sell([['1', 4, 4000]]));
    order
      .when(short('A1-b1', 200))
      .says('event payout-reversal-failed', 'gateway A1-b2 200', 'event store-owes', 'send owe to store store-a');
    order.given(confirmed('A1-b2')).raises('store-account-short');
    order.ledger('A1-t1 4000 confirmed', 'A1-b1 500 failed', 'A1-b2 200 confirmed', 'A1-o1 300 confirmed');
    order.shows({ totals: { captured: 4000 }, parties: { headquarters: 200, [STORE]: 3800 } });
    order.when(paid('A1-o1')).says('event debt-paid').raises();
  });
});

test('what is asked of a till’s gateway account stays with it, though another one is the first by then', () => {
  const { payment: _, ...unpaid } = simple(4, 1000);
  const accounts = ['main', 'gift'];
  const order = scenario('A1', { accounts }).given(
    shop.place({ ...unpaid, fulfilment: 'reserve-and-collect', collectAt: STORE }),
    plan({ [STORE]: { '1': 4 } }),
    reserved('A1-1'),
    CLERK.sell([['1', 4, 4000]]),
  );
  expect(order.accounts.get('A1-b1')).toBe('main');
  accounts.reverse();
  order.given(short('A1-b1', 200));
  expect(order.accounts.get('A1-b2')).toBe('main');
  order.given(confirmed('A1-b2'));
  expect(order.rows.find(({ entry }) => entry === 'A1-b2')?.account).toBe('main');
});

describe('what pays', () => {
  const owes = (order: string, amount: number, currency = 'EUR') =>
    from('order', 'owe', { order, key: `${order}-o1`, amount, currency });
  const clear = (order: string, amount: number, currency = 'EUR') =>
    from('order', 'clear-payout', { order, key: `${order}-n1`, amount, currency });
  const store = () => new ChartScenario(storeActor, STORE).given(open(OPEN_FRANCHISE));
  const withAccount = (debtor: ReturnType<typeof store>, account: Account) => {
    const context = { record: { ...debtor.charted.record, account } };
    debtor.snapshot = debtor.snapshot?.machine.resolveState({ value: debtor.charted.state, context });
  };

  test('pays the oldest debts first, and tells their orders when they are paid whole', () => {
    const debtor = store().given(owes('A', 500), owes('B', 300), owes('Y', 40, 'JPY'));
    debtor.when(clear('C', 450)).says('send payout-cleared to order C', 'event netted');
    debtor.when(clear('D', 100)).says('send payout-cleared to order D', 'send debt-paid to order A', 'event netted');
    debtor.when(clear('E', 1000)).says('send payout-cleared to order E', 'send debt-paid to order B', 'event netted');
    debtor.when(clear('E', 1000)).answers('send payout-cleared to order E');
    expect(debtor.payloadOf('payout-cleared')).toMatchObject({ netted: 250 });
    debtor
      .when(clear('F', 40, 'JPY'))
      .says('send payout-cleared to order F', 'send debt-paid to order Y', 'event netted');
    expect(storeView(debtor.charted).owes).toEqual({});
    expect(debtor.charted.record.account?.debts).toBeUndefined();
  });

  test('pays first what a store owes beyond the debts that it lists, and a view says how much that is', () => {
    const debtor = store();
    const debts = Array.from({ length: 499 }, (_, n): Debt => {
      return { order: `A${n + 1}`, key: `A${n + 1}-o1`, currency: 'EUR', left: 10 };
    });
    withAccount(debtor, { owes: [['EUR', 4990]], entries: [], debts });
    debtor.given(owes('A500', 10), owes('A501', 20), owes('Y', 40, 'JPY'));
    const seen = () => {
      const view = storeView(debtor.charted);
      return { owes: view.owes, first: view.debts[0], count: view.debts.length, unlisted: view.unlisted };
    };
    const first = { order: 'A1', entry: 'A1-o1', currency: 'EUR', left: 10 };
    expect(seen()).toEqual({ owes: { EUR: 5020, JPY: 40 }, first, count: 500, unlisted: { EUR: 20, JPY: 40 } });
    debtor.when(clear('C', 20)).says('send payout-cleared to order C', 'event netted');
    expect(seen()).toMatchObject({ first, count: 500, unlisted: { JPY: 40 } });
    debtor.when(clear('D', 15)).says('send payout-cleared to order D', 'send debt-paid to order A1', 'event netted');
    expect(seen()).toMatchObject({ first: { order: 'A2', left: 5 }, count: 499, unlisted: { JPY: 40 } });
  });

  test('pays first what a store owed before its debts were told apart', () => {
    const debtor = store().given(owes('A', 500));
    const { debts: _, ...account } = debtor.charted.record.account ?? { owes: [], entries: [] };
    withAccount(debtor, account);
    debtor.given(owes('B', 300));
    debtor.when(clear('C', 500)).says('send payout-cleared to order C', 'event netted');
    debtor.when(clear('D', 300)).says('send payout-cleared to order D', 'send debt-paid to order B', 'event netted');
  });
});

describe('a payout to a store that owes', () => {
  const owing = () => sold('B1', 2).given(told('store-owes', { store: STORE }), confirmed('B1-c1'));

  test('waits for the store’s word, and is paid as far as it says', () => {
    const order = owing();
    expect(order.requests.map(({ key }) => key)).toEqual(['B1-c1']);
    order
      .when(told('payout-cleared', { key: 'B1-n1', store: STORE, netted: 700 }))
      .says('event payout-netted', 'gateway B1-p1 1050');
    order.given(confirmed('B1-p1')).shows({ parties: { headquarters: 950, [STORE]: 1050 } });
  });

  test('is paid whole where the debt is gone by then', () => {
    owing()
      .when(told('payout-cleared', { key: 'B1-n1', store: STORE, netted: 0 }))
      .says('gateway B1-p1 1750');
  });

  test('is not paid where the customer got his money back meanwhile; what was netted is owed again', () => {
    const order = owing().given(shop.cancel({ lines: [{ line: '1', quantity: 2 }] }), confirmed('B1-r1'));
    order
      .when(told('payout-cleared', { key: 'B1-n1', store: STORE, netted: 700 }))
      .says('event payout-netted', 'event store-owes', 'send owe to store store-a');
  });

  test('that failed is asked for again whole: the debt stays for the next one', () => {
    const order = sold('B1', 2).given(confirmed('B1-c1'), failed('B1-p1'), told('store-owes', { store: STORE }));
    order.when(ops.retry('B1-p1')).says('event asked-again', 'gateway B1-p2 1750');
  });

  test('is netted once, however often the answer comes', () => {
    const answer = told('payout-cleared', { key: 'B1-n1', store: STORE, netted: 700 });
    owing().given(answer).when(answer).ignores();
  });
});

test('a store says that it owes when it reserves', () => {
  const order = scenario('C1').given(shop.place(simple(1, 1000)), plan({ [STORE]: { '1': 1 } }));
  const said = reserved('C1-1');
  order.given({ ...said, payload: { ...(said.payload as object), owes: true } }, CLERK.ready());
  order.when(confirmed('C1-c1')).says('event captured', 'send clear-payout to store store-a');
});
