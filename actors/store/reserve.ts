/** `reserve`: all the units of a fulfilment or none, and never twice. */
import type { Effect, Message } from '../../protocols/actor.ts';
import type { SkuUnits, ToOrder, ToStore } from '../../protocols/internal.ts';
import type { StoreTerms } from '../../protocols/sourcing.ts';
import type { Verdict } from '../chart.ts';
import { stockEvent } from './announce.ts';
import { HoldingsEdit } from './holdings.ts';
import { nextRevision, type StoreRecord, type Terms, unitsBySku } from './record.ts';

export function reserve(record: StoreRecord | undefined, message: Message<ToStore['reserve']>): Verdict<StoreRecord> {
  const { order, fulfilment, lines } = message.payload;
  if (!record) return { answer: [refusal(message.payload, `there is no ${message.id}`)] };
  const edit = new HoldingsEdit(record.holdings);
  const effects = [reservation(message.payload, record.terms)];
  if (edit.isReserved(fulfilment, lines)) return { answer: effects };
  if (!record.open) return { answer: [refusal(message.payload, `${record.id} is closed`)] };
  for (const [sku, quantity] of unitsBySku(lines)) {
    const [, onHand, reserved] = edit.stockOf(sku);
    if (reserved + quantity > onHand)
      return { answer: [refusal(message.payload, tooFew(sku, quantity, onHand - reserved))] };
    edit.setStock(sku, onHand, reserved + quantity);
  }
  edit.addWork({ fulfilment, order, since: nextRevision(record), lines: lines.map(kept) });
  const holdings = edit.done();
  return { record: { ...record, holdings }, effects: [...effects, stockEvent(record, edit, holdings.load)] };
}

const kept = ({ line, sku, quantity }: SkuUnits): SkuUnits => ({ line, sku, quantity });

const tooFew = (sku: string, wanted: number, available: number): string =>
  `${sku}: ${wanted} wanted, ${available} available`;

function reservation({ order, fulfilment }: ToStore['reserve'], terms: Terms): Effect {
  const payload: ToOrder['reserved'] = { fulfilment, accepted: terms.autoAccept, terms: frozenTerms(terms) };
  return { effect: 'send', entity: 'order', id: order, name: 'reserved', payload };
}

function frozenTerms({ ownership, commission, payoutAccount }: Terms): StoreTerms {
  return { ownership, commission, ...(payoutAccount === undefined ? {} : { payoutAccount }) };
}

function refusal({ order, fulfilment }: ToStore['reserve'], reason: string): Effect {
  const payload: ToOrder['reserve-refused'] = { fulfilment, reason };
  return { effect: 'send', entity: 'order', id: order, name: 'reserve-refused', payload };
}
