/** Answers in pieces that fit into a message; where the next one begins is told as an opaque cursor. */
import Type from 'typebox';
import { BadQuery } from '../nats/service.ts';

/** Rows that one answer has at most; a thousand of them take about half of what a server carries by default. */
const MOST_ROWS = 1000;
const CURSOR = /^[0-9a-z]{1,11}$/;

export const PAGED = {
  cursor: Type.Optional(Type.String()),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_ROWS })),
};

interface Asked {
  cursor?: string;
  limit?: number;
}

/** Where to begin, and how many to read: one more than asked for tells whether there are more. */
export function pageAsked({ cursor, limit = MOST_ROWS }: Asked): { start: number; limit: number } {
  if (cursor === undefined) return { start: 0, limit };
  const start = CURSOR.test(cursor) ? Number.parseInt(cursor, 36) : Number.NaN;
  if (!Number.isSafeInteger(start)) throw new BadQuery('cursor is not one that an answer named');
  return { start, limit };
}

export const cursorAt = (start: number): string => start.toString(36);

/** `rows` may have one more than `limit`. `startOf` says where a page that begins with a row starts. */
export function cutPage<Row extends object>(
  rows: readonly Row[],
  { limit, bytes }: { limit: number; bytes: number },
  startOf: (row: Row, index: number) => number,
): { rows: Row[]; next?: string } {
  const page: Row[] = [];
  let left = bytes;
  for (const [index, row] of rows.entries()) {
    left -= Buffer.byteLength(JSON.stringify(row)) + 1;
    // A single row fits always: what becomes one came in a message.
    if (index >= limit || (left < 0 && index > 0)) return { rows: page, next: cursorAt(startOf(row, index)) };
    page.push(row);
  }
  return { rows: page };
}
