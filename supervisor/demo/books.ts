/** Whether the books balance: what orders say that parties hold, against what the gateway's journal says that moved. Pure. */
import type { GatewayKind } from '../../protocols/gateway.ts';
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
  /** Between orders: a return that paid for another order. */
  exchanged: { taken: number; given: number };
  gateway: { captured: number; refunded: number; voided: number; paidOut: number; reversed: number };
  /** Headquarters first. */
  parties: PartyBooks[];
  checks: Check[];
  /** Orders of which the journal tells another story, one by one. */
  differing: string[];
}

type Entry = OrderView['ledger'][number];

export function reconcile(orders: readonly OrderView[], moved: readonly JournalRow[]): Books {
  const keeper = new BookKeeper();
  for (const row of moved) keeper.noteMoved(row);
  for (const order of orders) keeper.noteOrder(order);
  return keeper.close();
}

/** Is shown orders and rows of the journal one by one, in any order, and keeps sums of them. */
export class BookKeeper {
  private captured = 0;
  private refunded = 0;
  private readonly till = { taken: 0, givenBack: 0 };
  private readonly exchanged = { taken: 0, given: 0 };
  private readonly gateway = new Map<GatewayKind, number>();
  private readonly parties = new Map<string, PartyBooks>([[HEADQUARTERS, emptyParty(HEADQUARTERS)]]);
  /** By order: what it says of the gateway, less what the journal says. Sums could be right by chance. */
  private readonly difference = new Map<string, number>();

  noteMoved({ kind, order, party, amount }: JournalRow): void {
    this.gateway.set(kind, this.moved(kind) + amount);
    if (kind === 'capture') this.differ(order, -amount);
    if (kind === 'refund') this.differ(order, amount);
    if (kind === 'payout') this.party(party ?? '').paidOut += amount;
    if (kind === 'payout-reversal') this.party(party ?? '').reversed += amount;
  }

  noteOrder({ order, totals: { captured, refunded }, parties, fulfilments, ledger }: OrderView): void {
    this.captured += captured;
    this.refunded += refunded;
    let elsewhere = 0;
    for (const entry of ledger.filter(isConfirmed)) {
      elsewhere += this.noteExchanged(entry);
      const amount = tillMoney(entry);
      elsewhere += amount;
      if (amount > 0) this.till.taken += amount;
      else this.till.givenBack -= amount;
      if (amount !== 0) this.party(entry.party).till += amount;
    }
    this.differ(order, captured - refunded - elsewhere);
    for (const [party, amount] of Object.entries(parties)) this.party(party).holds += amount;
    for (const { store, state, captured: sold } of fulfilments) {
      this.party(store).sold += sold;
      if (state === 'handed-over') this.party(store).handedOver += 1;
    }
  }

  /** Signed as the order has it. */
  private noteExchanged({ exchange, kind, amount }: Entry): number {
    if (exchange === undefined) return 0;
    const isTaken = kind === 'capture';
    this.exchanged[isTaken ? 'taken' : 'given'] += amount;
    return isTaken ? amount : -amount;
  }

  close(): Books {
    const parties = [...this.parties.values()].sort(byName);
    const figures = {
      captured: this.captured,
      refunded: this.refunded,
      till: { ...this.till },
      exchanged: { ...this.exchanged },
      gateway: {
        captured: this.moved('capture'),
        refunded: this.moved('refund'),
        voided: this.moved('void'),
        paidOut: this.moved('payout'),
        reversed: this.moved('payout-reversal'),
      },
      parties,
    };
    const differing = [...this.difference].filter(([, amount]) => amount !== 0).map(([order]) => order);
    return {
      ...figures,
      checks: checksOf(
        figures,
        sum(parties, ({ holds }) => holds),
      ),
      differing,
    };
  }

  private moved(kind: GatewayKind): number {
    return this.gateway.get(kind) ?? 0;
  }

  private party(party: string): PartyBooks {
    const known = this.parties.get(party) ?? emptyParty(party);
    this.parties.set(party, known);
    return known;
  }

  private differ(order: string, amount: number): void {
    this.difference.set(order, (this.difference.get(order) ?? 0) + amount);
  }
}

export function balances({ checks, differing }: Books): boolean {
  return differing.length === 0 && checks.every(({ left, right }) => left === right);
}

function checksOf(
  { captured, refunded, till, exchanged, gateway, parties }: Omit<Books, 'checks' | 'differing'>,
  held: number,
): Check[] {
  const moved = gateway.captured - gateway.refunded + till.taken - till.givenBack;
  const stores = parties.filter(
    ({ party, holds, paidOut }) => party !== HEADQUARTERS && (holds !== 0 || paidOut !== 0),
  );
  return [
    { what: 'Σ parties = captured − refunded', left: held, right: captured - refunded },
    { what: 'captured − refunded = moved by the gateway and the tills', left: captured - refunded, right: moved },
    { what: 'what returns gave to other orders, these have', left: exchanged.given, right: exchanged.taken },
    ...stores.map(({ party, holds, till: atTill, paidOut, reversed }) => ({
      what: `${party} holds what it was paid, with its till`,
      left: holds,
      right: paidOut - reversed + atTill,
    })),
  ];
}

/** Headquarters first. */
function byName({ party: one }: PartyBooks, { party: other }: PartyBooks): number {
  if (one === HEADQUARTERS || other === HEADQUARTERS) return one === HEADQUARTERS ? -1 : 1;
  return one < other ? -1 : 1;
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
