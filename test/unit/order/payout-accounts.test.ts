/** Several gateway accounts: a store is paid by those that took the money, and pays back to those that paid it. */
import { describe, expect, test } from 'vitest';
import { payoutParts, reversalParts } from '../../../actors/order/payout/payout-parts.ts';
import type { Entry, OrderRecord } from '../../../actors/order/record.ts';
import type { OrderCommands } from '../../../protocols/commands.ts';
import type { StoreTerms } from '../../../protocols/sourcing.ts';
import { explain } from '../../../supervisor/explain/explain.ts';
import { factsOf, wrongFigures } from '../explain/wrong-figures.ts';
import { auditOf } from '../reconcile/audit-of.ts';
import { short } from './debtors.ts';
import {
  A,
  B,
  BASE,
  bothAccept,
  claimed,
  confirmed,
  declared,
  FRANCHISE,
  failed,
  ops,
  paymentOf,
  plan,
  reserved,
  type Said,
  type Scenario,
  scenario,
  shop,
  timer,
  told,
} from './scenario.ts';

type Payment = NonNullable<OrderCommands['place']['payment']>;

const { payment: _, ...UNPAID } = BASE;
const ACCOUNTS = ['main', 'gift', 'voucher', 'bank'];
const card = (authorised: number): Payment => ({ ...paymentOf(BASE), authorised });
const voucher = (account: string, authorised: number, captured = 0): Payment => ({
  ...paymentOf(BASE),
  account,
  method: 'gift-card',
  transaction: `${account}_1`,
  authorised,
  captured,
});

/** BASE, accepted: store-a is due 72.83 of the first capture, 83.24 with 4.90 for the shipping; store-b 36.45 of 41.66. */
const bought = (payments: Payment[]): Scenario =>
  scenario('A1', { accounts: ACCOUNTS }).given(shop.place({ ...UNPAID, payments }), ...bothAccept('A1'));

/** What was asked of stores' accounts: entry, account, transaction, amount. */
const moved = (order: Scenario): string[] =>
  order.requests
    .filter(({ kind }) => kind.startsWith('payout'))
    .map(({ key, transaction, amount }) => `${key} ${order.accounts.get(key)} ${transaction} ${amount}`);

const all = (...keys: string[]): Said[] => keys.map((key) => confirmed(`A1-${key}`));

describe('a store is paid', () => {
  test('once, by the account that has all of it: not by that of a small gift card', () => {
    const order = bought([voucher('gift', 1000), card(11980)]).given(A.ready(), ...all('c1', 'c2'));
    order.given(B.ready(), confirmed('A1-c3'));
    expect(moved(order)).toEqual(['A1-p1 main pi_3Px 7283', 'A1-p2 main pi_3Px 3645']);
  });

  test('by several where none has all of it, each as far as it goes', () => {
    const order = bought([voucher('gift', 5000), card(7980)]).given(A.ready(), ...all('c1', 'c2'));
    expect(moved(order)).toEqual(['A1-p1 gift gift_1 5000', 'A1-p2 main pi_3Px 2283']);
    order.given(...all('p1', 'p2'), B.ready(), confirmed('A1-c3'));
    expect(moved(order).slice(2)).toEqual(['A1-p3 main pi_3Px 3645']);
    order.given(confirmed('A1-p3')).shows({ parties: { headquarters: 2052, 'store-a': 7283, 'store-b': 3645 } });
  });

  test('by each of three captures of other accounts, that which took most first', () => {
    const order = bought([voucher('gift', 2000), voucher('voucher', 3000), card(7980)]);
    order.given(A.ready(), ...all('c1', 'c2', 'c3'));
    expect(moved(order)).toEqual(['A1-p1 main pi_3Px 3814', 'A1-p2 voucher voucher_1 3000', 'A1-p3 gift gift_1 469']);
  });

  test('with what was taken at once too', () => {
    const order = bought([voucher('gift', 5000, 5000), card(7980)]).given(A.ready(), confirmed('A1-c2'));
    expect(moved(order)).toEqual(['A1-p1 main pi_3Px 3814', 'A1-p2 gift gift_1 3469']);
  });

  test('whatever other goods cost: by the first, where all accounts together have too little', () => {
    const order = bought([voucher('gift', 5000), card(7980)]).given(A.ready(), ...all('c1', 'c2', 'p1', 'p2'));
    order.given(A.ship(), declared('R1', { '1': 1 }), claimed('R1', { '1': [1, 0] }));
    order.given(...all('r1', 'r2'), short('A1-b1', 0), short('A1-b2', 0));
    order.given(B.ready(), confirmed('A1-c3'));
    expect(moved(order).slice(4)).toEqual(['A1-p3 main pi_3Px 3645']);
  });
});

