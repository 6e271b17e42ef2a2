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
  /** Where it was executed. */
  gatewayReference?: string;
}

export interface JournalRow extends BookedCall {
  outcome: Outcome;
  /** RFC 3339. */
  at: string;
  /** Why it was declined. */
  code?: DeclineCode;
  /** The key was answered before: the same answer again, and nothing moved. */
  replay?: true;
  /** The provider's name of what was executed. */
  gatewayReference?: string;
}

/** Money that moved, or that moved back because it failed late; never changed once it is there. */
export interface Movement extends BookedCall {
  /** Counted from 1. */
  position: number;
  /** RFC 3339: when it moved (back). */
  at: string;
  gatewayReference: string;
  failedLate?: true;
}

export interface Movements {
  movements: Movement[];
  size: number;
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

interface KeptMovement {
  row: KeptRow;
  at: number;
  failedLate: boolean;
}

/** Rows `from` to `from + limit` of both lists. */
export interface Page {
  from: number;
  limit: number;
  /** Of this order only; `size` is that of its rows then, `totals` are of all. */
  order?: string;
}

/** Both lists as they grow, so that a page costs what is on it, however long they have become. */
export class KeptJournal {
  private readonly calls: KeptRow[] = [];
  /** In the order in which they were decided. */
  private readonly moved: KeptRow[] = [];
  private readonly movements: KeptMovement[] = [];
  /** By kind and currency; none of nothing. */
  private readonly totals = new Map<string, MovedTotal>();

  get received(): number {
    return this.calls.length;
  }

  receive(row: KeptRow): void {
    this.calls.push(row);
  }

  move(row: KeptRow, at = row.at): void {
    this.moved.push(row);
    this.movements.push({ row, at, failedLate: false });
    this.count(row.call, 1);
  }

  /** Late failures are rare, and of what moved lately. */
  takeBack(row: KeptRow, at: number): void {
    this.movements.push({ row, at, failedLate: true });
    this.moved.splice(this.moved.lastIndexOf(row), 1);
    this.count(row.call, -1);
  }

  page({ from, limit, order }: Page): Journal {
    const ofOrder = (rows: readonly KeptRow[]) =>
      order === undefined ? rows : rows.filter(({ call }) => call.order === order);
    const [calls, moved] = [ofOrder(this.calls), ofOrder(this.moved)];
    return {
      calls: calls.slice(from, from + limit).map(journalRow),
      moved: moved.slice(from, from + limit).map(journalRow),
      totals: [...this.totals.values()].map((total) => ({ ...total })),
      size: { calls: calls.length, moved: moved.length },
    };
  }

  /** Those behind position `from`. */
  movementsPage({ from, limit }: Page): Movements {
    return {
      movements: this.movements.slice(from, from + limit).map(({ row, at, failedLate }, index) => ({
        position: from + index + 1,
        ...row.call,
        at: new Date(at).toISOString(),
        gatewayReference: row.gatewayReference ?? '',
        ...(failedLate ? { failedLate } : {}),
      })),
      size: this.movements.length,
    };
  }

  private count({ kind, currency, amount }: BookedCall, sign: 1 | -1): void {
    const key = `${kind} ${currency}`;
    const total = this.totals.get(key) ?? { kind, currency, count: 0, amount: 0 };
    total.count += sign;
    total.amount += sign * amount;
    if (total.count === 0) this.totals.delete(key);
    else this.totals.set(key, total);
  }
}

function journalRow({ call, at, outcome, code, replay, gatewayReference }: KeptRow): JournalRow {
  const row: JournalRow = { ...call, outcome, at: new Date(at).toISOString() };
  if (code !== undefined) row.code = code;
  if (replay) row.replay = true;
  if (gatewayReference !== undefined) row.gatewayReference = gatewayReference;
  return row;
}
