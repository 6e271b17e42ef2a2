/** Sums of a period by currency, by movement, and by what else is asked for. */
import Type from 'typebox';
import { NARROWED, narrowing, reader } from './asked.ts';
import { BY_HAND, quoted } from './columns.ts';
import { cutPage, lastRow, PAGED, pageAsked } from './page.ts';
import type { Question } from './question.ts';
import type { Found } from './report-file.ts';

const SUMMED = [
  'quantity',
  'gross',
  'net',
  'tax',
  'discountShare',
  'commission',
  'storeShare',
  'headquartersShare',
  'settled',
  'netted',
] as const;

export const SUMS = `count(*) AS "rows", ${SUMMED.map((name) => `coalesce(sum(${quoted(name)}), 0) AS ${quoted(name)}`).join(', ')}`;

/** Money that neither a till moved nor a gateway was asked for: what a provider took when the customer paid, and what was paid by hand. */
const WAY = `CASE WHEN "transaction" IS NOT NULL THEN 'at-once' WHEN ${BY_HAND} THEN 'by-hand' END`;

/** What may be asked for in `groupBy`, and how it is found in a row. */
const GROUPS = {
  day: `strftime("at", '%Y-%m-%d')`,
  month: `strftime("at", '%Y-%m')`,
  store: '"party"',
  preparedBy: '"preparedBy"',
  channel: '"channel"',
  mode: '"mode"',
  movement: '"movement"',
  subject: '"subject"',
  category: '"category"',
  taxRate: '"taxRate"',
  account: '"account"',
  way: WAY,
  method: '"method"',
  ruleVersion: '"ruleVersion"',
  rule: '"rule"',
} as const;

type Group = keyof typeof GROUPS;

const NAMES = Object.keys(GROUPS) as Group[];
export const ASKED = Type.Object({
  ...NARROWED,
  ...PAGED,
  groupBy: Type.Optional(Type.Array(Type.Enum(NAMES), { maxItems: 4 })),
});
const read = reader(ASKED);

export const summary: Question = async (world, request) => {
  const asked = read(request);
  const { start, limit, last: noted } = pageAsked(asked);
  const { sql, values } = narrowing(asked);
  const last = await lastRow(world, noted);
  const sums = (groups: readonly Group[], more = '') => {
    const columns = groups.map((name) => `${GROUPS[name]} AS ${quoted(name)}`);
    const keys = ['currency', ...columns].join(', ');
    const found = `FROM booked WHERE ordinal <= ${last} AND ${sql}`;
    return world.read(`SELECT ${keys}, ${SUMS} ${found} GROUP BY ALL ORDER BY ALL ${more}`, values);
  };
  const movements = await sums(['movement']);
  const totals = totalsOf(movements);
  if (asked.groupBy === undefined) return { totals, movements };
  const groups = await sums([...new Set(asked.groupBy)], `LIMIT ${limit + 1} OFFSET ${start}`);
  const { rows, next } = cutPage(groups, { limit, bytes: world.maxReplyBytes, last }, (_, index) => start + index);
  return { totals, movements, groups: rows, ...(next !== undefined && { next }) };
};

/** By currency, in their order. */
function totalsOf(movements: readonly Found[]): Found[] {
  const totals = new Map<string | number, Found>();
  for (const { currency = '', movement: _, ...sums } of movements) {
    const total = totals.get(currency) ?? { currency };
    for (const [name, sum] of Object.entries(sums)) total[name] = added(Number(total[name] ?? 0), Number(sum));
    totals.set(currency, total);
  }
  return [...totals.values()];
}

function added(one: number, other: number): number {
  const sum = one + other;
  if (!Number.isSafeInteger(sum)) throw new Error(`${sum} is beyond what can be said exactly`);
  return sum;
}
