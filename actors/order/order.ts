/**
 * The order: its fulfilments and the ledger of its money.
 *
 * Owns    what was bought at which amounts, who fulfils it, every movement of its money from reservation to outcome.
 * Hears   commands of channels, stores and ops; plans of sourcing; stores that reserve; returns; the gateway; its timers.
 * Says    offers and releases to stores, requests to the gateway, answers to returns, one event a step.
 *
 * O1  The state is read off the record (lifecycle.ts) and never leaves `fulfilled`, `closed` or `cancelled` for an earlier one, but
 *     for one case: a late till ticket (till.ts) says that goods of a reservation that ran out were sold, and the order is `fulfilled`.
 * O2  After every step the books are settled (settle.ts): what is asked of the gateway is reserved in the same step.
 * O3  Goods leave only when their money is confirmed; money never moves a physical state back.
 * O4  A store touches only its own fulfilments.
 */
import { setup } from 'xstate';
import { type Effect, type Message, nowOf } from '../../protocols/actor.ts';
import { extended } from '../../protocols/extended.ts';
import type { OrderState } from '../../protocols/views.ts';
import { chartActor, chartRecords, hears, type Judge, type Stored, type Verdict } from '../chart.ts';
import { ledgerAgrees, ledgerDiffers } from './attention/audited.ts';
import { resolve } from './attention/resolve.ts';
import { expireAuthorisation, expiryTimers } from './capture/expiry.ts';
import { paid } from './capture/payment-request.ts';
import { requestPayment } from './capture/request-payment.ts';
import { cancel } from './fulfilment/cancel.ts';
import { accept, decline, shortPick } from './fulfilment/clerk.ts';
import { deadlinePassed, deadlineTimers, readyOverdue, withoutEndedWaits } from './fulfilment/deadlines.ts';
import { collect, ship } from './fulfilment/hand-over.ts';
import { hold, release, withoutEndedHold } from './fulfilment/hold.ts';
import { ready } from './fulfilment/ready.ts';
import { sell } from './fulfilment/till.ts';
import { gatewayResult } from './ledger/gateway-result.ts';
import type { Books } from './ledger/ledger.ts';
import { confirm, fail } from './ledger/looked-up.ts';
import { hearKept } from './ledger/notices.ts';
import { noticesUnclaimed, notify, notifyAbsent, withNotices } from './ledger/notify.ts';
import { retry } from './ledger/retry.ts';
import { lifecycle } from './lifecycle.ts';
import { migrate } from './migrate/migrate.ts';
import { debtPaid } from './payout/collected.ts';
import { payoutCleared, storeOwes } from './payout/netting.ts';
import { payoutDue } from './payout/payout-period.ts';
import { place } from './placing/place.ts';
import { offerExpired, reserved, reserveRefused, sourced, stockLost } from './placing/sourcing.ts';
import { storeTerms } from './placing/store-terms.ts';
import type { Notice, OrderPolicy, OrderRecord } from './record.ts';
import { refund } from './refund/refund.ts';
import { settleRefund } from './refund/settle-refund.ts';
import { claim } from './returns/claim.ts';
import { declare, declareCancelled } from './returns/declaring.ts';
import { exchangeLapsed, exchangeWanted } from './returns/exchange-given.ts';
import { exchangeOver, exchangeOverdue, exchangePaid } from './returns/exchange-taken.ts';
import { notRestocked } from './returns/not-restocked.ts';
import { attribution } from './rows/attribution.ts';
import { heardIn } from './rows/heard.ts';
import { settle } from './settle.ts';

interface Context {
  record: OrderRecord | undefined;
}

const is =
  (state: OrderState) =>
  ({ context }: { context: Context }): boolean =>
    context.record !== undefined && lifecycle(context.record) === state;

/** Of an order that came to nothing, or came back: true when a late till ticket says that goods are out after all. */
const hasSoldLate = ({ context }: { context: Context }): boolean =>
  context.record?.lines.some(({ handedOver, returned }) => handedOver > returned) === true;

const SOLD_LATE = [{ guard: hasSoldLate, target: 'fulfilled' }];

const STATES = ['held', 'sourcing', 'fulfilling', 'fulfilled', 'closed', 'cancelled'] as const;

const moves = (states: readonly OrderState[]) => states.map((target) => ({ guard: is(target), target }));

const movesFrom = (own: OrderState) => moves(STATES.filter((state) => state !== own));

const ALWAYS = hears(
  'gateway-result',
  'store-owes',
  'store-terms',
  'not-restocked',
  'debt-paid',
  'payout-cleared',
  'payout-due',
  'sourced',
  'reserved',
  'reserve-refused',
  'stock-lost',
  'offer-expired',
  'not-ready',
  'not-collected',
  'reservation-expired',
  'expire-authorisation',
  'declare',
  'sell',
  'confirm',
  'fail',
  'retry',
  'request-payment',
  'settle-refund',
  'resolve',
  'paid',
  'notify',
  'exchange-wanted',
  'exchange-lapsed',
  'exchange-paid',
  'exchange-over',
  'exchange-overdue',
  'ledger-differs',
  'ledger-agrees',
);
const RETURNING = hears('declare-cancelled', 'claim', 'refund');
const OFFERING = hears('cancel', 'accept', 'decline', 'short-pick');
const WORKING = hears('hold', 'ready', 'ship', 'collect');