test('rows of the report name the account of each payout, so its gateway agrees with them', () => {
  const order = bought([voucher('gift', 5000), card(7980)]).given(A.ready(), ...all('c1', 'c2', 'p1', 'p2'));
  const settled = order.rows.filter(({ movement }) => movement === 'settlement');
  expect(settled.map(({ entry, account, settled: amount }) => [entry, account, amount])).toEqual([
    ['A1-p1', 'gift', 5000],
    ['A1-p2', 'main', 2283],
  ]);
});

test('each part is explained with the other one', () => {
  const order = bought([voucher('gift', 5000), card(7980)]).given(A.ready(), ...all('c1', 'c2', 'p1', 'p2'));
  expect(wrongFigures(order)).toEqual([]);
  const history = { facts: factsOf(order), ...order.archive, calls: [] };
  const partsOf = (key: string) =>
    explain(key, history)?.figures[0]?.of?.flatMap(({ what, amount }) =>
      what.startsWith('payout') ? [what, amount] : [],
    );
  expect(partsOf('A1-p1')).toEqual(['payout A1-p2 by another account', -2283]);
  expect(partsOf('A1-p2')).toEqual(['payout A1-p1', -5000]);
});

describe('the transaction of a payout', () => {
  const endingOf = (hours: number): Said => ({
    ...timer('expire-authorisation', { tender: 0 }),
    afterMs: hours * 3600_000,
  });
  const reauthorised = (order: Scenario): Scenario =>
    order.given(endingOf(6 * 24), endingOf(12), confirmed('A1-a1', 7 * 24 * 3600));

  test('is that of the authorisation that took the place of the first', () => {
    const order = reauthorised(bought([{ ...card(12980), credential: 'card_1' }]));
    order.given(A.ready(), confirmed('A1-c1', 7 * 24 * 3600 + 60));
    expect(moved(order)).toEqual(['A1-p1 main ref-A1-a1 7283']);
  });

  test('is that which took the money for the goods of the store', () => {
    const begun = bought([{ ...card(12980), credential: 'card_1' }]).given(A.ready(), ...all('c1', 'p1'));
    const order = reauthorised(begun).given(B.ready(), confirmed('A1-c2', 7 * 24 * 3600 + 60));
    expect(moved(order)).toEqual(['A1-p1 main pi_3Px 7283', 'A1-p2 main ref-A1-a1 3645']);
  });

  test('is what the customer paid on request, wherever that was', () => {
    const order = bought([card(12980)]).given(endingOf(6 * 24), endingOf(12));
    order.given(ops.paid(12980, { account: 'bank' }), A.ready());
    expect(moved(order)).toEqual(['A1-p1 bank tr_1 7283']);
  });
});

