/** What an order heard, for people: timers, stores, returns, other orders and gateways set its steps off too. */
import type { Heard } from '../../protocols/attribution.ts';
import { formatMinor } from '../../protocols/currency.ts';
import type { OrderFacts } from '../../protocols/order-facts.ts';

const TIMERS: Record<string, (about: string) => string> = {
  'offer-expired': (fulfilment) => `the time to answer the offer ${fulfilment} ran out`,
  'not-ready': (fulfilment) => `the time to make ${fulfilment} ready ran out`,
  'not-collected': (fulfilment) => `the deadline to collect ${fulfilment} passed`,
  'reservation-expired': (fulfilment) => `the reservation ${fulfilment} ran out`,
  'payout-due': (store) => `the payout period of ${store} ended`,
  'expire-authorisation': (transaction) => `the deadline of the authorisation ${transaction} rang`,
  'exchange-lapsed': (returned) => `no order that return ${returned} pays for came in time`,
  'exchange-overdue': (returned) => `what return ${returned} pays did not come in time`,
};

const STORES: Record<string, (store: string, about: string) => string> = {
  reserved: (store, fulfilment) => `${store} reserved ${fulfilment}`,
  'reserve-refused': (store, fulfilment) => `${store} could not take ${fulfilment}`,
  'stock-lost': (store, fulfilment) => `a count of ${store} found less than ${fulfilment} needs`,
  'store-owes': (store) => `${store} began to owe headquarters`,
  'store-terms': (store) => `${store}, which took goods back, said its terms`,
  'not-restocked': (store, returned) => `${store}, which nobody opened, could not restock ${returned}`,
  'debt-paid': (store, entry) => `${store} paid ${entry}`,
};

const RETURNS: Record<string, string> = {
  claim: 'was accepted',
  declare: 'was declared',
  'declare-cancelled': 'was cancelled',
};

/** `revision` of the step that heard it. */
export function heardWords(heard: Heard, facts: OrderFacts, revision: number | undefined): string {
  const { from, id = '', name, about = '', outcome } = heard;
  switch (from) {
    case 'timer':
      return TIMERS[name]?.(about) ?? `the timer ${name} rang`;
    case 'gateway':
      return `the gateway ${id} told that ${about} is ${outcome}`;
    case 'sourcing':
      return 'sourcing chose stores';
    case 'store':
      if (name === 'payout-cleared') return clearedWords(id, facts);
      return STORES[name]?.(id, about) ?? `${id} said ${name}`;
    case 'return':
      return `return ${id} ${RETURNS[name] ?? `said ${name}`}`;
    case 'order':
      return orderWords(heard, facts, revision);
    default:
      return `${from} ${id} said ${name}`;
  }
}

/** Whoever is paid by period is always asked when one ends. */
function clearedWords(store: string, { byPeriod = [] }: OrderFacts): string {
  const said = 'said how much of its payout pays what it owes';
  return byPeriod.includes(store) ? `the payout period of ${store} ended, and it ${said}` : `${store} ${said}`;
}

function orderWords({ id, name, about }: Heard, facts: OrderFacts, revision: number | undefined): string {
  const taken = facts.entries.find(({ kind, step }) => kind === 'capture' && step === revision);
  if (name === 'exchange-paid' && taken) {
    return `order ${id} handed over ${formatMinor(taken.amount, facts.currency)} by exchange, as ${about}`;
  }
  if (name === 'exchange-wanted') return `order ${id} asked for what return ${about} is worth`;
  return name === 'exchange-over' ? `order ${id} gives nothing more by exchange` : `order ${id} said ${name}`;
}
