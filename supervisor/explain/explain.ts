/**
 * Walks from a ledger entry, a row of the report or a gateway reference to the amounts that it is made of, the commands that led to
 * it, what reached the gateway, and what is linked to it. Pure: everything is given.
 */
import type { AttributionRow } from '../../protocols/attribution.ts';
import { formatMinor } from '../../protocols/currency.ts';
import type { EntryFacts, OrderFacts } from '../../protocols/order-facts.ts';
import type { JournalRow } from '../gateway/simulator-journal.ts';
import { type AskedCommand, type BookedStep, type Cause, causesOf, type SaidOutcome } from './causes.ts';
import { entryFigure } from './entry-figures.ts';
import type { Figure } from './figure.ts';
import { rowFigures } from './row-figures.ts';

export interface History {
  facts: OrderFacts;
  /** As they were booked. */
  rows: readonly AttributionRow[];
  steps: readonly BookedStep[];
  outcomes: readonly SaidOutcome[];
  /** To the order and its returns, without refused ones. */
  commands: readonly AskedCommand[];
  /** What reached the gateway for the order. */
  calls: readonly JournalRow[];
}

export interface Explanation {
  order: string;
  currency: string;
  entry?: ExplainedEntry;
  row?: AttributionRow;
  figures: Figure[];
  /** Nearest first. */
  causes: Cause[];
  calls: JournalRow[];
  /** Of the entry. */
  rows: AttributionRow[];
  linked: Linked[];
}

type ExplainedEntry = Omit<EntryFacts, 'sold' | 'shipping' | 'prepaid' | 'transit' | 'owed' | 'against'>;

interface Linked extends Pick<EntryFacts, 'entry' | 'kind' | 'amount' | 'state'> {
  why: string;
}

/** Undefined where the order has nothing of that name. */
export function explain(what: string, history: History): Explanation | undefined {
  const { facts, rows } = history;
  const row = rows.find((of) => of.row === what);
  const key = row ? row.entry : what;
  const entry = facts.entries.find((of) => of.entry === key || (!row && of.gatewayReference === key));
  if (!row && !entry) return undefined;
  const { order, currency } = facts;
  const figures = [...(row ? rowFigures(facts, row, rows) : []), ...(entry ? [entryFigure(facts, entry, rows)] : [])];
  return {
    order,
    currency,
    ...(entry ? { entry: { ...accountOf(entry, rows), ...explained(entry) } } : {}),
    ...(row ? { row } : {}),
    figures,
    causes: causesOf(entry, row, history),
    calls: entry ? history.calls.filter(({ key: of }) => of === entry.entry) : [],
    rows: entry ? rows.filter((of) => of.entry === entry.entry) : [],
    linked: entry ? linkedTo(facts, entry) : [],
  };
}

/** The facts name that of a tender; another one is on the rows. */
function accountOf({ entry }: EntryFacts, rows: readonly AttributionRow[]): { account?: string } {
  const account = rows.find((row) => row.entry === entry && row.account !== undefined)?.account;
  return account === undefined ? {} : { account };
}

function explained({
  sold: _s,
  shipping: _h,
  prepaid: _p,
  transit: _t,
  owed: _o,
  against: _a,
  ...entry
}: EntryFacts): ExplainedEntry {
  return entry;
}

function linkedTo({ entries, currency }: OrderFacts, entry: EntryFacts): Linked[] {
  const money = (amount: number): string => formatMinor(amount, currency);
  return entries.flatMap((other) => {
    const why = other.entry === entry.entry ? undefined : whyLinked(entry, other, money);
    const { entry: key, kind, amount, state } = other;
    return why === undefined ? [] : [{ entry: key, kind, amount, state, why }];
  });
}

function whyLinked(entry: EntryFacts, other: EntryFacts, money: (amount: number) => string): string | undefined {
  const drawn = entry.against.find((draw) => draw.entry === other.entry);
  if (drawn) return `gives back ${money(drawn.amount)} of it`;
  const drawing = other.against.find((draw) => draw.entry === entry.entry);
  if (drawing) return `gives back ${money(drawing.amount)} of this`;
  if (other.lead === entry.lead) {
    const isAgain = (other.retries ?? other.entry) === (entry.retries ?? entry.entry);
    return isAgain ? 'asks for the same, before or again' : 'of another tender, for the same';
  }
  if (entry.party !== 'customer' && other.party === entry.party) return `moves money of ${entry.party} too`;
  if (entry.return !== undefined && other.return === entry.return) return `of the same return ${entry.return}`;
  const isSold = entry.kind === 'capture' && other.kind === 'payout' && other.fulfilment === entry.fulfilment;
  if (isSold && entry.fulfilment !== undefined) return `of the same fulfilment ${entry.fulfilment}`;
  if (other.kind === 'void' && entry.kind === 'capture' && other.transaction === entry.transaction) {
    return `voids the rest of ${entry.transaction}`;
  }
  return undefined;
}
