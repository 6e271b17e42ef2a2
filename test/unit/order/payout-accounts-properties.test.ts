/** Orders that several accounts paid, whatever happens to them: none gives what it has not, and stores get what one account would give. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OrderCommands } from '../../../protocols/commands.ts';
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
} from './scenario.ts';

type Payment = NonNullable<OrderCommands['place']['payment']>;

const ACCOUNTS = ['main', 'gift', 'voucher'];
const { payment: _, ...UNPAID } = BASE;

interface Paid {
  account: string;
  amount: number;
  atOnce: boolean;
}

function bought(payments: readonly Paid[]): Scenario {
  const given = payments.map(
    ({ account, amount, atOnce }, index): Payment => ({
      ...paymentOf(BASE),
      account,
      transaction: `t${index}`,
      authorised: amount,
      captured: atOnce ? amount : 0,
    }),
  );
  return scenario('A1', { accounts: ACCOUNTS }).given(shop.place({ ...UNPAID, payments: given }), ...bothAccept('A1'));
}

const payments: fc.Arbitrary<Paid[]> = fc
  .tuple(
    fc.integer({ min: 1, max: 6000 }),
    fc.integer({ min: 1, max: 6000 }),
    fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
  )
  .chain(([first, second, atOnce]) =>
    fc.shuffledSubarray(ACCOUNTS, { minLength: 3 }).map((accounts) =>
      [first, second, 12980 - first - second].map((amount, index) => ({
        account: accounts[index] ?? 'main',
        amount,
        atOnce: atOnce[index] ?? false,
      })),
    ),
  );

type Step = { say: Said } | { answer: 'customer'; which: number; fails: boolean } | { answer: 'stores' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .constantFrom(
      A.ready('A1-1'),
      A.ship('A1-1'),
      B.ready(),
      B.ship(),
      B.decline(),
      A.ready('A1-3'),
      A.ship('A1-3'),
      shop.cancel({ lines: [{ line: '2', quantity: 1 }] }),
      declared('R1', { '1': 1 }),
      ops.refund(700, '1'),
      ops.refund(2500, '2'),
      ops.refund(1900),
    )
    .map((say) => ({ say })),
  fc.record({
    answer: fc.constant('customer' as const),
    which: fc.nat(5),
    fails: fc.integer({ min: 0, max: 9 }).map((of) => of === 0),
  }),
  fc.constant({ answer: 'stores' as const }),
);

const answered: Step[] = [
  ...[0, 1, 2].map((which): Step => ({ answer: 'customer', which: 2 - which, fails: false })),
  { answer: 'stores' },
];

/** Or store-a was paid to an account of its own for each of the lines. */
const begun: fc.Arbitrary<Step[]> = fc.constantFrom(
  [],
  [{ say: A.ready('A1-1') }, ...answered, { say: B.decline() }, { say: A.ready('A1-3') }, ...answered],
);

const openOf = ({ view }: Scenario, isOfStore: boolean) =>
  view.ledger.filter(({ state, party }) => state === 'requested' && (party !== 'customer') === isOfStore);

function play(order: Scenario, next: Step, seen: (order: Scenario) => void): void {
  const tell = (said: Said): void => {
    order.when(said);
    seen(order);
  };
  if ('say' in next) {
    tell(next.say);
    const isDeclared = next.say.name === 'declare' && order.last?.kind === 'applied';
    if (isDeclared) tell(claimed('R1', { '1': [1, 0] }));
    if (next.say.name === 'decline' && order.last?.kind === 'applied') {
      tell(plan({ 'store-a': { '2': 1 } }));
      tell(reserved('A1-3', { ...FRANCHISE, payoutAccount: 'acct_new' }));
    }
  } else if (next.answer === 'stores') for (const { entry } of openOf(order, true)) tell(confirmed(entry));
  else {
    const open = openOf(order, false);
    const asked = open[next.which % open.length];
    if (asked) tell((next.fails && asked.kind === 'capture' ? failed : confirmed)(asked.entry));
  }
}