describe('what a store gives back', () => {
  /** store-a was paid 50.00 by one account and then 22.83 by the other, and its goods came back. */
  const returned = (): Scenario =>
    bought([voucher('gift', 5000), card(7980)]).given(
      A.ready(),
      ...all('c1', 'c2', 'p1', 'p2'),
      A.ship(),
      declared('R1', { '1': 1 }),
      claimed('R1', { '1': [1, 0] }),
      ...all('r1', 'r2'),
    );

  test('goes to the accounts that paid it, the newest payout first', () => {
    const order = returned();
    expect(moved(order).slice(2)).toEqual(['A1-b1 main pi_3Px 2283', 'A1-b2 gift gift_1 5000']);
    order.given(...all('b1', 'b2')).shows({ parties: { headquarters: 490, 'store-a': 0, 'store-b': 0 } });
  });

  test('goes to one of them where that paid enough', () => {
    const order = bought([voucher('gift', 5000), card(7980)]).given(A.ready(), ...all('c1', 'c2', 'p1', 'p2'));
    order.given(ops.refund(1000, '1'), confirmed('A1-r1'));
    expect(moved(order).slice(2)).toEqual(['A1-b1 main pi_3Px 875']);
    order.given(confirmed('A1-b1'), ops.refund(3000, '1'), ...all('r2', 'r3'));
    expect(moved(order).slice(3)).toEqual(['A1-b2 gift gift_1 2625']);
  });

  test('is asked once more of the account that was short, and owed for the rest', () => {
    const order = returned().given(short('A1-b1', 500));
    // The other one may be short too.
    expect(moved(order)).toHaveLength(4);
    order.given(confirmed('A1-b2'));
    expect(moved(order).slice(4)).toEqual(['A1-b3 main pi_3Px 500']);
    order.given(confirmed('A1-b3'), told('debt-paid', { store: 'store-a', key: 'A1-o1' })).raises();
    order.shows({ parties: { headquarters: 490 - 1783, 'store-a': 1783, 'store-b': 0 } });
  });

  test('is asked of another account that paid the store, where the first has too little', () => {
    const order = bought([voucher('gift', 5000), card(7980)]).given(A.ready(), ...all('c1', 'c2', 'p1', 'p2'));
    order.given(ops.refund(1000, '1'), confirmed('A1-r1'), short('A1-b1', 200));
    expect(moved(order).slice(2)).toEqual(['A1-b1 main pi_3Px 875', 'A1-b2 main pi_3Px 200', 'A1-b3 gift gift_1 675']);
    order
      .given(...all('b2', 'b3'))
      .raises()
      .shows({ parties: { 'store-a': 7283 - 875 } });
    expect(wrongFigures(order)).toEqual([]);
  });

  test('is asked of each account once: what none of them has is owed', () => {
    const order = bought([voucher('gift', 5000), card(7980)]).given(A.ready(), ...all('c1', 'c2', 'p1', 'p2'));
    order.given(ops.refund(1000, '1'), confirmed('A1-r1'), failed('A1-b1'), short('A1-b2', 600));
    expect(moved(order).slice(2)).toEqual(['A1-b1 main pi_3Px 875', 'A1-b2 gift gift_1 875']);
    order.raises('store-account-short', 'store-account-short');
    expect(order.view.ledger.at(-1)).toMatchObject({ kind: 'receivable', amount: 875 });
    order.given(told('debt-paid', { store: 'store-a', key: 'A1-o1' })).raises();
  });

  test('is owed for each account that was short, and the attention of each ends with its own debt', () => {
    const order = returned().given(short('A1-b1', 500), short('A1-b2', 2000));
    expect(moved(order).slice(4)).toEqual(['A1-b3 main pi_3Px 500', 'A1-b4 gift gift_1 2000']);
    expect(order.view.ledger.filter(({ kind }) => kind === 'receivable').map(({ amount }) => amount)).toEqual([
      1783, 3000,
    ]);
    order.given(...all('b3', 'b4')).raises('store-account-short', 'store-account-short');
    order.given(told('debt-paid', { store: 'store-a', key: 'A1-o1' })).raises('store-account-short');
    order.given(told('debt-paid', { store: 'store-a', key: 'A1-o2' })).raises();
  });

  test('waits for all payouts that are under way', () => {
    const order = bought([voucher('gift', 5000), card(7980)]).given(A.ready(), ...all('c1', 'c2', 'p1'));
    order.given(ops.refund(1000, '1'), confirmed('A1-r1'));
    expect(moved(order)).toHaveLength(2);
    order.given(confirmed('A1-p2'));
    expect(moved(order).slice(2)).toEqual(['A1-b1 main pi_3Px 875']);
  });
});

