/**
 * What a capture should have brought, and surely did not, is asked of the customer, as a person says: he pays in another way, and what
 * he pays stands in for it (recapture.ts). `retry` takes it back.
 */
import { create } from 'mutative';
import { type Message, nowOf, type Refusal } from '../../../protocols/actor.ts';
import type { OrderCommands } from '../../../protocols/commands.ts';
import { refuse, type Verdict } from '../../chart.ts';
import { NOT_IN_PART } from '../attention/advice.ts';
import { namedEntry } from '../ledger/looked-up.ts';
import { mayHaveMoved } from '../ledger/retry.ts';
import { at, type OrderRecord } from '../record.ts';
import { shortfall } from './shortfall.ts';
import { failedCaptures } from './still-to-capture.ts';
import { isWantedInPart, wantedApart } from './wanted-apart.ts';

export function requestPayment(
  record: OrderRecord,
  message: Pick<Message<OrderCommands['request-payment']>, 'payload' | 'at' | 'handledAt'>,
): Verdict<OrderRecord> {
  const named = namedEntry(record, message.payload.entry);
  if ('refuse' in named) return named;
  const { entry, position } = named;
  const refused = mayHaveMoved(entry) ?? notToBePaid(record, position);
  if (refused) return refused;
  const next = create(record, (draft) => {
    at(draft.ledger, position).fromCustomer = true;
  });
  if (shortfall(next, nowOf(message)) > 0) return { record: next, effects: [] };
  return refuse('wrong-state', `${entry.key}: what was paid before is enough for it`);
}

function notToBePaid(record: OrderRecord, position: number): { refuse: Refusal } | undefined {
  const { key, kind, fromCustomer, with: lead = position } = at(record.ledger, position);
  if (kind !== 'capture') return refuse('wrong-state', `${key} is a ${kind}, not a capture`);
  if (!failedCaptures(record).has(lead)) return refuse('wrong-state', `${key} is not wanted any more`);
  if (fromCustomer) return refuse('wrong-state', `${key} is asked of the customer already`);
  // What he pays stands in for all of it, unless what is wanted can be paid by itself.
  const isInPart = isWantedInPart(record, position) && !wantedApart(record, position);
  return isInPart ? refuse('wrong-state', `${key}: ${NOT_IN_PART}`) : undefined;
}