function toRest(order: Scenario, seen: (order: Scenario) => void): void {
  for (let open = order.view.ledger; open.length > 0; open = [...openOf(order, false), ...openOf(order, true)]) {
    play(order, { answer: 'customer', which: 0, fails: false }, seen);
    play(order, { answer: 'stores' }, seen);
  }
}

/** By account: what it took of customers, less what it gave to anybody, without the payouts of `without`. */
function rooms(order: Scenario, payments: readonly Paid[], without: ReadonlySet<string>): Map<string, number> {
  const found = new Map(ACCOUNTS.map((account) => [account, 0]));
  for (const { entry, kind, amount, state, gatewayReference = '' } of order.view.ledger) {
    // What was taken at once was asked of nobody: it has the name of its transaction.
    const account = order.accounts.get(entry) ?? payments[Number(gatewayReference.slice(1))]?.account ?? '';
    const isDone = state === 'confirmed';
    const signed = {
      capture: isDone ? amount : 0,
      refund: -amount,
      payout: without.has(entry) ? 0 : -amount,
      'payout-reversal': isDone ? amount : 0,
    }[kind as string];
    if (signed) found.set(account, (found.get(account) ?? 0) + signed);
  }
  return found;
}

/** By account, store and its own account: what that got and was not asked to give back. */
function heldBy({ requests, accounts }: Scenario): Map<string, number> {
  const held = new Map([['nobody', 0]]);
  for (const { key, kind, party, payoutAccount, amount } of requests) {
    const name = `${accounts.get(key)} ${party} ${payoutAccount}`;
    const signed = kind === 'payout' ? amount : -amount;
    if (kind.startsWith('payout')) held.set(name, (held.get(name) ?? 0) + signed);
  }
  return held;
}

const hasTwo = ({ requests }: Scenario): boolean =>
  new Set(
    requests.flatMap(({ kind, party, payoutAccount }) =>
      kind === 'payout' && party === 'store-a' ? [payoutAccount] : [],
    ),
  ).size > 1;

test('no account gives a store more than it has of the order, as long as all of them have enough; stores get the same', () => {
  const seenParts: number[] = [];
  const pulledBack = new Set<string>();
  fc.assert(
    fc.property(payments, begun, fc.array(step, { minLength: 5, maxLength: 25 }), (paid, begin, steps) => {
      const several = bought(paid);
      const one = bought(paid.map((payment) => ({ ...payment, account: 'main' })));
      const known = new Set<string>();
      const check = (order: Scenario): void => {
        expect(Math.min(...heldBy(order).values())).toBeGreaterThanOrEqual(0);
        for (const { kind, payoutAccount = '' } of order.requests)
          if (kind === 'payout-reversal' && hasTwo(order)) pulledBack.add(payoutAccount);
        const asked = order.requests.filter(({ key, kind }) => kind === 'payout' && !known.has(key));
        if (asked.length === 0) return;
        const has = rooms(order, paid, new Set(asked.map(({ key }) => key)));
        const enough = [...has.values()].reduce((sum, room) => sum + Math.max(0, room), 0);
        const given = new Map<string, number>();
        for (const { key, amount } of asked) {
          known.add(key);
          const account = order.accounts.get(key) ?? '';
          given.set(account, (given.get(account) ?? 0) + amount);
        }
        seenParts.push(given.size);
        if (asked.reduce((sum, { amount }) => sum + amount, 0) > enough) return;
        for (const [account, amount] of given) expect(amount).toBeLessThanOrEqual(has.get(account) ?? 0);
      };
      for (const next of [...begin, ...steps]) {
        play(several, next, check);
        play(one, next, () => {});
      }
      toRest(several, check);
      toRest(one, () => {});
      expect(several.view.parties).toEqual(one.view.parties);
      expect(several.view.totals).toEqual(one.view.totals);
    }),
    { numRuns: 40, seed: 20261126 },
  );
  // It has seen payouts by one account and by several, and both accounts of a store give back.
  expect(new Set(seenParts).size).toBeGreaterThan(1);
  expect(pulledBack.size).toBe(2);
});
