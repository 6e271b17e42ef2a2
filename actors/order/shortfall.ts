/** What is still to be captured, and has nothing to come from: authorisations that end are not counted on, nor is a return that is over. */
import { stepDown } from '../money/step.ts';
import { coarsestStep } from './amount-steps.ts';
import { isPending, sumOf } from './ledger.ts';
import { prepaidKept } from './owe.ts';
import type { OrderRecord } from './record.ts';
import { stillToCapture } from './still-to-capture.ts';
import { awaitedFromExchange, hasFallenShort, isEnding, roomOf } from './tenders.ts';
import { isPaidAtTill } from './till-money.ts';

export function shortfall(record: OrderRecord, now: number): number {
  if (isPaidAtTill(record)) return 0;
  if (!hasFallenShort(record) && !record.tenders.some((tender) => isEnding(tender, now))) return 0;
  const { units, amount } = stillToCapture(record);
  // Nobody is asked for the rest of a fee alone.
  if (units === 0) return 0;
  let left = amount - prepaidKept(record) - awaitedFromExchange(record);
  record.tenders.forEach((tender, position) => {
    if (!isEnding(tender, now)) left -= roomOf(record, position, now);
  });
  left -= sumOf(record.ledger, (entry) => entry.kind === 'reauthorisation' && isPending(entry));
  return stepDown(Math.max(0, left), coarsestStep(record));
}
