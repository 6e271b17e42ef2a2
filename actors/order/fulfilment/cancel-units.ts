/** Units of fulfilments that nobody gets: cancelled, and what money took for them is owed to the customer. */
import { castDraft } from 'mutative';
import { at, type GivenBack, type OrderRecord, type Working } from '../record.ts';
import { obligationsFor } from '../refund/owed-units.ts';
import { absorbedIn, absorbedOf } from '../refund/refundable.ts';
import { cut } from './cut.ts';
import type { UnitsByLine } from './requested-units.ts';

/** `cuts` by position of the fulfilment. */
export function cancelUnits(record: OrderRecord, draft: Working, cuts: ReadonlyMap<number, UnitsByLine>): void {
  const given: GivenBack[] = [];
  for (const [position, units] of cuts) given.push(...cut(record, draft, position, units, 'cancelled'));
  const absorbed = absorbedOf(record, given);
  for (const [position, amount] of absorbedIn(absorbed)) at(draft.lines, position).goodwill -= amount;
  draft.obligations.push(...castDraft(obligationsFor(record, given, absorbed)));
}
