/** Goods are ready for the customer or the carrier: their money is taken now, or as soon as it can be. */
import { type Effect, type Message, nowOf, type Refusal } from '../../../protocols/actor.ts';
import type { OrderCommands } from '../../../protocols/commands.ts';
import { formatMinor } from '../../../protocols/currency.ts';
import { extended } from '../../../protocols/extended.ts';
import { refuse, type Verdict } from '../../chart.ts';
import { planCaptures } from '../capture/capture.ts';
import { stillToCapture } from '../capture/still-to-capture.ts';
import { sumOf } from '../ledger/ledger.ts';
import { drawDown } from '../ledger/tenders.ts';
import { at, type Fulfilment, type OrderPolicy, type OrderRecord, positionOf, type Weighed } from '../record.ts';
import { prepaidKept } from '../refund/owe.ts';
import { addressed, inState } from './addressed.ts';
import { notAllocated } from './clerk.ts';
import { isReady } from './cut.ts';
import { namedUnits, requestedUnits, type UnitsByLine } from './requested-units.ts';
import { stopOfferTimer } from './store-work.ts';
import { mostBeyond } from './weighed.ts';

const NOTHING_WEIGHED: Weighed = { quantity: 0, gross: 0 };

export function ready(
  record: OrderRecord,
  message: Message<OrderCommands['ready']>,
  policy: OrderPolicy,
): Verdict<OrderRecord> {
  const { lines } = message.payload;
  const requested = lines ? requestedUnits(record, lines) : undefined;
  if (requested && 'refuse' in requested) return requested;
  const found = addressed(record, message);
  if ('refuse' in found) return found;
  const { fulfilment, position } = found;
  const units = requested?.units ?? notReady(fulfilment);
  // From an offer it means accepted and ready at once.
  const wrong = inState(fulfilment, 'offered', 'accepted') ?? notAllocated(record, fulfilment, units);
  if (wrong) return wrong;
  if (units.size === 0) return refuse('exceeds-allocated', `${fulfilment.id} has nothing open`);
  const weights = weightsOf(record, message.payload);
  if (weights && record.mode === 'reserve-and-collect')
    return refuse('wrong-state', `order ${record.id} is paid at a till: it is priced there`);
  const marked = markReady(record, position, units, weights);
  const dear = weights && beyondReach(record, marked, nowOf(message));
  if (dear) return dear;
  const books = planCaptures(marked, nowOf(message), policy);
  const event = readyEvent(record, books.record, fulfilment, units);
  return { record: books.record, effects: [...stopOfferTimer(fulfilment), event, ...books.effects] };
}

function notReady(fulfilment: Fulfilment): Map<number, number> {
  const units = new Map<number, number>();
  for (const { line, quantity, ready } of fulfilment.lines) if (quantity > ready) units.set(line, quantity - ready);
  return units;
}

/** By position of the line; undefined where nothing was weighed. */
function weightsOf(record: OrderRecord, { lines = [] }: OrderCommands['ready']): Map<number, Weighed> | undefined {
  const found = new Map<number, Weighed>();
  for (const { line, quantity, amount } of lines) {
    const position = positionOf(record, line);
    if (amount === undefined || position === undefined) continue;
    const known = found.get(position) ?? { quantity: 0, gross: 0 };
    found.set(position, { quantity: known.quantity + quantity, gross: known.gross + amount });
  }
  return found.size > 0 ? found : undefined;
}

/** All that is still to be captured has to be within what the payments of the order give. */
function beyondReach(before: OrderRecord, after: OrderRecord, now: number): { refuse: Refusal } | undefined {
  const need = (record: OrderRecord): number => Math.max(0, stillToCapture(record).amount - prepaidKept(record));
  const needed = need(after);
  if (needed <= need(before) || drawDown(after, needed, now)) return undefined;
  const most = after.tenders.reduce((sum, tender) => sum + tender.authorised + mostBeyond(tender, after.currency), 0);
  const money = (amount: number): string => formatMinor(amount, after.currency);
  const given = `the payments of ${after.id} give ${money(most)} at most, ${money(captured(after))} of it captured`;
  const reason = `${money(needed)} would be left to capture: ${given}`;
  return refuse('exceeds-over-capture', reason);
}

const captured = ({ ledger }: OrderRecord): number =>
  sumOf(ledger, ({ kind, state }) => kind === 'capture' && state !== 'failed');

function markReady(
  record: OrderRecord,
  position: number,
  units: UnitsByLine,
  weights: ReadonlyMap<number, Weighed> | undefined,
): OrderRecord {
  const fulfilment = at(record.fulfilments, position);
  const lines = fulfilment.lines.map((work) => {
    const { line, ready, weighed = NOTHING_WEIGHED } = work;
    const counted = { ...work, ready: ready + (units.get(line) ?? 0) };
    const news = weights?.get(line);
    if (!news) return counted;
    const sum = { quantity: weighed.quantity + news.quantity, gross: weighed.gross + news.gross };
    return extended(counted, { weighed: sum });
  });
  const state = lines.every(isReady) ? 'ready' : 'accepted';
  const next = { ...record, fulfilments: record.fulfilments.with(position, { ...fulfilment, state, lines }) };
  return lines.some(({ line }) => weights?.has(line)) ? extended(next, { weighed: true }) : next;
}

/** With the capture that it brought, if any. */
function readyEvent(before: OrderRecord, after: OrderRecord, { id, store }: Fulfilment, units: UnitsByLine): Effect {
  const entries = after.ledger.slice(before.ledger.length);
  const [lead] = entries;
  const amount = entries.reduce((sum, entry) => sum + entry.amount, 0);
  const money = lead ? { entry: lead.key, amount } : {};
  const payload = { fulfilment: id, store, lines: namedUnits(before, units), ...money };
  return { effect: 'event', name: 'ready', payload };
}
