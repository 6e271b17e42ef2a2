/**
 * A store that takes goods back for another one gets the handling fee of its own rule from headquarters, for each unit that is
 * accepted: the first rule that matches the sale as if this store had prepared it. Nothing takes the fee back.
 */
import type { ToOrder } from '../../protocols/internal.ts';
import { handlingRule } from './commission.ts';
import type { Handling } from './handling.ts';
import { at, type DeclaredUnits, type OrderPolicy, type OrderRecord } from './record.ts';

/** Of accepted units. */
export function handlingsOf(
  record: OrderRecord,
  { store, return: id }: Pick<ToOrder['claim'], 'store' | 'return'>,
  accepted: readonly DeclaredUnits[],
  policy: OrderPolicy,
): Handling[] {
  if (store === undefined) return [];
  return accepted.flatMap(({ line, fulfilment, declared: quantity }) => {
    const from = at(record.fulfilments, fulfilment);
    const rule = from.store === store ? undefined : handlingRule(record, store, from, line, policy);
    return rule?.handlingFee ? [{ store, return: id, line, fulfilment, quantity, rule }] : [];
  });
}

export const feeOf = ({ quantity, rule }: Handling): number => quantity * (rule.handlingFee ?? 0);
