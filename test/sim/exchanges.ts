/** An order that a return pays for, in whole or in part. */
import type { OrderCommands } from '../../protocols/commands.ts';
import { authorisable } from './amount-steps.ts';
import { exactOrder } from './exact-amounts.ts';
import type { Random } from './random.ts';

type Place = OrderCommands['place'];

/** Of what the return is hoped to be worth nothing need be authorised: sometimes it is all the same. */
export function paidByReturn(place: Place, order: string, returned: string, random: Random): Place {
  const total = Number(exactOrder(place).total);
  if (total === 0) return place;
  const amount = random.chance(0.4) ? total : random.between(1, total);
  const exchange = { order, return: returned, amount };
  const { payment, payments, ...rest } = place;
  if (!payment || random.chance(0.2)) return { ...place, exchange };
  const left = Math.max(0, payment.authorised - amount);
  const authorised = authorisable(left, payment.method, place.currency, random);
  if (authorised === 0) return { ...rest, exchange };
  const { captured, ...paying } = payment;
  const settled = captured === undefined ? {} : { captured: authorised };
  return { ...rest, payment: { ...paying, authorised, ...settled }, exchange };
}
