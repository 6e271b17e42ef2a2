/**
 * What failed is asked for again under another key: only where it is certain that no money moved under the first one, and never
 * will. What the provider had accepted once it may take after all.
 */
import { create } from 'mutative';
import type { Message, Refusal } from '../../protocols/actor.ts';
import type { OrderCommands } from '../../protocols/commands.ts';
import { refuse, type Verdict } from '../chart.ts';
import { lower } from './attention.ts';
import { type Books, reserve, sumOf } from './ledger.ts';
import { namedEntry } from './looked-up.ts';
import { at, type Entry, type OrderPolicy, type OrderRecord } from './record.ts';
import { isCaptured } from './refunds.ts';
import { settle } from './settle.ts';
import { failedCaptures, shippingToCapture } from './still-to-capture.ts';
import { hasExpired, prepaidLeft, roomOf } from './tenders.ts';

export function retry(
  record: OrderRecord,
  { payload, at: now }: Message<OrderCommands['retry']>,
  policy: OrderPolicy,
): Verdict<OrderRecord> {
  const named = namedEntry(record, payload.entry);
  if ('refuse' in named) return named;
  const { entry, position } = named;
  const books = mayHaveMoved(entry) ?? again(record, position, now, policy);
  if ('refuse' in books) return books;
  const { ledger } = books.record;
  const { key, amount } = at(
    ledger,
    ledger.findLastIndex(({ retries }) => retries === first(record, position)),
  );
  const next = create(books.record, (draft) => lower(draft, entry.key));
  const said = { entry: key, retries: entry.key, amount };
  return { record: next, effects: [{ effect: 'event', name: 'asked-again', payload: said }, ...books.effects] };
}

function mayHaveMoved({ key, state, replaced, gatewayReference }: Entry): { refuse: Refusal } | undefined {
  if (state === 'unknown') {
    return refuse('may-have-moved', `${key} is unknown: look it up at the provider, then say confirm or fail`);
  }
  if (state !== 'failed') return refuse('wrong-state', `${key} is ${state}, not failed`);
  if (replaced) return refuse('wrong-state', `${key} was asked again, or another entry that asked for the same moved`);
  if (gatewayReference === undefined) return undefined;
  return refuse(
    'may-have-moved',
    `${key} was accepted as ${gatewayReference} before it failed: it may be taken after all`,
  );
}

function again(record: OrderRecord, position: number, now: number, policy: OrderPolicy): Books | { refuse: Refusal } {
  switch (at(record.ledger, position).kind) {
    case 'capture':
      return captureAgain(record, position, now, policy);
    case 'refund':
      return notRefundable(record, position) ?? refundAgain(record, position, now, policy);
    default:
      return plannedAgain(record, position, now, policy);
  }
}

/** Without the shipping fee where another capture took it since. */
function captureAgain(
  record: OrderRecord,
  position: number,
  now: number,
  policy: OrderPolicy,
): Books | { refuse: Refusal } {
  const { key, amount, tender = 0, fulfilment, fulfilments, excess, with: of } = at(record.ledger, position);
  const lead = of ?? position;
  const { shipping = 0, prepaid = 0, state } = at(record.ledger, lead);
  const feeTaken = shippingToCapture(record) === 0 ? shipping : 0;
  const wanted = amount - feeTaken;
  if (wanted <= 0 || !failedCaptures(record).has(lead)) return refuse('wrong-state', `${key} is not wanted any more`);
  if (state === 'failed' && prepaid > prepaidLeft(record)) {
    return refuse('wrong-state', `${key}: what was prepaid for it is used by now`);
  }
  const room = roomOf(record, tender, now);
  if (room < wanted) {
    const ended = hasExpired(at(record.tenders, tender), now) ? ', it has ended' : '';
    return refuse('authorisation-too-low', `${key}: ${wanted} of ${room} that are left of the authorisation${ended}`);
  }
  const entry = {
    kind: 'capture' as const,
    amount: wanted,
    tender,
    ...(fulfilment === undefined ? {} : { fulfilment }),
    ...(fulfilments === undefined ? {} : { fulfilments: [...fulfilments] }),
    ...(excess === undefined ? {} : { excess }),
  };
  const released = create(replacing(record, position), (draft) => {
    if (feeTaken > 0) delete at(draft.ledger, lead).shipping;
  });
  return reserve(released, { ...entry, with: lead, retries: first(record, position) }, now, policy);
}

function notRefundable(record: OrderRecord, position: number): { refuse: Refusal } | undefined {
  const { key, amount, tender, with: of } = at(record.ledger, position);
  const owed = record.obligations.find(({ entry }) => entry === (of ?? position));
  if (owed && !isCaptured(record, owed)) return refuse('wrong-state', `${key} gives back what was lost`);
  const confirmed = sumOf(record.ledger, (e) => e.kind === 'capture' && e.tender === tender && e.state === 'confirmed');
  const back = sumOf(record.ledger, (e) => e.kind === 'refund' && e.tender === tender && e.state !== 'failed');
  if (back + amount <= confirmed) return undefined;
  return refuse('exceeds-captured', `${key}: ${amount} of ${Math.max(0, confirmed - back)} that can be refunded`);
}

function refundAgain(record: OrderRecord, position: number, now: number, policy: OrderPolicy): Books {
  const { amount, tender, against, return: id, with: of } = at(record.ledger, position);
  const entry = {
    kind: 'refund' as const,
    amount,
    ...(tender === undefined ? {} : { tender }),
    ...(against === undefined ? {} : { against: [...against] }),
    ...(id === undefined ? {} : { return: id }),
  };
  const same = { with: of ?? position, retries: first(record, position) };
  return reserve(replacing(record, position), { ...entry, ...same }, now, policy);
}

/** What is owed by now, which may be less, or nothing. It is not netted: a person wants it asked for under a key, now. */
function plannedAgain(
  record: OrderRecord,
  position: number,
  now: number,
  policy: OrderPolicy,
): Books | { refuse: Refusal } {
  const { key, kind, party, tender } = at(record.ledger, position);
  const { owing = [], ...unaware } = replacing(record, position);
  const books = settle(unaware, now, policy);
  const asked = books.record.ledger.findIndex(
    (entry, index) =>
      index >= record.ledger.length && entry.kind === kind && entry.party === party && entry.tender === tender,
  );
  if (asked < 0) return refuse('wrong-state', `nothing can be asked for ${key} now`);
  const linked = create(books.record, (draft) => {
    at(draft.ledger, asked).retries = first(record, position);
    if (owing.length > 0) draft.owing = [...new Set([...owing, ...(draft.owing ?? [])])];
  });
  return { ...books, record: linked };
}

function replacing(record: OrderRecord, position: number): OrderRecord {
  const entry: Entry = { ...at(record.ledger, position), replaced: true };
  return { ...record, ledger: record.ledger.with(position, entry) };
}

function first({ ledger }: OrderRecord, position: number): number {
  return at(ledger, position).retries ?? position;
}