describe('a store that changed its own account between two fulfilments of one order', () => {
  const [OLD, NEW] = ['acct_old', 'acct_new'].map((payoutAccount): StoreTerms => ({ ...FRANCHISE, payoutAccount }));

  /** store-a was paid 72.83 to its old account, and 36.45 to the new one for what store-b declined. */
  const paidOut = (): Scenario => {
    const order = scenario('A1').given(
      shop.place(BASE),
      plan({ 'store-a': { '1': 1 }, 'store-b': { '2': 1 } }),
      reserved('A1-1', OLD),
      reserved('A1-2'),
    );
    order.given(A.ready('A1-1'), ...all('c1', 'p1'), A.ship('A1-1'), B.decline());
    order.given(plan({ 'store-a': { '2': 1 } }), reserved('A1-3', NEW), A.ready('A1-3'), ...all('c2', 'p2'));
    return order.given(A.ship('A1-3'));
  };
  const returned = (line: string): Said[] => [declared('R1', { [line]: 1 }), claimed('R1', { [line]: [1, 0] })];
  const ownAccounts = (order: Scenario): string[] =>
    order.requests
      .filter(({ kind }) => kind.startsWith('payout'))
      .map(({ key, payoutAccount, amount }) => `${key} ${payoutAccount} ${amount}`);

  test('gives back what the old one got from the old one, and nothing from the new one beyond what that got', () => {
    const order = paidOut().given(...returned('1'), confirmed('A1-r1'));
    expect(ownAccounts(order)).toEqual(['A1-p1 acct_old 7283', 'A1-p2 acct_new 3645', 'A1-b1 acct_old 7283']);
    order.given(confirmed('A1-b1')).shows({ parties: { 'store-a': 3645 } });
  });

  test('gives back from the new one first, where that got enough', () => {
    const order = paidOut().given(...returned('2'), confirmed('A1-r1'));
    expect(ownAccounts(order).slice(2)).toEqual(['A1-b1 acct_new 3645']);
  });

  test('gives back from both, where neither got all of it', () => {
    const order = paidOut().given(declared('R1', { '1': 1, '2': 1 }), claimed('R1', { '1': [1, 0], '2': [1, 0] }));
    order.given(confirmed('A1-r1'));
    expect(ownAccounts(order).slice(2)).toEqual(['A1-b1 acct_new 3645', 'A1-b2 acct_old 7283']);
    order.given(...all('b1', 'b2')).shows({ parties: { 'store-a': 0 } });
    expect(wrongFigures(order)).toEqual([]);
    expect(auditOf(order)).toEqual([]);
  });

  test('is asked once more for what the old one has, then the new one as far as it was paid, and owes the rest', () => {
    const order = paidOut().given(...returned('1'), confirmed('A1-r1'), short('A1-b1', 2000));
    expect(ownAccounts(order).slice(3)).toEqual(['A1-b2 acct_old 2000', 'A1-b3 acct_new 3645']);
    expect(order.view.ledger.at(-1)).toMatchObject({ kind: 'receivable', amount: 7283 - 2000 - 3645 });
  });
});

