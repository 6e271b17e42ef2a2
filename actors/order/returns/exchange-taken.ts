/**
 * The order that another one's return pays for (exchange-given.ts). What comes is a tender that settled at once: it pays first, what is
 * left of it is refunded under the authorisation that it was captured under. Of an order that is paid at a till it pays there (till.ts),
 * and nothing else is asked of the customer. While it is awaited nothing of the order's own payment is
 * voided: it may have to step in.
 */
import { castDraft, create } from 'mutative';
import type { Effect, Message, Refusal } from '../../../protocols/actor.ts';
import type { OrderCommands } from '../../../protocols/commands.ts';
import { formatMinor } from '../../../protocols/currency.ts';
import type { ToOrder } from '../../../protocols/internal.ts';
import { refuse, type Verdict } from '../../chart.ts';
import { lower, raise } from '../attention/attention.ts';
import { shippingUpFront } from '../capture/shipping-fee.ts';
import { stillToCapture } from '../capture/still-to-capture.ts';
import { coarsestStep } from '../ledger/amount-steps.ts';
import { nextKey } from '../ledger/ledger.ts';
import { awaitedFromExchange, hasFallenShort, paidByExchange, roomOf } from '../ledger/tenders.ts';
import { type Entry, instant, type OrderPolicy, type OrderRecord, type Tender } from '../record.ts';
import { prepaidKept } from '../refund/owe.ts';
import { isPaidAtTill } from '../refund/till-money.ts';
import type { AwaitedExchange } from './exchange.ts';

type Place = OrderCommands['place'];
type Paid = ToOrder['exchange-paid'];

export function wrongExchange(order: string, { exchange }: Place): { refuse: Refusal } | undefined {
  if (exchange?.order !== order) return undefined;
  return refuse('invalid-payload', 'exchange.order: must be another order');
}

export function placedExchange({ exchange }: Place): { exchange: AwaitedExchange } | undefined {
  return exchange && { exchange: { ...exchange, wanted: exchange.amount } };
}

/** The other order is told, and the time runs. */
export function askForExchange(record: OrderRecord, now: number, policy: OrderPolicy): Effect[] {
  const { exchange } = record;
  if (!exchange) return [];
  const payload: ToOrder['exchange-overdue'] = { return: exchange.return };
  const [timer, at] = [`exchange-overdue-${exchange.return}`, now + policy.exchangeWithinMs];
  return [want(record, exchange), { effect: 'timer', timer, at, name: 'exchange-overdue', payload }];
}

function want({ id, currency }: OrderRecord, { order, return: returned, wanted }: AwaitedExchange): Effect {
  const payload: ToOrder['exchange-wanted'] = { order: id, return: returned, currency, amount: wanted };
  return { effect: 'send', entity: 'order', id: order, name: 'exchange-wanted', payload };
}

export function exchangePaid(record: OrderRecord, { payload, at: now }: Message<Paid>): Verdict<OrderRecord> {
  const { exchange, tenders } = record;
  if (!exchange) throw new Error(`${record.id} awaits no exchange`);
  if (tenders.some(({ exchanged }) => exchanged?.entry === payload.entry)) {
    return { ignore: `${payload.entry} was taken` };
  }
  const entry = takenUnder(record, exchange, payload, now);
  const next = create(record, (draft) => {
    draft.tenders.push(castDraft(tenderOf(exchange, payload)));
    draft.ledger.push(castDraft(entry));
  });
  const { key, amount } = entry;
  const told = { entry: key, amount, order: exchange.order, return: exchange.return };
  return { record: next, effects: [{ effect: 'event', name: 'exchanged', payload: told }] };
}

function tenderOf({ order }: AwaitedExchange, { entry, tender: { amount, ...paying } }: Paid): Tender {
  return { ...paying, authorised: amount, settled: true, exchanged: { order, entry } };
}

