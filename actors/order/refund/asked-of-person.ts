/**
 * What a person was told to pay back: he may have done so before he says it, so no other order gets it, and no gateway is asked for it.
 * But for parts of what a method gives back only as a whole: those go back with the others, where they come to the whole.
 */
import { isRaised } from '../attention/attention.ts';
import type { OrderRecord } from '../record.ts';
import { owedName } from './owed-units.ts';
import { isAskedByHand } from './till-refund.ts';

export function isAskedOfPerson(record: OrderRecord, position: number): boolean {
  return isHisToPay(record, position) || isRaised(record, 'partial-refund-impossible', owedName(record, position));
}

/** Only his word ends it. */
export function isHisToPay(record: OrderRecord, position: number): boolean {
  return isAskedByHand(record, position) || isRaised(record, 'refund-window-closed', owedName(record, position));
}