const machine = setup({
  types: { context: {} as Context, events: {} as { type: string } },
}).createMachine({
  id: 'order',
  initial: 'absent',
  context: { record: undefined },
  states: {
    absent: { on: hears('place', 'declare', 'exchange-wanted', 'notify', 'notices-unclaimed'), always: moves(STATES) },
    held: { on: { ...ALWAYS, ...RETURNING, ...OFFERING, ...hears('release') }, always: movesFrom('held') },
    sourcing: { on: { ...ALWAYS, ...RETURNING, ...OFFERING, ...WORKING }, always: movesFrom('sourcing') },
    fulfilling: { on: { ...ALWAYS, ...RETURNING, ...OFFERING, ...WORKING }, always: movesFrom('fulfilling') },
    fulfilled: { on: { ...ALWAYS, ...RETURNING }, always: moves(['closed']) },
    closed: { on: { ...ALWAYS, ...RETURNING }, always: SOLD_LATE },
    cancelled: { on: { ...ALWAYS, ...RETURNING }, always: SOLD_LATE },
  },
});

const STORED = {
  entity: 'order',
  machine,
  join: ({ state: _, ...stored }: Stored): OrderRecord => migrate(stored),
};

/** Orders as they are stored: enough to show one. */
export const orderRecords = chartRecords<OrderRecord>(STORED);

type KnownJudge = (record: OrderRecord, message: Message<never>, policy: OrderPolicy) => Verdict<OrderRecord>;

const JUDGES: Record<string, KnownJudge> = {
  cancel,
  hold,
  release,
  refund,
  accept,
  decline,
  'short-pick': shortPick,
  ready,
  ship,
  collect,
  sell,
  sourced,
  reserved,
  'reserve-refused': reserveRefused,
  'stock-lost': stockLost,
  'offer-expired': offerExpired,
  'not-ready': readyOverdue,
  'not-collected': deadlinePassed,
  'reservation-expired': deadlinePassed,
  'expire-authorisation': expireAuthorisation,
  'gateway-result': gatewayResult,
  'ledger-differs': ledgerDiffers,
  'ledger-agrees': ledgerAgrees,
  confirm,
  fail,
  retry,
  'request-payment': requestPayment,
  'settle-refund': settleRefund,
  resolve,
  'store-owes': storeOwes,
  'store-terms': storeTerms,
  'not-restocked': notRestocked,
  'debt-paid': debtPaid,
  'payout-cleared': payoutCleared,
  'payout-due': payoutDue,
  paid,
  'declare-cancelled': declareCancelled,
  claim,
  'exchange-lapsed': exchangeLapsed,
  'exchange-paid': exchangePaid,
  'exchange-over': exchangeOver,
  'exchange-overdue': exchangeOverdue,
};

export function createOrder(policy: OrderPolicy) {
  const judges: Record<string, Judge<OrderRecord>> = {
    place: (_, message, kept) =>
      settled(undefined, withNotices(place(policy, message), kept as Notice[]), message, policy),
    notify: (record, message, kept) =>
      record
        ? settled(record, notify(record, message, policy), message, policy)
        : notifyAbsent(kept as Notice[], message, policy),
    'notices-unclaimed': (_, __, kept) => noticesUnclaimed(kept as Notice[]),
    declare,
    'exchange-wanted': (record, message) => settled(record, exchangeWanted(record, message), message, policy),
  };
  for (const [name, judge] of Object.entries(JUDGES)) {
    judges[name] = (record, message) => {
      if (!record) throw new Error(`order ${message.id} is not there`);
      return settled(record, judge(record, message, policy), message, policy);
    };
  }
  return chartActor<OrderRecord>({
    ...STORED,
    judges,
    unknown: 'unknown-order',
    remembersCommands: true,
    stateEvents: { fulfilled: 'fulfilled', cancelled: 'cancelled', closed: 'closed' },
  });
}

/** The books are settled, what was told before its time is heard, and what the step moved is said in rows. */
function settled(
  before: OrderRecord | undefined,
  verdict: Verdict<OrderRecord>,
  message: Message,
  policy: OrderPolicy,
): Verdict<OrderRecord> {
  if (!('record' in verdict)) return verdict;
  const stepped = withoutEndedWaits(verdict.record);
  const timers = deadlineTimers(before, stepped, message, policy);
  const { record: books, effects } = settledAndHeard(withoutEndedHold(stepped), nowOf(message), policy);
  const record = numbered(before, reported(books), message);
  const expiries = expiryTimers(before, record, message, policy);
  const rows = attribution(before, record, message, policy);
  const more = [...timers, ...effects, ...expiries, ...rows];
  const all: Effect[] = more.length > 0 ? [...verdict.effects, ...more] : verdict.effects;
  return { ...verdict, record, effects: all };
}

function reported(record: OrderRecord): OrderRecord {
  if (record.unreported === undefined) return record;
  const { unreported: _, ...rest } = record;
  return rest;
}

/** New entries know their step, so that what led to one is found. The chart counts the revision in the same way. */
function numbered(before: OrderRecord | undefined, record: OrderRecord, message: Message): OrderRecord {
  const known = before?.ledger.length ?? 0;
  if (record.ledger.length === known) return record;
  const step = { step: (before?.revision ?? 0) + 1, ...heardIn(record, message) };
  const ledger = record.ledger.map((entry, position) => (position < known ? entry : extended(entry, step)));
  return { ...record, ledger };
}

function settledAndHeard(record: OrderRecord, now: number, policy: OrderPolicy): Books {
  const books = settle(record, now, policy);
  if (!books.record.notices) return books;
  const heard = hearKept(books.record, now, policy);
  if (heard.record === books.record) return books;
  const next = settledAndHeard(heard.record, now, policy);
  return { record: next.record, effects: [...books.effects, ...heard.effects, ...next.effects] };
}