describe('a payout by two accounts', () => {
  const split = () => bought([voucher('gift', 5000), card(7980)]).given(A.ready(), ...all('c1', 'c2'));

  test('is asked again for the one that failed, and the other one moves on', () => {
    const order = split().given(failed('A1-p1'), confirmed('A1-p2')).raises('payout-failed');
    order.when(ops.retry('A1-p1')).says('event asked-again', 'gateway A1-p3 5000').raises();
    expect(moved(order).slice(2)).toEqual(['A1-p3 gift gift_1 5000']);
    order.given(confirmed('A1-p3')).shows({ parties: { 'store-a': 7283 } });
  });

  test('is split after the store has netted what it owes', () => {
    const order = bought([voucher('gift', 5000), card(7980)]).given(told('store-owes', { store: 'store-a' }));
    order.given(A.ready(), ...all('c1', 'c2'));
    expect(moved(order)).toEqual([]);
    order.given(told('payout-cleared', { key: 'A1-n1', store: 'store-a', netted: 700 }));
    expect(moved(order)).toEqual(['A1-p1 gift gift_1 5000', 'A1-p2 main pi_3Px 1583']);
  });

  test('agrees with what each account moved', () => {
    const order = split().given(...all('p1', 'p2'));
    expect(auditOf(order)).toEqual([]);
  });
});

describe('a record whose payouts name no tender', () => {
  const entry = (kind: Entry['kind'], amount: number, more: Partial<Entry> = {}): Entry => ({
    key: `A1-${kind}${amount}`,
    kind,
    amount,
    state: 'confirmed',
    party: kind === 'capture' ? 'customer' : 'store-a',
    at: BASE.placedAt,
    ...more,
  });
  const record = (...ledger: Entry[]) =>
    ({
      tenders: [{ account: 'gift' }, { account: 'main' }],
      fulfilments: [{ id: 'A1-1', store: 'store-a' }],
      ledger,
    }) as unknown as OrderRecord;
  const NONE = new Set<string>();
  const TAKEN = { amount: 7283, party: 'store-a', today: { account: 'main', payoutAccount: 'acct_1' } };

  test('gives back the newest first, and what a till took from the account of today', () => {
    const ofTill = {
      ...record(
        entry('payout', 500, { payoutAccount: 'acct_old' }),
        entry('payout', 300, { payoutAccount: 'acct_1' }),
        entry('till-sale', 4000),
      ),
      mode: 'reserve-and-collect',
      tenders: [],
    } as unknown as OrderRecord;
    const parts = (amount: number, without = NONE) => reversalParts(ofTill, { ...TAKEN, amount }, without);
    expect(parts(400)).toEqual([{ amount: 400, account: 'main', payoutAccount: 'acct_old' }]);
    expect(parts(1000)).toEqual([
      { amount: 500, account: 'main', payoutAccount: 'acct_1' },
      { amount: 500, account: 'main', payoutAccount: 'acct_old' },
    ]);
    expect(parts(1000, new Set(['main acct_1']))).toEqual([
      { amount: 500, account: 'main', payoutAccount: 'acct_old' },
    ]);
    const since = { account: 'brand-new', payoutAccount: 'acct_1' };
    const asked = { ...ofTill, ledger: [...ofTill.ledger, entry('payout', 200, { ...since })] };
    expect(reversalParts(asked, { ...TAKEN, amount: 1100 }, NONE)).toEqual([
      { amount: 200, ...since },
      { amount: 400, account: 'main', payoutAccount: 'acct_1' },
      { amount: 500, account: 'main', payoutAccount: 'acct_old' },
    ]);
  });

  test('had them paid by the first one', () => {
    const old = record(
      entry('capture', 1000, { tender: 0 }),
      entry('capture', 7814, { tender: 1 }),
      entry('payout', 7283),
    );
    expect(reversalParts(old, TAKEN, NONE)).toEqual([{ amount: 7283, tender: 0, payoutAccount: 'acct_1' }]);
    // What the first one gave beyond what it had, the other one has not given.
    expect(payoutParts(old, 'store-a', 3000)).toEqual([{ amount: 3000, tender: 1 }]);
  });
});
