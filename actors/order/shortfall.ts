/**
 * What is still to be captured, and has nothing to come from: authorisations that end are not counted on, nor is a return that is over,
 * nor a card for what it declined where a person said that the customer is asked.
 */
import { stepDown } from '../money/step.ts';
import { coarsestStep } from './amount-steps.ts';
import { hasFailed, isPending, mayTakeMoney, sumOf } from './ledger.ts';
import { prepaidKept } from './owe.ts';
import { neededInstead } from './recapture.ts';
import type { OrderRecord } from './record.ts';
import { failedCaptures, shippingToCapture, stillToCapture } from './still-to-capture.ts';
import { awaitedFromExchange, hasFallenShort, isEnding, roomOf } from './tenders.ts';
import { isPaidAtTill } from './till-money.ts';

export function shortfall(record: OrderRecord, now: number): number {
  if (isPaidAtTill(record)) return 0;
  const asked = askedInstead(record);
  const isMissing =
    asked.length > 0 || hasFallenShort(record) || record.tenders.some((tender) => isEnding(tender, now));
  if (!isMissing) return 0;
  const { units, amount } = stillToCapture(record);
  // Nobody is asked for the rest of a fee alone.
  if (units === 0) return 0;
  const instead = asked.reduce((sum, { needed }) => sum + needed, 0);
  let left = amount - instead - awaitedFromExchange(record);
  record.tenders.forEach((tender, position) => {
    if (!isEnding(tender, now)) left -= roomBeside(record, position, asked, now);
  });
  left -= sumOf(record.ledger, (entry) => entry.kind === 'reauthorisation' && isPending(entry));
  return stepDown(Math.max(0, instead + Math.max(0, left) - prepaidKept(record)), coarsestStep(record));
}

interface AskedInstead {
  key: string;
  tender: number;
  needed: number;
}

/** Captures that surely failed, in whose place the customer is asked to pay. */
export function askedInstead(record: OrderRecord): AskedInstead[] {
  let feeLeft = shippingToCapture(record);
  const leads = new Set<number>();
  return record.ledger.flatMap((entry, position) => {
    const { key, tender = 0, amount, excess = 0, fromCustomer, with: lead = position } = entry;
    if (!fromCustomer || !hasFailed(entry) || mayTakeMoney(entry) || !failedCaptures(record).has(lead)) return [];
    // What goods lack of their fee, or of prepaid money, is their first tender's.
    if (leads.has(lead)) return [{ key, tender, needed: amount - excess }];
    leads.add(lead);
    const { needed, fee } = neededInstead(record, position, feeLeft);
    feeLeft -= fee;
    return [{ key, tender, needed }];
  });
}

function roomBeside(record: OrderRecord, position: number, asked: readonly AskedInstead[], now: number): number {
  const room = roomOf(record, position, now);
  const declined = asked.reduce((sum, { tender, needed }) => (tender === position ? sum + needed : sum), 0);
  return room > 0 ? Math.max(0, room - declined) : room;
}
