/** What reached the simulated provider and what it moved (wire contract, section 6). */
import type { GatewayKind } from '../../protocols/gateway.ts';
import type { BookedCall, DeclineCode } from './simulator-books.ts';
import type { Script } from './simulator-entry.ts';

/** How the request went, in the words of scripts. */
export type Outcome = Script['behave'];

/** A row as it is kept: there may be many. */
export interface KeptRow {
  call: BookedCall;
  at: number;
  outcome: Outcome;
  code: DeclineCode | undefined;
  replay: boolean;
}

export interface JournalRow extends BookedCall {
  outcome: Outcome;
  /** RFC 3339. */
  at: string;
  /** Why it was declined. */
  code?: DeclineCode;
  /** The key was answered before: the same answer again, and nothing moved. */
  replay?: true;
}

export interface MovedTotal {
  kind: GatewayKind;
  currency: string;
  count: number;
  amount: number;
}

export interface Journal {
  /** One row for each request received, retries included, in order. */
  calls: JournalRow[];
  /** One row for each effect that stands; a late failure takes its row away again. */
  moved: JournalRow[];
  /** Of all of `moved`, also where the rows are a page of it. */
  totals: MovedTotal[];
  size: { calls: number; moved: number };
}

/** Rows `from` to `from + limit` of both lists. */
export interface Page {
  from: number;
  limit: number;
}

export function journalOf(calls: readonly KeptRow[], moved: readonly KeptRow[], { from, limit }: Page): Journal {
  return {
    calls: calls.slice(from, from + limit).map(journalRow),
    moved: moved.slice(from, from + limit).map(journalRow),
    totals: totalsOf(moved),
    size: { calls: calls.length, moved: moved.length },
  };
}

function journalRow({ call, at, outcome, code, replay }: KeptRow): JournalRow {
  const row: JournalRow = { ...call, outcome, at: new Date(at).toISOString() };
  if (code !== undefined) row.code = code;
  if (replay) row.replay = true;
  return row;
}

function totalsOf(moved: readonly KeptRow[]): MovedTotal[] {
  const totals = new Map<string, MovedTotal>();
  for (const { call } of moved) {
    const { kind, currency, amount } = call;
    const total = totals.get(`${kind} ${currency}`) ?? { kind, currency, count: 0, amount: 0 };
    total.count += 1;
    total.amount += amount;
    totals.set(`${kind} ${currency}`, total);
  }
  return [...totals.values()];
}
