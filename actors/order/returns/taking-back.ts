/**
 * A store that takes goods back for another one gets the handling fee of its own rule from headquarters, for each unit that is
 * accepted: the first rule that matches the sale as if this store had prepared it. Nothing takes the fee back. Units without a fee are
 * kept too: under other rules there might have been one.
 */
import type { FrozenRule } from '../../../protocols/commission.ts';
import type { ToOrder } from '../../../protocols/internal.ts';
import { handlingRule } from '../placing/commission.ts';
import { at, type DeclaredUnits, type OrderPolicy, type OrderRecord } from '../record.ts';
import type { Handling } from './handling.ts';

type Feeing = Pick<FrozenRule, 'handlingFee'>;

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
    if (from.store === store) return [];
    const rule = handlingRule(record, store, from, line, policy);
    return [{ store, return: id, line, fulfilment, quantity, ...(rule ? { rule } : {}) }];
  });
}

/** Of units, by the rule of the store that took them back. */
export const feeOf = ({ quantity, rule }: { quantity: number; rule?: Feeing | undefined }): number =>
  quantity * (rule?.handlingFee ?? 0);
