/** `reserve`: all the units of a fulfilment or none, and never twice. The store's terms go with it, or by themselves. */
import type { Effect, Message } from '../../protocols/actor.ts';
import type { SkuUnits, ToOrder, ToStore } from '../../protocols/internal.ts';
import type { StoreTerms } from '../../protocols/sourcing.ts';
import type { Verdict } from '../chart.ts';
import { isInDebt } from './account.ts';
import { stockEvent } from './announce.ts';
import { HoldingsEdit } from './holdings.ts';
import { nextRevision, type StoreRecord } from './record.ts';
import { howPaid } from './terms.ts';

export function reserve(record: StoreRecord | undefined, message: Message<ToStore['reserve']>): Verdict<StoreRecord> {
  const { order, fulfilment, lines } = message.payload;
  if (!record) return { answer: [refusal(message.payload, `there is no ${message.id}`)] };
  const edit = new HoldingsEdit(record.holdings);
  const effects = [reservation(message.payload, record)];
  if (edit.isReserved(fulfilment, lines)) return { answer: effects };
  if (!record.open) return { answer: [refusal(message.payload, `${record.id} is closed`)] };
  const short: string[] = [];
  for (const { line, sku, quantity } of lines) {
    const [, onHand, reserved] = edit.stockOf(sku);
    if (reserved + quantity > onHand) short.push(line);
    else edit.setStock(sku, onHand, reserved + quantity);
  }
  if (short.length > 0) return { answer: [refusal(message.payload, `too few for line ${short.join(', ')}`, short)] };
  edit.addWork({ fulfilment, order, since: nextRevision(record), lines: lines.map(kept) });
  const holdings = edit.done();
  return { record: { ...record, holdings }, effects: [...effects, stockEvent(record, edit, holdings.load)] };
}

const kept = ({ line, sku, quantity }: SkuUnits): SkuUnits => ({ line, sku, quantity });

function reservation({ order, fulfilment, takenAt }: ToStore['reserve'], record: StoreRecord): Effect {
  const { autoAccept } = record.terms;
  const payload: ToOrder['reserved'] = {
    fulfilment,
    accepted: autoAccept,
    terms: termsAt(record, takenAt),
    ...(isInDebt(record) ? { owes: true } : {}),
  };
  return { effect: 'send', entity: 'order', id: order, name: 'reserved', payload };
}

/** It took goods back, and need not have reserved any. */
export function tellTerms(
  record: StoreRecord | undefined,
  { id, payload }: Message<ToStore['tell-terms']>,
): Verdict<StoreRecord> {
  const { order, takenAt } = payload;
  const told: ToOrder['store-terms'] = {
    store: id,
    ...(record ? { terms: termsAt(record, takenAt) } : {}),
    ...(record && isInDebt(record) ? { owes: true } : {}),
  };
  return { answer: [{ effect: 'send', entity: 'order', id: order, name: 'store-terms', payload: told }] };
}

/**
 * Ownership and commission of when the order was placed, the account of today: money goes where the store can take it. A company store
 * has none; if it was a franchise then, it is paid as it was at last.
 */
function termsAt({ terms, earlier = [] }: StoreRecord, takenAt: string | undefined): StoreTerms {
  const then = takenAt === undefined ? undefined : earlier.find(({ until }) => takenAt < until);
  const { ownership, commission } = then ?? terms;
  const isBought = ownership === 'franchise' && terms.ownership === 'company';
  const wasPaid = isBought ? earlier.findLast(({ payoutAccount }) => payoutAccount !== undefined) : undefined;
  return { ownership, commission, ...howPaid(wasPaid ?? terms) };
}

function refusal({ order, fulfilment }: ToStore['reserve'], reason: string, short?: string[]): Effect {
  const payload: ToOrder['reserve-refused'] = { fulfilment, reason, ...(short && { short }) };
  return { effect: 'send', entity: 'order', id: order, name: 'reserve-refused', payload };
}
