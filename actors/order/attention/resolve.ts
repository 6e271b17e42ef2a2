/**
 * What a person had to look at, and nothing in the order ends: he did what there was to do, and says so. It is taken off the list, and
 * no money moves by it: what a command ends, or news that will come, is left to that.
 */
import { type Message, nowOf, type Refusal } from '../../../protocols/actor.ts';
import { ATTENTIONS, type AttentionCode } from '../../../protocols/attentions.ts';
import type { OrderCommands } from '../../../protocols/commands.ts';
import type { Attention } from '../../../protocols/views.ts';
import { refuse, type Verdict } from '../../chart.ts';
import { requestPayment } from '../capture/request-payment.ts';
import { holdsGoods, paysForGoods } from '../capture/still-to-capture.ts';
import { isPaidByOthers } from '../capture/wanted-apart.ts';
import { mayFailForCertain } from '../ledger/failed-late.ts';
import { mayBeLookedUp } from '../ledger/looked-up.ts';
import { forgetNotices, MISMATCH } from '../ledger/notices.ts';
import { retry } from '../ledger/retry.ts';
import { isWaiting } from '../lifecycle.ts';
import { at, type OrderPolicy, type OrderRecord } from '../record.ts';
import { owedName } from '../refund/owed-units.ts';
import { ACCOUNT_MISSING } from './attention.ts';

export function resolve(
  record: OrderRecord,
  message: Message<OrderCommands['resolve']>,
  policy: OrderPolicy,
): Verdict<OrderRecord> {
  const { note } = message.payload;
  const named = namedAttention(record, message.payload);
  if ('refuse' in named) return named;
  const { code, about, reason } = named;
  const end = endOf(record, named, nowOf(message), policy);
  if (end !== undefined) return refuse('wrong-state', `${code}${about === undefined ? '' : ` of ${about}`}: ${end}`);
  const attention = record.attention.filter((known) => known !== named);
  const what = { attention: code, ...(about === undefined ? {} : { about }), reason, note };
  return {
    record: seenTo({ ...record, attention }, named),
    effects: [{ effect: 'event', name: 'attention-resolved', payload: what }],
  };
}

function namedAttention(
  { id, attention }: OrderRecord,
  { attention: code, about }: OrderCommands['resolve'],
): Attention | { refuse: Refusal } {
  const raised = attention.filter((known) => known.code === code && (about ?? known.about) === known.about);
  const [only, ...others] = raised;
  if (!only)
    return refuse('unknown-attention', `order ${id} raises no ${code}${about === undefined ? '' : ` of ${about}`}`);
  if (others.length === 0) return only;
  return refuse('ambiguous-attention', `about: ${code} is raised of ${raised.map((known) => known.about).join(', ')}`);
}

/** A command, or what will be heard; undefined where a person is the last. */
function endOf(record: OrderRecord, { code, about }: Attention, now: number, policy: OrderPolicy): string | undefined {
  const position = isOfEntry(code) ? record.ledger.findIndex(({ key }) => key === about) : -1;
  if (position >= 0) return endOfEntry(record, position, now, policy);
  return isLost(record, about) ? undefined : ATTENTIONS[code].end;
}

/** The capture that it is to give back was lost: it is told anew when that is found. */
function isLost(record: OrderRecord, about: string | undefined): boolean {
  return record.obligations.some((owed, position) => owedName(record, position) === about && !isWaiting(record, owed));
}

/** By what became of the entry. */
const isOfEntry = (code: AttentionCode): boolean =>
  /-(failed|unknown)$/.test(code) || code === 'funds-lost' || code === 'authorisation-expired';

function endOfEntry(record: OrderRecord, position: number, now: number, policy: OrderPolicy): string | undefined {
  const entry = at(record.ledger, position);
  const { kind, state, lapsed, replaced, with: lead = position } = entry;
  if (state !== 'failed') {
    return mayBeLookedUp(entry, now) ? 'confirm or fail ends it' : 'the provider is still being asked';
  }
  if (replaced) return undefined;
  if (kind === 'refund') return 'settle-refund ends it';
  if (lapsed) return paysForGoods(record, lead) ? 'it ends when the goods are paid for' : undefined;
  if (kind !== 'capture' && mayFailForCertain(entry)) return 'fail, and then retry, ends it';
  // That nothing can be paid now says nothing of later: as long as it is on the books, what is due is counted less it.
  if (kind === 'payout') return 'retry ends it';
  return commandFor(record, position, now, policy);
}

/** A capture that may be taken after all, neither asks for: a person writes it off, once its goods have left. */
function commandFor(record: OrderRecord, position: number, now: number, policy: OrderPolicy): string | undefined {
  const message = { payload: { entry: at(record.ledger, position).key }, at: now };
  if (!('refuse' in retry(record, message, policy))) return 'retry ends it';
  if (!('refuse' in requestPayment(record, message))) return 'request-payment ends it';
  if (isPaidByOthers(record, position)) return 'it ends when the rest of its goods is cancelled';
  const entry = at(record.ledger, position);
  if (entry.kind !== 'capture' || !holdsGoods(record, entry.with ?? position)) return undefined;
  return mayFailForCertain(entry)
    ? 'fail, and then retry, ends it'
    : 'it ends when its goods are paid for, or cancelled';
}

/** What would raise it again in the same step does not. */
function seenTo(record: OrderRecord, { code, about = '' }: Attention): OrderRecord {
  if (code === MISMATCH) return forgetNotices(record, about);
  if (code !== ACCOUNT_MISSING) return record;
  return { ...record, paidApart: [...(record.paidApart ?? []), about] };
}
