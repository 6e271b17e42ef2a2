/** Takes units out of a fulfilment: to be sourced again, or cancelled. */
import { amountOfUnits } from '../../money/units.ts';
import { lower } from '../attention/attention.ts';
import { splitPieces, unitsIn } from '../capture/pieces.ts';
import { at, type FulfilmentLine, type GivenBack, type OrderRecord, type Piece, type Working } from '../record.ts';
import type { UnitsByLine } from './requested-units.ts';

type Destiny = 'waiting' | 'cancelled';

/** Units that are not ready go first. Returns those that money had taken already. */
export function cut(
  record: OrderRecord,
  draft: Working,
  position: number,
  units: UnitsByLine,
  destiny: Destiny,
): GivenBack[] {
  const { lines } = at(record.fulfilments, position);
  const target = at(draft.fulfilments, position);
  const given: GivenBack[] = [];
  lines.forEach((line, index) => {
    const count = units.get(line.line) ?? 0;
    if (count === 0) return;
    const { kept, back, ready } = cutLine(line, count);
    Object.assign(at(target.lines, index), { quantity: line.quantity - count, ready, pieces: kept });
    cutWeighed(at(target.lines, index), line, ready - unitsIn(kept));
    move(draft, line.line, count, unitsIn(back), destiny);
    for (const piece of back) given.push({ ...piece, line: line.line, fulfilment: position });
  });
  if (target.lines.every(({ quantity }) => quantity === 0)) {
    target.state = 'cancelled';
    lower(draft, target.id);
  } else if (target.state === 'accepted' && target.lines.every(isReady)) {
    target.state = 'ready';
  }
  return given;
}

export function isReady({ quantity, ready }: Pick<FulfilmentLine, 'quantity' | 'ready'>): boolean {
  return quantity === ready;
}

/** Of ready units, those without money on them go before those with it. */
function cutLine(line: FulfilmentLine, count: number): { kept: Piece[]; back: Piece[]; ready: number } {
  const readyCut = Math.max(0, count - (line.quantity - line.ready));
  const ready = line.ready - readyCut;
  const { front, back } = splitPieces(line.pieces, Math.min(ready, unitsIn(line.pieces)));
  return { kept: front, back, ready };
}

/** `waiting`: ready units without money on them that are left. */
function cutWeighed(
  target: Working['fulfilments'][number]['lines'][number],
  { weighed }: FulfilmentLine,
  waiting: number,
): void {
  if (!weighed || waiting >= weighed.quantity) return;
  const gross = amountOfUnits(weighed.gross, weighed.quantity, 0, waiting);
  if (waiting === 0) delete target.weighed;
  else target.weighed = { quantity: waiting, gross };
}

function move(draft: Working, position: number, count: number, taken: number, destiny: Destiny): void {
  const line = at(draft.lines, position);
  if (destiny === 'waiting') {
    line.waiting += count;
    return;
  }
  line.cancelled += count;
  line.dropped += count - taken;
}
