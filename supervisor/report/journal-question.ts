/** The postings of a period, day by day: what accounting books. */
import Type from 'typebox';
import { narrowing, PERIOD, reader } from './asked.ts';
import { cutPage, PAGED, pageAsked } from './page.ts';
import { postings, type RowSum } from './postings.ts';
import type { Question } from './question.ts';
import type { Found } from './report-file.ts';

const read = reader(Type.Object({ ...PERIOD, ...PAGED }));

/** What is given back is posted on the other side, not less on the same. */
const GROUPED = `
  strftime("at", '%Y-%m-%d') AS day, least(gross, settled) < 0 AS "isBack", currency, movement, subject, "storeShare" <> 0 AS "isShared", party, "taxRate", account,
  CASE WHEN account IS NULL AND entry IS NOT NULL THEN
    CASE WHEN subject = 'party' THEN party ELSE coalesce("takenBackBy", "preparedBy", "soldBy", 'unknown') END
  END AS till`;
const AMOUNTS = ['gross', 'net', 'tax', '"storeShare"', 'settled'];
const SUMMED = AMOUNTS.map((amount) => `sum(${amount}) AS ${amount}`).join(', ');
const POSTED = AMOUNTS.map((amount) => `${amount} <> 0`).join(' OR ');

export const journal: Question = async (world, request) => {
  const asked = read(request);
  const { start, limit } = pageAsked(asked);
  const { sql, values } = narrowing({ from: asked.from, to: asked.to });
  const sums = await world.read(
    `SELECT ${GROUPED}, ${SUMMED} FROM booked WHERE ${sql} AND (${POSTED}) GROUP BY ALL ORDER BY ALL`,
    values,
  );
  const all = postings(sums.map(rowSum)).slice(start);
  const { rows, next } = cutPage(all, { limit, bytes: world.maxReplyBytes }, (_, index) => start + index);
  return { postings: rows, ...(next !== undefined && { next }) };
};

function rowSum(found: Found): RowSum {
  return { ...found, isShared: found.isShared === 'true' } as unknown as RowSum;
}
