/** Reads both sides of a reconciliation: the files, and the rows of the report that were booked meanwhile. */
import { BOOKED_SUBJECT } from '../../protocols/attribution.ts';
import { type BookedMessage, bookedRows } from '../feed/booked-rows.ts';
import { bookedMovement } from './booked-movement.ts';
import { readSettlement } from './read-settlement.ts';
import { EDGE_MS, Reconciliation, type Scope } from './reconciliation.ts';
import type { Result } from './reconciliation-result.ts';

/** Pages of what was booked, from a sequence or a time on. */
export type BookedPages = (subject: string, from: number | Date) => AsyncIterable<readonly BookedMessage[]>;

export async function reconcile(files: readonly string[], scope: Scope, pages: BookedPages): Promise<Result> {
  const reconciliation = new Reconciliation(scope);
  for (const file of files) {
    const named = files.length > 1 ? { name: file } : {};
    for await (const read of readSettlement(file)) {
      if ('broken' in read) reconciliation.addBroken({ ...read.broken, ...named }, read.of);
      else reconciliation.addFile(read.row, { line: read.line, ...named });
    }
  }
  const { period } = reconciliation;
  if (!period) return reconciliation.result();
  // Rows are dated by what they follow from, and stored when it is handled: after a night without nodes hours later. So all that
  // follows is read, and what is not of the period is not kept.
  const first = reconciliation.hasDisputes ? 1 : new Date(period.from - EDGE_MS);
  for await (const page of pages(BOOKED_SUBJECT, first)) {
    for (const row of page.flatMap(bookedRows)) {
      const movement = bookedMovement(row);
      if (movement) reconciliation.addLedger(movement);
    }
  }
  return reconciliation.result();
}
