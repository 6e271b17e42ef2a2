/** What the amounts of one row of the report are to each other, whoever paid it and whatever became of it since. */
import { isConfirmed } from '../actors/order/ledger/ledger.ts';
import { at, type OrderRecord, positionOf } from '../actors/order/record.ts';
import type { AttributionRow } from '../protocols/attribution.ts';
import { parseRate } from '../protocols/rate.ts';

/** What is wrong with them, as text. `record` is the order as it was stored with the row, `rows` what was said with it. */
export function wrongAmounts(row: AttributionRow, record: OrderRecord, rows: readonly AttributionRow[]): string[] {
  const { gross, net, tax, storeShare, headquartersShare, commission, subject, line = '', taxRate = '' } = row;
  const found: string[] = [];
  const expect = (holds: boolean, what: string): void => {
    if (!holds) found.push(`row ${row.row}: ${what}`);
  };
  expect(net + tax === gross, `${net} + ${tax} is not ${gross}`);
  expect(storeShare + headquartersShare === gross, `shares ${storeShare} and ${headquartersShare} of ${gross}`);
  if (subject === 'shipping') {
    const rate = record.shippingTaxRate;
    expect(row.taxRate === rate, `carriage at ${row.taxRate}, of an order at ${rate}`);
    if (rate !== undefined) {
      const exact = taxWithin(gross, rate);
      // A half for the rounding of the fee, one for the cut between two parts of it.
      expect(Math.abs(tax - exact) <= 1.5, `tax ${tax} of carriage ${gross} at ${rate}, not ${exact}`);
    }
  }
  const position = positionOf(record, line);
  if (subject !== 'line' || gross === 0 || position === undefined) return found;
  const isLost = isOfNothing(record, position, row);
  if (tax === 0 && storeShare === 0 && isLost) return found;
  const slack = goodwillOn(record, position);
  const isPartOf = (amount: number): boolean => {
    const sign = Math.sign(gross);
    return amount * sign >= -slack && amount * sign <= Math.abs(gross) + slack;
  };
  for (const [name, amount] of Object.entries({ net, tax })) expect(isPartOf(amount), `${name} ${amount} of ${gross}`);
  if (!isFixed(record, row)) {
    for (const [name, amount] of Object.entries({ storeShare, commission }))
      expect(isPartOf(amount), `${name} ${amount} of ${gross}`);
  }
  const exact = taxWithin(gross, taxRate);
  // Of what was lost alone there is none, of what went back with it there is.
  const off = isLost
    ? Math.abs(tax) - Math.abs(exact)
    : Math.min(Math.abs(tax - exact), Math.abs(tax + taxWithoutMoney(row, rows) - exact));
  expect(
    off <= mostOff(at(record.items, position).quantity) + slack,
    `tax ${tax} of ${gross} at ${taxRate}, not ${exact}`,
  );
  return found;
}

function taxWithin(gross: number, taxRate: string): number {
  const { numerator, denominator } = parseRate(taxRate) ?? { numerator: 0, denominator: 1 };
  return (gross * numerator) / (denominator + numerator);
}

/**
 * Minor units. A half for the rounding of the line, one for the cut between two tenders. The first units of a line carry the odd ones, of
 * its gross and of its tax: at most a quarter of the line's units more (or less) than their part, each.
 */
const mostOff = (units: number): number => 1.5 + units / 2;

/** While goodwill is under way, goods that go back may be paid before it is: their row has its tax and share, its own has none. */
function goodwillOn({ obligations }: OrderRecord, line: number): number {
  return obligations
    .flatMap(({ allowances }) => allowances)
    .reduce((sum, { line: of, amount }) => (of === line ? sum + amount : sum), 0);
}

/**
 * What is given back of goods whose capture failed late was never had: headquarters bears it, without tax and share. A later step of the
 * turn may have found it again: then the record that is stored with the row knows nothing of that.
 */
function isOfNothing(record: OrderRecord, line: number, row: AttributionRow): boolean {
  const isOfLastStep = row.row.startsWith(`${record.id}-${record.revision}-`);
  return record.obligations.some(({ pieces }) =>
    pieces.some(({ line: of, entry }) => of === line && (!isOfLastStep || !isConfirmed(record, entry))),
  );
}

/** Where a prepayment was lost that paid for the rest of the goods, that rest has its tax in a row of its own, and no money. */
const taxWithoutMoney = ({ line }: AttributionRow, rows: readonly AttributionRow[]): number =>
  rows.reduce((sum, { line: of, gross, tax }) => (of === line && gross === 0 ? sum + tax : sum), 0);

/** A fixed commission can be more than one unit cost, less than the line: units that come later bear it. */
function isFixed({ fulfilments }: OrderRecord, row: AttributionRow): boolean {
  return fulfilments.some(
    ({ id, lines }) => id === row.fulfilment && lines.some(({ rule }) => rule?.fixed !== undefined),
  );
}
