/** Answers in pieces that fit into a message; where the next one begins is told as an opaque cursor. */
import Type from 'typebox';
import { BadQuery } from '../nats/service.ts';
import type { ReportWorld } from './question.ts';

/** Rows that one answer has at most; a thousand of them take about half of what a server carries by default. */
const MOST_ROWS = 1000;
/** Where the page starts, and for sums the last row that they are of. */
const CURSOR = /^([0-9a-z]{1,11})(?:-([0-9a-z]{1,11}))?$/;

export const PAGED = {
  cursor: Type.Optional(Type.String()),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_ROWS })),
};

interface Asked {
  cursor?: string;
  limit?: number;
}

/** Where to begin, and how many to read: one more than asked for tells whether there are more. */
export function pageAsked({ cursor, limit = MOST_ROWS }: Asked): { start: number; limit: number; last?: number } {
  if (cursor === undefined) return { start: 0, limit };
  const [, start, last] = CURSOR.exec(cursor) ?? [];
  return { start: numberIn(start), limit, ...(last !== undefined && { last: numberIn(last) }) };
}

function numberIn(text = ''): number {
  const number = Number.parseInt(text, 36);
  if (!Number.isSafeInteger(number)) throw new BadQuery('cursor is not one that an answer named');
  return number;
}

export function cursorAt(start: number, last?: number): string {
  return last === undefined ? start.toString(36) : `${start.toString(36)}-${last.toString(36)}`;
}

/**
 * Ordinal of the last row that sums are of. They are made anew for each page: the first page notes it in its cursor, so that what is
 * booked in the meantime is in none of them.
 */
export async function lastRow({ read }: Pick<ReportWorld, 'read'>, noted: number | undefined): Promise<number> {
  const [found] = await read('SELECT coalesce(max(ordinal), 0) AS last FROM booked', {});
  const last = Number(found?.last);
  if (noted === undefined) return last;
  if (noted > last)
    throw new BadQuery('cursor names rows that are not here: the report is filled anew, begin again later');
  return noted;
}

/** `rows` may have one more than `limit`. `startOf` says where a page that begins with a row starts. */
export function cutPage<Row extends object>(
  rows: readonly Row[],
  { limit, bytes, last }: { limit: number; bytes: number; last?: number },
  startOf: (row: Row, index: number) => number,
): { rows: Row[]; next?: string } {
  const page: Row[] = [];
  let left = bytes;
  for (const [index, row] of rows.entries()) {
    left -= Buffer.byteLength(JSON.stringify(row)) + 1;
    // A single row fits always: what becomes one came in a message.
    if (index >= limit || (left < 0 && index > 0)) return { rows: page, next: cursorAt(startOf(row, index), last) };
    page.push(row);
  }
  return { rows: page };
}
