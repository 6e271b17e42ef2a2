/** What the provider had accepted before it failed may be taken after all: until a person finds, and says, that it will not. */
import type { Refusal } from '../../../protocols/actor.ts';
import { refuse } from '../../chart.ts';
import type { Entry } from '../record.ts';
import { hasFailedLate } from './ledger.ts';

/** Of what failed late, what is owed under it as long as it may be taken after all. */
const OWED_UNTIL_CERTAIN: ReadonlySet<Entry['kind']> = new Set(['capture', 'refund', 'payout', 'void']);

export function mayFailForCertain(entry: Entry): boolean {
  return hasFailedLate(entry) && notForCertain(entry) === undefined;
}

export function notForCertain({ key, kind, replaced, prepayment }: Entry): { refuse: Refusal } | undefined {
  if (replaced) return refuse('wrong-state', `${key} was asked again, or another entry that asked for the same moved`);
  if (prepayment)
    return refuse('wrong-state', `${key} was paid before the goods were ready: nothing asks for it again`);
  if (OWED_UNTIL_CERTAIN.has(kind)) return undefined;
  return refuse('wrong-state', `${key} is a ${kind} that failed late: nothing waits for it`);
}
