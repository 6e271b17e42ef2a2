/**
 * Shipping fees that headquarters keeps say whose goods brought them. Where a step only has them go with other goods no money moves: one
 * row says what did, and each by its basis what would have, had its store earned it.
 */

import type { OrderRecord } from '../record.ts';
import { type Booking, NOTHING_HELD } from './booking.ts';
import { earnsFee } from './fee-earners.ts';

/** Of changes of bookings. */
export function joinKeptFees(record: OrderRecord, changes: readonly Booking[]): Booking[] {
  const joined = new Map<string, { first: Booking; gross: number }>();
  for (const change of changes) {
    if (!isKept(record, change)) continue;
    const known = joined.get(nameOf(change)) ?? { first: change, gross: 0 };
    known.gross += change.gross;
    joined.set(nameOf(change), known);
  }
  return changes.flatMap((change): Booking[] => {
    if (change.subject !== 'shipping') return [change];
    const held = { ...NOTHING_HELD, gross: change.gross };
    const kept = isKept(record, change) ? joined.get(nameOf(change)) : undefined;
    if (!kept) return [{ ...change, held }];
    const gross = kept.first === change ? kept.gross : 0;
    return gross === 0 && change.fulfilment === undefined ? [] : [{ ...change, held, gross }];
  });
}

function isKept(record: OrderRecord, { subject, fulfilment }: Booking): boolean {
  return subject === 'shipping' && (fulfilment === undefined || !earnsFee(record, fulfilment));
}

const nameOf = ({ movement, entry, obligation }: Booking): string => [movement, entry, obligation].join(' ');
