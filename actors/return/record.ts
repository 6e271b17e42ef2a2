/** What a return remembers, the questions its chart asks of it, and how older records are read. */
import type { CommandReference } from '../../protocols/actor.ts';
import type { ChartRecord, Stored } from '../chart.ts';

export const SCHEMA_VERSION = 2;

export interface ReturnLine {
  readonly line: string;
  readonly reason?: string;
  /** Told by the order when it agrees; empty before. */
  readonly sku: string;
  /** The stores that sent the units, in the order in which they are decided: there they go back when no store takes the return. */
  readonly sentBy: readonly SentUnits[];
  readonly declared: number;
  readonly received: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Of the rejected ones: those that the customer has again. */
  readonly handedBack: number;
}

export interface SentUnits {
  readonly store: string;
  readonly quantity: number;
}

/** Goods on the counter that wait for the order's word on what of them was not declared. */
export interface Arrival {
  readonly store?: string;
  readonly lines: readonly ArrivedLine[];
}

export interface ArrivedLine {
  readonly line: string;
  readonly quantity: number;
  readonly reason?: string | undefined;
}

export interface ReturnRecord extends ChartRecord {
  readonly v: typeof SCHEMA_VERSION;
  readonly order: string;
  /** Of the order, told when it agrees; returns that were declared before it was told have none. */
  readonly currency?: string;
  readonly by: 'store' | 'mail';
  /** The origin of the request; returns of older releases have none. */
  readonly requestedBy?: string;
  readonly lines: readonly ReturnLine[];
  /** The store that took the goods; none where ops did. One place takes a return, whole. */
  readonly store?: string;
  /** The order that the refund pays for. */
  readonly exchange?: string;
  /** Claims sent so far: each has a number of its own. */
  readonly claims: number;
  /** The `request`, or the `receive` of undeclared units, that waits for the order's word. */
  readonly waiting?: CommandReference;
  readonly arrival?: Arrival;
  readonly end?: 'cancelled';
}

/** Looked up for every line that a command names; lines are never written to. */
const indexes = new WeakMap<readonly ReturnLine[], Map<string, ReturnLine>>();

export function lineOf({ lines }: ReturnRecord, line: string): ReturnLine | undefined {
  let index = indexes.get(lines);
  if (!index) {
    // Of a name that occurs twice the first one counts.
    index = new Map(lines.toReversed().map((known) => [known.line, known]));
    indexes.set(lines, index);
  }
  return index.get(line);
}

export const undecided = ({ received, accepted, rejected }: ReturnLine): number => received - accepted - rejected;

export const stillToHandBack = ({ rejected, handedBack }: ReturnLine): number => rejected - handedBack;

export function anyReceived({ lines }: ReturnRecord): boolean {
  return lines.some(({ received }) => received > 0);
}

export function allDecided({ lines }: ReturnRecord): boolean {
  return lines.every(({ declared, accepted, rejected }) => declared === accepted + rejected);
}

/** What every event of a return says; the record as it will be stored is one revision on. */
export function about({ id, order, revision }: ReturnRecord): { return: string; order: string; revision: number } {
  return { return: id, order, revision: revision + 1 };
}

/** Version 1 named one store a line as the sender, and knew nothing of units that are handed back. */
export function join({ state: _, ...stored }: Stored): ReturnRecord {
  const record = stored as unknown as ReturnRecord;
  if (stored.v === SCHEMA_VERSION) return record;
  if (stored.v !== 1) throw new Error(`return record of version ${stored.v}`);
  const lines = record.lines.map((line): ReturnLine => {
    const store = line.sentBy as unknown as string;
    return { ...line, sentBy: store === '' ? [] : [{ store, quantity: line.declared }], handedBack: 0 };
  });
  return { ...record, v: SCHEMA_VERSION, lines };
}
