/** What a return remembers, and the questions its chart asks of it. */
import type { CommandReference } from '../../protocols/actor.ts';
import type { ChartRecord } from '../chart.ts';

export const SCHEMA_VERSION = 1;

export interface ReturnLine {
  readonly line: string;
  readonly reason?: string;
  /** Told by the order when it agrees; empty before. */
  readonly sku: string;
  /** The store that sent the units: they go back there when no store takes the return. */
  readonly sentBy: string;
  readonly declared: number;
  readonly received: number;
  readonly accepted: number;
  readonly rejected: number;
}

export interface ReturnRecord extends ChartRecord {
  readonly v: typeof SCHEMA_VERSION;
  readonly order: string;
  readonly by: 'store' | 'mail';
  readonly lines: readonly ReturnLine[];
  /** The store that took the goods; none where ops did. One place takes a return, whole. */
  readonly store?: string;
  /** Claims sent so far: each has a number of its own. */
  readonly claims: number;
  /** The request that waits for the order's word. */
  readonly waiting?: CommandReference;
  readonly end?: 'refused' | 'cancelled';
}

export function lineOf(record: ReturnRecord, line: string): ReturnLine | undefined {
  return record.lines.find((known) => known.line === line);
}

export const undecided = ({ received, accepted, rejected }: ReturnLine): number => received - accepted - rejected;

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
