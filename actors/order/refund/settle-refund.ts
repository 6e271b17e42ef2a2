/**
 * A refund that the gateway can't make was paid in another way (a bank transfer, a gift card), by headquarters: the ledger shows it
 * as confirmed under the reference of that payment, and nothing is owed any more.
 */
import { castDraft, create } from 'mutative';
import type { Message, Refusal } from '../../../protocols/actor.ts';
import type { OrderCommands } from '../../../protocols/commands.ts';
import { refuse, type Verdict } from '../../chart.ts';
import { drawOldestFirst } from '../../money/oldest-first.ts';
import { replacing, sameAs, wantedOf } from '../ledger/ask-again.ts';
import { nextKey } from '../ledger/ledger.ts';
import { namedEntry } from '../ledger/looked-up.ts';
import { givesBackLost } from '../lifecycle.ts';
import { type Entry, instant, type OrderPolicy, type OrderRecord } from '../record.ts';
import { withoutGoneBack } from './owe.ts';
import { executed, owedBy, owedName } from './owed-units.ts';
import { drawRefund, openCaptures, refundsTo } from './refund-draws.ts';

export function settleRefund(
  record: OrderRecord,
  { payload, at: now }: Message<OrderCommands['settle-refund']>,
  policy: OrderPolicy,
): Verdict<OrderRecord> {
  const { entry: named, reference, reason } = payload;
  const owed = owedByHand(record, named, now, policy) ?? failedRefund(record, named);
  if ('refuse' in owed) return owed;
  const entry: Entry = {
    ...owed.entry,
    key: nextKey(record, 'refund'),
    kind: 'refund',
    state: 'confirmed',
    party: 'customer',
    outside: true,
    gatewayReference: reference,
    at: instant(now),
  };
  const next = create(owed.record, (draft) => {
    draft.ledger.push(castDraft(entry));
  });
  const { key, amount, return: id } = entry;
  const said = { entry: key, amount, gatewayReference: reference, reason, paidBy: 'headquarters' };
  const what = id === undefined ? said : { ...said, return: id };
  return { record: next, effects: [{ effect: 'event', name: 'refunded', payload: what }] };
}

/** The record without what is settled, and what the new entry says of it. */
interface Owed {
  record: OrderRecord;
  entry: Partial<Entry> & Pick<Entry, 'amount'>;
}

function failedRefund(record: OrderRecord, key: string): Owed | { refuse: Refusal } {
  const named = namedEntry(record, key);
  if ('refuse' in named) return named;
  const { entry, position } = named;
  const { kind, state, replaced, amount } = entry;
  if (kind !== 'refund') return refuse('wrong-state', `${key} is a ${kind}, not a refund`);
  if (state !== 'failed') return refuse('wrong-state', `${key} is ${state}, not failed`);
  if (replaced) return refuse('wrong-state', `${key} was asked again, or another entry that asked for the same moved`);
  if (givesBackLost(record, position)) return refuse('wrong-state', `${key} gives back what was lost`);
  return { record: replacing(record, position), entry: { ...wantedOf(entry), ...sameAs(record, position), amount } };
}

/** What no entry executes: it was paid at a till, or the terms of the method are in the way. It is as much as a person was told. */
function owedByHand(
  record: OrderRecord,
  key: string,
  now: number,
  policy: OrderPolicy,
): Owed | { refuse: Refusal } | undefined {
  const position = record.obligations.findIndex((_, index) => owedName(record, index) === key);
  const obligation = record.obligations[position];
  const isBlocked = record.attention.some(({ about }) => about === key);
  if (!obligation || obligation.entry !== undefined || !isBlocked) return undefined;
  const both = withoutGoneBack(record, position);
  const owed = owedBy(both.record, both.positions);
  const { return: id, tender: only, till } = obligation;
  const from = { only, settles: both.positions, to: refundsTo(policy), atTill: till !== undefined };
  const terms = drawRefund(record, { amount: owed, exchange: 0, ...from }, now);
  const amount = terms.kind === 'blocked' ? terms.amount : owed;
  const drawn = drawOldestFirst(amount, openCaptures(record, from));
  if (drawn.kind === 'refused')
    return refuse('wrong-state', `${key} gives back what was lost: ${drawn.refusal.reason}`);
  const transit = owed - amount;
  return {
    record: executed(both.record, both.positions, record.ledger.length),
    entry: {
      amount,
      against: drawn.draws,
      ...(transit === 0 ? {} : { transit }),
      ...(id === undefined ? {} : { return: id }),
    },
  };
}
