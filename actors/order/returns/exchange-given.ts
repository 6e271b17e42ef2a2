/**
 * The order whose return pays for another one: what the accepted units are worth is refunded to that order instead of the customer.
 *
 * X1  Each refund by exchange is a tender of the other order, of the same amount: over all orders they cancel out.
 * X2  A return pays for one order, no more than that order wants; the rest is refunded as ever.
 * X3  What the two orders say to one another may come in any order, and twice: what is wanted only gets less, payments have the keys
 *     of their refunds, and the last word names the sum of all that was given.
 */
import { create } from 'mutative';
import type { Effect, Message } from '../../../protocols/actor.ts';
import { formatMinor } from '../../../protocols/currency.ts';
import type { ToOrder } from '../../../protocols/internal.ts';
import type { Verdict } from '../../chart.ts';
import type { Books } from '../ledger/ledger.ts';
import { isWaiting } from '../lifecycle.ts';
import type { Obligation, OrderPolicy, OrderRecord, Working } from '../record.ts';
import { isAskedOfPerson } from '../refund/asked-of-person.ts';
import type { Exchange } from './exchange.ts';

type Wanted = ToOrder['exchange-wanted'];
type Claim = ToOrder['claim'];

export function exchangeWanted(
  record: OrderRecord | undefined,
  { id, payload }: Message<Wanted>,
): Verdict<OrderRecord> {
  const refusal = whyNot(record, id, payload);
  if (refusal !== undefined || !record) return { answer: [over(payload.order, payload.return, 0, refusal ?? '')] };
  const known = exchangeOf(record, payload.return);
  const wanted = Math.min(known?.wanted ?? payload.amount, payload.amount);
  if (known?.wanted === wanted) return { ignore: `${payload.order} wants ${wanted} already` };
  const next = create(record, (draft) => {
    const link = draft.exchanges?.find((of) => of.return === payload.return);
    if (link) link.wanted = wanted;
    else addExchange(draft, { return: payload.return, order: payload.order, wanted, given: 0 });
  });
  return { record: next, effects: [] };
}

function whyNot(record: OrderRecord | undefined, id: string, wanted: Wanted): string | undefined {
  if (!record) return `no order ${id}`;
  if (record.currency !== wanted.currency) return `${id} is in ${record.currency}`;
  const { order = wanted.order } = exchangeOf(record, wanted.return) ?? {};
  return order === wanted.order ? undefined : `${wanted.return} pays for ${order}`;
}

/** A claim names the order that it pays for; that order may not be placed yet. */
export function noteExchange(
  draft: Working,
  { return: id, exchange }: Claim,
  now: number,
  policy: OrderPolicy,
): Effect[] {
  if (exchange === undefined) return [];
  if (draft.exchanges?.some((known) => known.return === id)) return [];
  addExchange(draft, { return: id, order: exchange, given: 0 });
  const payload: ToOrder['exchange-lapsed'] = { return: id };
  const at = now + policy.exchangeWithinMs;
  return [{ effect: 'timer', timer: `exchange-lapsed-${id}`, at, name: 'exchange-lapsed', payload }];
}

function addExchange(draft: Working, exchange: Exchange): void {
  draft.exchanges = [...(draft.exchanges ?? []), exchange];
}

/** The new order did not come: the refund waits no longer. */
export function exchangeLapsed(
  record: OrderRecord,
  { payload }: Message<ToOrder['exchange-lapsed']>,
): Verdict<OrderRecord> {
  const known = exchangeOf(record, payload.return);
  if (!known || known.wanted !== undefined) return { ignore: `${payload.return} waits for no order` };
  const next = create(record, (draft) => {
    const link = draft.exchanges?.find((of) => of.return === payload.return);
    if (link) link.lapsed = true;
  });
  const event = { return: payload.return, order: known.order };
  return { record: next, effects: [{ effect: 'event', name: 'exchange-lapsed', payload: event }] };
}

/** What of an obligation goes to another order now; undefined where it is not known yet. */
export function partForExchange(record: OrderRecord, obligation: Obligation): number | undefined {
  const exchange = obligation.return === undefined ? undefined : exchangeOf(record, obligation.return);
  if (!exchange) return 0;
  const { wanted, given, lapsed, over: isOver } = exchange;
  // That order knows that nothing more comes: this is of goods whose capture was lost, and taken after all.
  if (isOver) return 0;
  if (wanted === undefined) return lapsed ? 0 : undefined;
  return Math.max(0, Math.min(obligation.amount, wanted - given));
}

export function exchangeOf({ exchanges }: OrderRecord, id: string): Exchange | undefined {
  return exchanges?.find((known) => known.return === id);
}

export function gaveInExchange(record: OrderRecord, id: string, amount: number): OrderRecord {
  if (amount === 0 || !record.exchanges) return record;
  const exchanges = record.exchanges.map((known) => {
    return known.return === id ? { ...known, given: known.given + amount } : known;
  });
  return { ...record, exchanges };
}

/** A return that is decided whole gives nothing more: the new order has to know where it hoped for more. */
export function planExchangeOver(record: OrderRecord): Books {
  const ended = record.exchanges?.filter((exchange) => hasEnded(record, exchange)) ?? [];
  if (ended.length === 0) return { record, effects: [] };
  const money = (amount: number): string => formatMinor(amount, record.currency);
  const exchanges = record.exchanges?.map((known) =>
    ended.includes(known) ? { ...known, over: true as const } : known,
  );
  const effects = ended
    .filter(({ wanted = 0, given }) => given < wanted)
    .map(({ order, return: id, wanted = 0, given }) =>
      over(order, id, given, `${money(given)} of ${money(wanted)} came from ${id}`),
    );
  return { record: { ...record, ...(exchanges ? { exchanges } : {}) }, effects };
}

function hasEnded(record: OrderRecord, { return: id, wanted, over: isOver }: Exchange): boolean {
  const returned = record.returns.find((known) => known.return === id);
  if (isOver || wanted === undefined || !returned) return false;
  if (returned.lines.some(({ declared }) => declared > 0)) return false;
  return !record.obligations.some(
    (owed, position) => owed.return === id && isWaiting(record, owed) && !isAskedOfPerson(record, position),
  );
}

function over(order: string, id: string, amount: number, reason: string): Effect {
  const payload: ToOrder['exchange-over'] = { return: id, amount, reason };
  return { effect: 'send', entity: 'order', id: order, name: 'exchange-over', payload };
}
