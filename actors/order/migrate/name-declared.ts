/** Records of release 1 did not say of which fulfilments the units of an open return are: those that left first, as it was then. */
import { unitsIn } from '../capture/pieces.ts';
import type { DeclaredUnits, OpenReturn, OrderRecord } from '../record.ts';

/** Gives back the same record where there is nothing to do. */
export function nameDeclared(record: OrderRecord): OrderRecord {
  if (record.returns.every(({ lines }) => lines.every((units) => 'fulfilment' in units))) return record;
  const free = freeUnits(record);
  const returns = record.returns.map((open): OpenReturn => {
    return { ...open, lines: open.lines.flatMap(({ line, declared }) => chosen(free, line, declared)) };
  });
  return { ...record, returns };
}

/** Units with the customer, in the order in which they left. */
function freeUnits({ fulfilments }: OrderRecord): DeclaredUnits[] {
  return fulfilments
    .map(({ handOver, lines }, fulfilment) => ({ handOver, lines, fulfilment }))
    .filter(({ handOver }) => handOver !== undefined)
    .sort((a, b) => (a.handOver ?? 0) - (b.handOver ?? 0))
    .flatMap(({ lines, fulfilment }) =>
      lines.map(({ line, pieces }) => ({ line, fulfilment, declared: unitsIn(pieces) })),
    );
}

/** Takes what it chooses out of `free`. */
function chosen(free: DeclaredUnits[], line: number, count: number): DeclaredUnits[] {
  let left = count;
  return free.flatMap((units, index) => {
    const declared = units.line === line ? Math.min(units.declared, left) : 0;
    if (declared === 0) return [];
    left -= declared;
    free[index] = { ...units, declared: units.declared - declared };
    return [{ ...units, declared }];
  });
}
