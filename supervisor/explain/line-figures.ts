/** Lines of an order and their units: from unit price to gross, net and tax (money rules, section 1). */
import { amountOfUnits } from '../../actors/money/units.ts';
import type { LineFacts, OrderFacts, SoldUnits } from '../../protocols/order-facts.ts';
import { parseRate, type Rate } from '../../protocols/rate.ts';
import { type Figure, less } from './figure.ts';

function lineOf({ lines, order }: OrderFacts, line: string): LineFacts {
  const found = lines.find((known) => known.line === line);
  if (!found) throw new Error(`order ${order} has no line ${line}`);
  return found;
}

/** From price and discounts to gross. */
function grossFigure(facts: OrderFacts, line: LineFacts): Figure {
  const what = `gross of line ${line.line}`;
  if (facts.taxIncluded) return { what, amount: line.gross, of: pricedFigures(facts, line) };
  const net: Figure = { what: 'net', amount: line.net, of: pricedFigures(facts, line) };
  return { what, amount: line.gross, of: [net, taxFigure(facts, line)] };
}

/** Prices and discounts: with tax where prices include it, else without. */
function pricedFigures(facts: OrderFacts, line: LineFacts): Figure[] {
  const { quantity, unitPrice, discountShare } = line;
  const value = pricedAt(facts, line);
  const figures: Figure[] = [{ what: `${quantity} × the unit price`, amount: quantity * unitPrice }];
  const own = quantity * unitPrice - value;
  if (own !== 0) figures.push({ what: 'discount on the line', amount: -own });
  if (discountShare !== 0) {
    const total = facts.lines.reduce((sum, of) => sum + of.discountShare, 0);
    const weights = facts.lines.reduce((sum, of) => sum + pricedAt(facts, of), 0);
    const share = { what: 'share of the order discount', amount: discountShare };
    figures.push(less({ ...share, allocated: { total, weight: value, weights } }));
  }
  return figures;
}

/** Before the order discount. */
function pricedAt({ taxIncluded }: OrderFacts, { gross, net, discountShare }: LineFacts): number {
  return (taxIncluded ? gross : net) + discountShare;
}

function taxFigure(
  { taxIncluded }: Pick<OrderFacts, 'taxIncluded'>,
  { gross, net, tax, taxRate }: Pick<LineFacts, 'gross' | 'net' | 'tax' | 'taxRate'>,
): Figure {
  const what = `tax at ${taxRate}, ${taxIncluded ? 'inside of the gross' : 'on top of the net'}`;
  const { numerator, denominator } = rateOf(taxRate);
  const rounded = taxIncluded
    ? { amount: gross, numerator, denominator: denominator + numerator }
    : { amount: net, numerator, denominator };
  return { what, amount: tax, rounded };
}

/** Units that an entry paid for, and the line that they are of; `otherwise`: why they cost something else than was planned. */
export function soldFigure(facts: OrderFacts, { line: id, from, to, gross }: SoldUnits, otherwise: string): Figure {
  const line = lineOf(facts, id);
  const { quantity } = line;
  const whole = grossFigure(facts, line);
  if (gross === line.gross && to - from === quantity) return { ...whole, what: `line ${id}, all ${quantity} units` };
  const what = `line ${id}, units ${from + 1} to ${to} of ${quantity}`;
  if (to > quantity) return { what: `${what}, as they were charged`, amount: gross, basis: whole };
  const amount = amountOfUnits(line.gross, quantity, from, to);
  const planned = { units: { total: line.gross, quantity, from, to }, basis: whole };
  if (amount === gross) return { what, amount, ...planned };
  const figures = [
    { what: 'as they were planned', amount, ...planned },
    { what: otherwise, amount: gross - amount },
  ];
  return { what: `${what}, as they were charged`, amount: gross, of: figures };
}

export function shippingFigure({ shipping, taxIncluded }: OrderFacts, amount: number): Figure {
  const { gross, tax, taxRate } = shipping;
  if (amount !== gross) {
    const how = shipping.policy === 'pro-rata' ? ', by the value of the goods that bring it' : '';
    return { what: `part of the shipping fee${how}`, amount };
  }
  const net: Figure = { what: 'net', amount: gross - tax };
  const of: Figure = { what: 'tax', amount: tax };
  const rated = taxRate === undefined ? of : taxFigure({ taxIncluded }, { gross, net: net.amount, tax, taxRate });
  return { what: 'shipping fee', amount, of: [net, rated] };
}

function rateOf(text: string): Rate {
  const rate = parseRate(text);
  if (!rate) throw new Error(`${text} is no rate`);
  return rate;
}
