/** Lines of a fulfilment by their position in the order. */
import type { Fulfilment, FulfilmentLine } from '../record.ts';

const FEW = 8;

/** Looked up for every row of an order. */
const indexes = new WeakMap<readonly FulfilmentLine[], Map<number, FulfilmentLine>>();

/** Of a record, not of a draft: that may change. */
export function lineOf({ lines }: Pick<Fulfilment, 'lines'>, line: number): FulfilmentLine | undefined {
  if (lines.length <= FEW) return lines.find((work) => work.line === line);
  let index = indexes.get(lines);
  if (!index) {
    index = new Map(lines.map((work) => [work.line, work]));
    indexes.set(lines, index);
  }
  return index.get(line);
}
