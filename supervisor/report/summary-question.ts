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

/** Money of goods moved. What else is said of units is of units that these have, or never had. */
const SOLD = ['sale', 'till-sale', 'refund', 'correction'];
/** A store has a part in rows whose share is another's, as who took the goods back. */
const OF_PARTY: ReadonlySet<string> = new Set(['commission', 'storeShare', 'settled', 'netted']);

/**
 * `quantity` is units sold less those that came back, but by movement those that it happened to. Of a store, the share and what belongs
 * to it are its own: what other stores have of the same rows is `othersShare`, so that the three shares come to the gross.
 */
export function sumsOf({ byMovement, store }: { byMovement: boolean; store?: string | undefined }): string {
  const sum = (name: string, of = quoted(name)): string => `coalesce(sum(${of}), 0) AS ${quoted(name)}`;
  const sold = byMovement ? 'true' : `movement IN (${SOLD.map((movement) => `'${movement}'`).join(', ')})`;
  const summed = SUMMED.map((name) => {
    if (name === 'quantity') return sum(name, `CASE WHEN ${sold} THEN quantity END`);
    return store !== undefined && OF_PARTY.has(name)
      ? sum(name, `CASE WHEN party = $store THEN ${quoted(name)} END`)
      : sum(name);
  });
  if (store !== undefined) summed.push(sum('othersShare', 'CASE WHEN party <> $store THEN "storeShare" END'));
  return ['count(*) AS "rows"', ...summed].join(', ');
}

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
    const summed = sumsOf({ byMovement: groups.includes('movement'), store: asked.store });
    const found = `FROM booked WHERE ordinal <= ${last} AND ${sql}`;
    return world.read(`SELECT ${keys}, ${summed} ${found} GROUP BY ALL ORDER BY ALL ${more}`, values);
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
  for (const { currency = '', movement = '', ...sums } of movements) {
    const total = totals.get(currency) ?? { currency };
    const isSold = SOLD.includes(String(movement));
    for (const [name, sum] of Object.entries(sums)) {
      const counted = name === 'quantity' && !isSold ? 0 : Number(sum);
      total[name] = added(Number(total[name] ?? 0), counted);
    }
    totals.set(currency, total);
  }
  return [...totals.values()];
}

function added(one: number, other: number): number {
  const sum = one + other;
  if (!Number.isSafeInteger(sum)) throw new Error(`${sum} is beyond what can be said exactly`);
  return sum;
}
