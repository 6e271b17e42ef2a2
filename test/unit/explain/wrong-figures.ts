/** The invariants of a figure (supervisor/explain/figure.ts), and whether the figures of an order keep them. */
import { halfUpProduct } from '../../../actors/money/round.ts';
import { amountOfUnits } from '../../../actors/money/units.ts';
import type { OrderRecord } from '../../../actors/order/record.ts';
import { orderFacts } from '../../../actors/order/rows/facts.ts';
import type { OrderFacts } from '../../../protocols/order-facts.ts';
import { explain } from '../../../supervisor/explain/explain.ts';
import type { Figure } from '../../../supervisor/explain/figure.ts';
import type { Scenario } from '../order/scenario.ts';

type Told = Pick<Scenario, 'snapshot' | 'rows'>;

export function factsOf({ snapshot }: Pick<Told, 'snapshot'>): OrderFacts {
  const { record } = (snapshot as unknown as { context: { record: OrderRecord } }).context;
  return orderFacts({ state: '', record });
}

/** Of every entry and every row. */
export function wrongFigures({ snapshot, rows }: Told): string[] {
  const facts = factsOf({ snapshot });
  const history = { facts, rows, steps: [], outcomes: [], commands: [], calls: [] };
  const wanted = [
    ...facts.entries.map(({ entry, amount }) => [entry, [amount]] as const),
    ...rows.map((row) => [row.row, [row.subject === 'party' ? row.settled + row.storeShare : row.gross]] as const),
  ];
  return wanted.flatMap(([what, [amount]]) => {
    const figures = explain(what, history)?.figures ?? [];
    const first = figures[0]?.amount;
    const isOff = first !== amount ? [`${what} is ${amount}, explained as ${first}`] : [];
    return [...isOff, ...figures.flatMap(wrongFigure).map((wrong) => `${what}: ${wrong}`)];
  });
}

export function wrongFigure({ what, amount, of, rounded, allocated, units, basis }: Figure): string[] {
  const wrong: string[] = [];
  const sum = of?.reduce((total, part) => total + part.amount, 0) ?? amount;
  if (sum !== amount) wrong.push(`${what}: ${amount} is not the sum ${sum}`);
  if (rounded && halfUpProduct(rounded.amount, rounded.numerator, rounded.denominator) !== amount) {
    wrong.push(`${what}: ${amount} is not rounded from ${JSON.stringify(rounded)}`);
  }
  if (allocated && !isShare(amount, allocated)) {
    wrong.push(`${what}: ${amount} is no share of ${JSON.stringify(allocated)}`);
  }
  if (units) {
    const { total, quantity, from, to } = units;
    const carried = amountOfUnits(Math.abs(total), quantity, from, to);
    if (carried !== Math.abs(amount)) wrong.push(`${what}: units carry ${carried}`);
  }
  return [...wrong, ...[...(of ?? []), ...(basis ? [basis] : [])].flatMap(wrongFigure)];
}

/** Within one minor unit of the exact part. */
function isShare(amount: number, { total, weight, weights }: Figure['allocated'] & {}): boolean {
  return Math.abs(amount * weights - total * weight) < weights;
}
