/** How the amounts of a row of the report came about. */
import type { AttributionRow } from '../../protocols/attribution.ts';
import type { OrderFacts } from '../../protocols/order-facts.ts';
import { type Figure, less } from './figure.ts';
import { handlingFigure, partOf, shareFigure } from './share-figures.ts';

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

/** What the store has of the line after the row, less what it had before: never a part on its own. */
function shareOfRow(facts: OrderFacts, row: AttributionRow, rows: readonly AttributionRow[]): Figure {
  const what = `share of ${row.party}`;
  const upTo = rows.slice(0, rows.findIndex((other) => other.row === row.row) + 1);
  const ofPart = upTo.filter((other) => other.party === row.party && partOf(other) === partOf(row));
  const before = ofPart.slice(0, -1);
  if (before.length === 0) return { ...shareFigure(facts, ofPart), what };
  const figures = [shareFigure(facts, ofPart), less(shareFigure(facts, before))].map((figure, index) => ({
    ...figure,
    what: `${figure.what}, ${index === 0 ? 'after' : 'before'} it`,
  }));
  return { what, amount: row.storeShare, of: figures };
}
