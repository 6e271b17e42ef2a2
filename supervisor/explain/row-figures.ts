/** How the amounts of a row of the report came about. */
import type { AttributionRow } from '../../protocols/attribution.ts';
import type { OrderFacts } from '../../protocols/order-facts.ts';
import { type Figure, less } from './figure.ts';
import { stepOf } from './row-step.ts';
import { handlingFigure, partOf, ruleName, shareFigure } from './share-figures.ts';

/** `rows` are those of the order, in the order in which they were booked. */
export function rowFigures(facts: OrderFacts, row: AttributionRow, rows: readonly AttributionRow[]): Figure[] {
  const { gross, net, tax, taxRate, settled, party } = row;
  if (row.movement === 'handling-fee') return [handlingFigure(row)];
  if (row.subject === 'party') return [{ what: `settled with ${party ?? 'nobody'}`, amount: settled }];
  const taxed: Figure = {
    what: 'gross',
    amount: gross,
    of: [
      { what: 'net', amount: net },
      { what: taxRate === undefined ? 'tax' : `tax at ${taxRate}`, amount: tax },
    ],
  };
  if (gross === 0 || party === undefined) return [taxed];
  const shares: Figure = {
    what: 'who has it',
    amount: gross,
    of: [shareOfRow(facts, row, rows), { what: 'share of headquarters', amount: row.headquartersShare }],
  };
  return [taxed, shares];
}

/** What the store has of the line after what moved, less what it had before: never a part on its own. Each tender carries its part. */
function shareOfRow(facts: OrderFacts, row: AttributionRow, rows: readonly AttributionRow[]): Figure {
  const ofPart = rows.filter((other) => other.party === row.party && partOf(other) === partOf(row));
  const first = ofPart.findIndex((other) => isMovedWith(row, other));
  const next = ofPart.findLastIndex((other) => isMovedWith(row, other)) + 1;
  const others = ofPart.slice(first, next).filter((other) => other !== row);
  const after = shareFigure(facts, ofPart.slice(0, next));
  const { line, ruleVersion, rule } = row;
  const by = line === undefined && rule !== undefined ? `, ${ruleName(ruleVersion, rule)}` : '';
  const what = `share of ${row.party}${by}`;
  if (first === 0 && others.length === 0) return { ...after, what };
  const figures =
    first === 0
      ? [after]
      : [named(after, 'after it'), less(named(shareFigure(facts, ofPart.slice(0, first)), 'before it'))];
  if (others.length > 0) {
    const amount = others.reduce((sum, { storeShare }) => sum + storeShare, 0);
    figures.push(less({ what: 'what other tenders carry of it, by what each moved', amount }));
  }
  return { what, amount: row.storeShare, of: figures };
}

const named = (figure: Figure, when: string): Figure => ({ ...figure, what: `${figure.what}, ${when}` });

/** Itself, or of the same goods in the same step, by another tender. */
function isMovedWith(row: AttributionRow, other: AttributionRow): boolean {
  if (other === row) return true;
  const [one, two] = [row, other].map(({ fulfilment, return: of, reason, gross }) =>
    [fulfilment, of, reason, Math.sign(gross)].join(' '),
  );
  return row.gross !== 0 && stepOf(row) === stepOf(other) && one === two;
}
