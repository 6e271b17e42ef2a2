/** The postings of a period, day by day: what accounting books. A page is made of a few days, however long the period. */
import Type from 'typebox';
import { DAY_MS } from '../../protocols/durations.ts';
import { BadQuery } from '../nats/service.ts';
import { narrowing, PERIOD, reader } from './asked.ts';
import { BY_HAND } from './columns.ts';
import { cursorAt, cutPage, lastRow, PAGED, pageAsked } from './page.ts';
import { type Posting, postings, type RowSum } from './postings.ts';
import type { Question } from './question.ts';
import type { Found } from './report-file.ts';

export const ASKED = Type.Object({ ...PERIOD, ...PAGED });
const read = reader(ASKED);

/** What is given back is posted on the other side, not less on the same. */
const GROUPED = `
  strftime("at", '%Y-%m-%d') AS day, least(gross, "storeShare", settled, netted) < 0 AS "isBack", currency, movement, subject,
  "storeShare" <> 0 AS "isShared", party, "taxRate", account, exchange IS NOT NULL AS "isExchanged",
  ${BY_HAND} AS "isByHand",
  CASE WHEN account IS NULL AND entry IS NOT NULL AND exchange IS NULL AND NOT "isByHand" THEN
    CASE WHEN subject = 'party' THEN party ELSE coalesce("takenBackBy", "preparedBy", "soldBy", 'unknown') END
  END AS till`;
const AMOUNTS = ['gross', 'net', 'tax', '"storeShare"', 'settled'];
const SUMMED = [...AMOUNTS, 'netted'].map((amount) => `coalesce(sum(${amount}), 0) AS ${amount}`).join(', ');
const POSTED = `(${AMOUNTS.map((amount) => `${amount} <> 0`).join(' OR ')} OR netted IS NOT NULL)`;

const DAYS = 7;
/** A cursor is a day and how many of its postings were told already: a day has fewer than these. */
const MOST_A_DAY = 1_000_000;
const LAST_DAY = Date.UTC(9999, 11, 31) / DAY_MS;

export const journal: Question = async (world, request) => {
  const { from, to, ...paging } = read(request);
  const { start, limit, last: noted } = pageAsked(paging);
  const [cursorDay, told] = [Math.floor(start / MOST_A_DAY), start % MOST_A_DAY];
  const asked = narrowing({ from, to }).values;
  const begin = latest(asked.from, dayStart(cursorDay));
  const rest = narrowing({ from: begin, to });
  const last = await lastRow(world, noted);
  const counted = `ordinal <= ${last} AND ${POSTED}`;
  const [first] = await world.read(
    `SELECT epoch_ms(min("at")) AS "at" FROM booked WHERE ${rest.sql} AND ${counted}`,
    rest.values,
  );
  if (first?.at === undefined) return { postings: [] };
  const day = Math.floor(Number(first.at) / DAY_MS);
  const end = dayStart(day + DAYS);
  const isLast = asked.to !== undefined && asked.to <= end;
  const { sql, values } = narrowing({ from: begin, to: isLast ? to : end });
  const sums = await world.read(
    `SELECT ${GROUPED}, ${SUMMED} FROM booked WHERE ${sql} AND ${counted} GROUP BY ALL ORDER BY ALL`,
    values,
  );
  const all = postings(sums.map(rowSum));
  const page = cutPage(all.slice(told), { limit, bytes: world.maxReplyBytes, last }, (posting) =>
    startAt(all, posting),
  );
  const next = page.next ?? (isLast ? undefined : cursorAt((day + DAYS) * MOST_A_DAY, last));
  return { postings: page.rows, ...(next !== undefined && { next }) };
};

function startAt(all: readonly Posting[], posting: Posting): number {
  const first = all.findIndex(({ day }) => day === posting.day);
  return (Date.parse(posting.day) / DAY_MS) * MOST_A_DAY + all.indexOf(posting) - first;
}

function rowSum(found: Found): RowSum {
  const { isShared, isExchanged, isByHand } = found;
  const flags = { isShared: isShared === 'true', isExchanged: isExchanged === 'true', isByHand: isByHand === 'true' };
  return { ...found, ...flags } as unknown as RowSum;
}

function dayStart(day: number): string {
  if (day > LAST_DAY) throw new BadQuery('cursor is not one that an answer named');
  return new Date(day * DAY_MS).toISOString();
}

/** Instants as `moment` says them sort as text. */
function latest(one: string | undefined, other: string): string {
  return one !== undefined && one > other ? one : other;
}
