/** A store's share of lines, from the rows of the report: what it had of a line at a moment, and the commission on that. */
import { storeShare } from '../../actors/money/share.ts';
import type { AttributionRow } from '../../protocols/attribution.ts';
import type { Commission } from '../../protocols/commission.ts';
import { formatMinor } from '../../protocols/currency.ts';
import type { CommissionFacts, OrderFacts } from '../../protocols/order-facts.ts';
import { parseRate } from '../../protocols/rate.ts';
import { type Figure, less } from './figure.ts';

type Rows = readonly AttributionRow[];

/** One figure for each line (and shipping) that the store had a share of, and for goods that it took back for others. `rows` are those up to the moment. */
export function shareFigures(facts: OrderFacts, rows: Rows, store: string): Figure[] {
  const parts = new Map<string, AttributionRow[]>();
  const isFee = ({ party, movement, storeShare: fee }: AttributionRow) =>
    party === store && movement === 'handling-fee' && fee !== 0;
  const fees = rows.filter(isFee).map(handlingFigure);
  for (const row of rows) {
    if (row.party !== store || row.subject === 'party') continue;
    const name = partOf(row);
    parts.set(name, [...(parts.get(name) ?? []), row]);
  }
  return [...[...parts.values()].map((ofPart) => shareFigure(facts, ofPart)), ...fees];
}

/** For each unit that the store took back. */
export function handlingFigure({ line, quantity, storeShare: amount, ruleVersion, rule }: AttributionRow): Figure {
  const units = `${quantity} of line ${line} that another store prepared`;
  const by = rule === undefined ? 'as no rule matches' : `by rule ${rule} of version ${ruleVersion}`;
  return { what: `handling fee for ${units}, ${by}`, amount };
}

/** What is reckoned together: all that a store has of a line under one rule. */
export function partOf({ subject, line, ruleVersion, rule }: AttributionRow): string {
  return [subject, line, ruleVersion, rule].join(' ');
}

/** `rows` of one part, one or more. */
export function shareFigure(facts: OrderFacts, rows: Rows): Figure {
  const [first] = rows;
  if (!first) throw new Error('a share of no rows');
  const total = (of: (row: AttributionRow) => number) => rows.reduce((sum, row) => sum + of(row), 0);
  const held = {
    gross: total(({ gross }) => gross),
    net: total(({ net }) => net),
    units: total(({ quantity }) => quantity),
  };
  const share = total(({ storeShare: of }) => of);
  const what = first.line === undefined ? shippingShare(first) : `share of line ${first.line}`;
  const net: Figure = { what: 'net', amount: held.net };
  const gross: Figure = {
    what: 'gross',
    amount: held.gross,
    of: [net, { what: 'tax', amount: held.gross - held.net }],
  };
  const hasGoodwill = rows.some(({ reason }) => reason === 'goodwill');
  const commission = commissionFigure(facts, commissionOf(facts, first), held, held.gross - share, hasGoodwill);
  return { what, amount: share, of: commission.amount === 0 ? [gross] : [gross, less(commission)] };
}

/** Whole, unless a rule says otherwise: who has it is what the rule says. */
function shippingShare({ ruleVersion, rule }: AttributionRow): string {
  return rule === undefined ? 'share of the shipping' : `share of the shipping, ${ruleName(ruleVersion, rule)}`;
}

export function ruleName(version: string | undefined, rule: string | undefined): string {
  return version === undefined ? 'by the store’s own terms' : `by rule ${rule} of version ${version}`;
}

function commissionOf(
  { commissions }: OrderFacts,
  { party, line, ruleVersion, rule }: AttributionRow,
): CommissionFacts | undefined {
  const own = commissions.filter((known) => known.store === party && known.line === line);
  return own.find((known) => known.version === ruleVersion && (known.rule ?? known.commission.percent) === rule);
}

function commissionFigure(
  { currency }: OrderFacts,
  of: CommissionFacts | undefined,
  held: { gross: number; net: number; units: number },
  amount: number,
  hasGoodwill: boolean,
): Figure {
  if (!of) return { what: 'commission', amount };
  const { commission, version, rule } = of;
  const what = `commission ${wordsOf(commission, currency)}, ${ruleName(version, rule)}`;
  const isPlain = held.gross - storeShare(held, commission) === amount;
  if (!isPlain) return { what: hasGoodwill ? `${what}, on what is left of it after goodwill` : what, amount };
  const rate = commission.percent === undefined ? undefined : parseRate(commission.percent);
  const isBound = isAt(commission.minimum, amount) || isAt(commission.maximum, amount) || amount === held.gross;
  if (!rate || isBound) return { what, amount };
  return { what, amount, rounded: { amount: held.net, ...rate } };
}

const isAt = (bound: number | undefined, amount: number): boolean => bound !== undefined && bound === amount;

function wordsOf({ percent, fixed = 0, minimum, maximum }: Commission, currency: string): string {
  const money = (amount: number): string => formatMinor(amount, currency);
  const words = percent === undefined ? `${money(fixed)} for each unit` : `${percent} of the net`;
  const least = minimum === undefined ? '' : `, at least ${money(minimum)}`;
  return `${words}${least}${maximum === undefined ? '' : `, at most ${money(maximum)}`}`;
}
