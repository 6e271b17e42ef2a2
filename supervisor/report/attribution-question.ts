/** The rows of a period, as they were booked, in the order of the archive. */
import Type from 'typebox';
import { NARROWED, narrowing, reader } from './asked.ts';
import { SELECTED } from './columns.ts';
import { cutPage, PAGED, pageAsked } from './page.ts';
import type { Question } from './question.ts';

export const ASKED = Type.Object({ ...NARROWED, ...PAGED });
const read = reader(ASKED);

export const attribution: Question = async (world, request) => {
  const asked = read(request);
  const { start, limit } = pageAsked(asked);
  const { sql, values } = narrowing(asked);
  const found = await world.read(
    `SELECT ordinal, ${SELECTED} FROM booked WHERE ordinal >= $start AND ${sql} ORDER BY ordinal LIMIT ${limit + 1}`,
    { ...values, start: BigInt(start) },
  );
  const page = cutPage(found, { limit, bytes: world.maxReplyBytes }, ({ ordinal }) => Number(ordinal));
  return { ...page, rows: page.rows.map(({ ordinal: _, ...row }) => row) };
};
