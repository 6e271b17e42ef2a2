/** Whether the books balance: what orders say that parties hold, against what the gateway's journal says that moved. Pure. */

import type { OrderView } from '../../protocols/views.ts';
import type { JournalRow } from '../gateway/simulator-journal.ts';

const HEADQUARTERS = 'headquarters';

export interface PartyBooks {
  party: string;
  /** Fulfilments handed over. */
  handedOver: number;
  /** Paid for what it prepared, refunds not subtracted. */
  sold: number;
  /** Taken at its till, less what it gave back there. */
  till: number;
  paidOut: number;
  reversed: number;
  holds: number;
}

export interface Check {
  what: string;
  left: number;
  right: number;
}

export interface Books {
  captured: number;
  refunded: number;
  till: { taken: number; givenBack: number };
  gateway: { captured: number; refunded: number; voided: number; paidOut: number; reversed: number };
  /** Headquarters first. */
  parties: PartyBooks[];
  checks: Check[];
  /** Orders of which the journal tells another story, one by one. */
  differing: string[];
}

type Entry = OrderView['ledger'][number];

export function reconcile(orders: readonly OrderView[], moved: readonly JournalRow[]): Books {
  const till = tillOf(orders);
  const gateway = gatewayOf(moved);
  const parties = partiesOf(orders, moved);
  const captured = sum(orders, ({ totals }) => totals.captured);
  const refunded = sum(orders, ({ totals }) => totals.refunded);
  const held = sum(parties, ({ holds }) => holds);
  const figures = { captured, refunded, till, gateway, parties };
  return { ...figures, checks: checksOf(figures, held), differing: differingOrders(orders, moved) };
}

export function balances({ checks, differing }: Books): boolean {
  return differing.length === 0 && checks.every(({ left, right }) => left === right);
}

function checksOf(
  { captured, refunded, till, gateway, parties }: Omit<Books, 'checks' | 'differing'>,
  held: number,
): Check[] {
  const moved = gateway.captured - gateway.refunded + till.taken - till.givenBack;
  const stores = parties.filter(
    ({ party, holds, paidOut }) => party !== HEADQUARTERS && (holds !== 0 || paidOut !== 0),
  );
  return [
    { what: 'Σ parties = captured − refunded', left: held, right: captured - refunded },
    { what: 'captured − refunded = moved by the gateway and the tills', left: captured - refunded, right: moved },
    ...stores.map(({ party, holds, till: atTill, paidOut, reversed }) => ({
      what: `${party} holds what it was paid, with its till`,
      left: holds,
      right: paidOut - reversed + atTill,
    })),
  ];
}

/** Sums could be right by chance: each order is compared by itself. */
function differingOrders(orders: readonly OrderView[], moved: readonly JournalRow[]): string[] {
  const net = new Map<string, number>();
  for (const { kind, order, amount } of moved) {
    const sign = kind === 'capture' ? 1 : kind === 'refund' ? -1 : 0;
    net.set(order, (net.get(order) ?? 0) + sign * amount);
  }
  const differing = orders.filter(({ order, totals, ledger }) => {
    const atGateway = totals.captured - totals.refunded - sum(ledger.filter(isConfirmed), tillMoney);
    const told = net.get(order) ?? 0;
    net.delete(order);
    return atGateway !== told;
  });
  const unknown = [...net].filter(([, amount]) => amount !== 0);
  return [...differing.map(({ order }) => order), ...unknown.map(([order]) => order)];
}

function tillOf(orders: readonly OrderView[]): Books['till'] {
  const entries = orders.flatMap(({ ledger }) => ledger.filter(isConfirmed));
  return {
    taken: sum(entries, (entry) => (entry.kind === 'till-sale' ? entry.amount : 0)),
    givenBack: sum(entries, (entry) => (isTillRefund(entry) ? entry.amount : 0)),
  };
}

function gatewayOf(moved: readonly JournalRow[]): Books['gateway'] {
  const of = (kind: JournalRow['kind']): number => sum(moved, (row) => (row.kind === kind ? row.amount : 0));
  return {
    captured: of('capture'),
    refunded: of('refund'),
    voided: of('void'),
    paidOut: of('payout'),
    reversed: of('payout-reversal'),
  };
}

function partiesOf(orders: readonly OrderView[], moved: readonly JournalRow[]): PartyBooks[] {
  const parties = new Map<string, PartyBooks>();
  const of = (party: string): PartyBooks => {
    const known = parties.get(party) ?? emptyParty(party);
    parties.set(party, known);
    return known;
  };
  of(HEADQUARTERS);
  for (const { parties: holdings, fulfilments, ledger } of orders) {
    for (const [party, amount] of Object.entries(holdings)) of(party).holds += amount;
    for (const { store, state, captured } of fulfilments) {
      of(store).sold += captured;
      if (state === 'handed-over') of(store).handedOver += 1;
    }
    for (const entry of ledger.filter(isConfirmed)) of(entry.party).till += tillMoney(entry);
  }
  for (const { kind, party, amount } of moved) {
    if (kind === 'payout') of(party ?? '').paidOut += amount;
    if (kind === 'payout-reversal') of(party ?? '').reversed += amount;
  }
  parties.delete('customer');
  return [...parties.values()];
}

function emptyParty(party: string): PartyBooks {
  return { party, handedOver: 0, sold: 0, till: 0, paidOut: 0, reversed: 0, holds: 0 };
}

function tillMoney(entry: Entry): number {
  if (entry.kind === 'till-sale') return entry.amount;
  return isTillRefund(entry) ? -entry.amount : 0;
}

/** The gateway refunds customers; a till gives back its store's money. */
function isTillRefund({ kind, party }: Entry): boolean {
  return kind === 'refund' && party !== 'customer';
}

function isConfirmed({ state }: Entry): boolean {
  return state === 'confirmed';
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