/** It pays the shipping fee if no capture does, and what has come is enough for it. */
function takenUnder(record: OrderRecord, exchange: AwaitedExchange, { tender }: Paid, now: number): Entry {
  const shipping = shippingUpFront(record);
  return {
    key: nextKey(record, 'capture'),
    kind: 'capture',
    amount: tender.amount,
    state: 'confirmed',
    party: 'customer',
    tender: record.tenders.length,
    prepayment: true,
    ...(shipping > 0 && shipping <= prepaidKept(record) + tender.amount ? { shipping } : {}),
    exchange: exchange.order,
    return: exchange.return,
    at: instant(now),
  };
}

export function exchangeOver(
  record: OrderRecord,
  { payload }: Message<ToOrder['exchange-over']>,
): Verdict<OrderRecord> {
  const { exchange } = record;
  if (!exchange || exchange.over !== undefined) return { ignore: `${payload.return} gives nothing more` };
  const payloadOfEvent = {
    order: exchange.order,
    return: exchange.return,
    amount: payload.amount,
    reason: payload.reason,
  };
  return {
    record: { ...record, exchange: { ...exchange, over: payload.amount } },
    effects: [{ effect: 'event', name: 'exchange-ended', payload: payloadOfEvent }],
  };
}

/** What is missing is taken from the order's own payment, or asked of the customer: the return may still come before he pays. */
export function exchangeOverdue(record: OrderRecord): Verdict<OrderRecord> {
  const { exchange } = record;
  const awaited = isPaidAtTill(record) ? 0 : awaitedFromExchange(record);
  if (!exchange || awaited === 0) return { ignore: 'nothing is awaited' };
  const payload = { order: exchange.order, return: exchange.return, amount: awaited };
  return {
    record: { ...record, exchange: { ...exchange, overdue: true } },
    effects: [{ effect: 'event', name: 'exchange-overdue', payload }],
  };
}

const OVERDUE = 'exchange-overdue';
const SHORT = 'exchange-short';

/** Tells the other order where less is needed than before, and a person where more is needed than comes. */
export function planExchange(record: OrderRecord, now: number): { record: OrderRecord; effects: Effect[] } {
  const { exchange } = record;
  if (!exchange) return { record, effects: [] };
  const needed = Math.max(0, stillToCapture(record).amount - prepaidKept(record));
  const wanted = Math.min(exchange.wanted, paidByExchange(record) + needed);
  const isLess = exchange.over === undefined && wanted < exchange.wanted;
  const asked = isLess ? { ...record, exchange: { ...exchange, wanted } } : record;
  const next = withAttention(asked, exchange, needed, now);
  return { record: next, effects: isLess ? [want(asked, { ...exchange, wanted })] : [] };
}

export function whatCame(record: OrderRecord, { over, wanted, return: id, order }: AwaitedExchange): string {
  const came = over === undefined ? paidByExchange(record) : over;
  const [part, all] = [came, wanted].map((amount) => formatMinor(amount, record.currency));
  return `${part} of ${all} came from ${id} of ${order}${over === undefined ? ' in time' : ''}`;
}

function withAttention(record: OrderRecord, exchange: AwaitedExchange, needed: number, now: number): OrderRecord {
  const room = record.tenders.reduce((sum, _, position) => sum + roomOf(record, position, now), 0);
  // Nobody is asked for the rest of a fee alone.
  const isMissing = stillToCapture(record).units > 0 && needed - room >= coarsestStep(record);
  const isShort = !isPaidAtTill(record) && awaitedFromExchange(record) === 0 && hasFallenShort(record) && isMissing;
  const due = isShort ? (exchange.over === undefined ? OVERDUE : SHORT) : undefined;
  if (due === record.attention.find(({ about }) => about === exchange.return)?.code) return record;
  return create(record, (draft) => {
    lower(draft, exchange.return);
    const reason = `${whatCame(record, exchange)}: ${formatMinor(needed - room, record.currency)} is not paid`;
    if (due !== undefined) raise(draft, due, exchange.return, reason, now);
  });
}
