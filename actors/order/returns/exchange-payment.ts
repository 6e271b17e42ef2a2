/** A refund that another order gets: said to it with the authorisation that its money came under. */
import type { Effect } from '../../../protocols/actor.ts';
import type { ToOrder } from '../../../protocols/internal.ts';
import type { Entry, Tender } from '../record.ts';

export function payInExchange(order: string, entry: Entry, tender: Tender): Effect[] {
  const { key, amount, return: returned = '' } = entry;
  const { account, method, transaction, authorisedAt, initiator, capability, till } = tender;
  const paying = { account, method, transaction, amount, authorisedAt, initiator, capability };
  const payload: ToOrder['exchange-paid'] = {
    return: returned,
    entry: key,
    tender: till ? { ...paying, till } : paying,
  };
  return [
    { effect: 'send', entity: 'order', id: order, name: 'exchange-paid', payload },
    { effect: 'event', name: 'exchanged', payload: { entry: key, amount, order, return: returned } },
  ];
}
