/** An inspected return: accepted units are refunded at what those units were captured for, rejected ones go back to the customer. */
import { castDraft, create } from 'mutative';
import type { Message } from '../../protocols/actor.ts';
import type { ToOrder } from '../../protocols/internal.ts';
import type { Verdict } from '../chart.ts';
import { byHandOver, undeclare } from './declaring.ts';
import { isConfirmed } from './ledger.ts';
import { splitPieces, unitsIn } from './pieces.ts';
import { at, type GivenBack, type Obligation, type OrderRecord, type Piece, positionOf } from './record.ts';
import { absorbedGoodwill, refundableShipping } from './refundable.ts';
import type { UnitsByLine } from './requested-units.ts';

type Claim = ToOrder['claim'];

export function claim(record: OrderRecord, { payload }: Message<Claim>): Verdict<OrderRecord> {
  const open = record.returns.find((known) => known.return === payload.return);
  if (open?.claims.includes(payload.claim)) return { ignore: `claim ${payload.claim} was applied` };
  const { accepted, decided } = decisions(record, payload);
  const taken = takeBack(record, accepted);
  const pieces = taken.flatMap(({ given }) => given).filter(({ entry }) => isConfirmed(record, entry));
  const absorbed = absorbedGoodwill(record, pieces);
  const obligation = owed(record, payload, pieces, absorbed);
  const next = create(record, (draft) => {
    undeclare(record, draft, payload.return, decided);
    draft.returns.find((known) => known.return === payload.return)?.claims.push(payload.claim);
    for (const { fulfilment, index, left } of taken) {
      at(at(draft.fulfilments, fulfilment).lines, index).pieces = castDraft(left);
    }
    for (const [position, count] of accepted) at(draft.lines, position).returned += count;
    for (const [position, amount] of absorbed) at(draft.lines, position).goodwill -= amount;
    if (obligation) draft.obligations.push(castDraft(obligation));
  });
  return { record: next, effects: [] };
}

function decisions(
  record: OrderRecord,
  { lines }: Claim,
): { accepted: Map<number, number>; decided: Map<number, number> } {
  const accepted = new Map<number, number>();
  const decided = new Map<number, number>();
  const add = (units: Map<number, number>, position: number, count: number) => {
    if (count > 0) units.set(position, (units.get(position) ?? 0) + count);
  };
  for (const line of lines) {
    const position = positionOf(record, line.line);
    if (position === undefined) throw new Error(`order ${record.id} has no line ${line.line}`);
    add(accepted, position, line.accepted);
    add(decided, position, line.accepted + line.rejected);
  }
  return { accepted, decided };
}

/** Units taken out of one line of one fulfilment. */
interface TakenBack {
  fulfilment: number;
  index: number;
  left: Piece[];
  given: GivenBack[];
}

/** Nobody can tell one unit from another: those handed over first come back first. */
function takeBack(record: OrderRecord, accepted: UnitsByLine): TakenBack[] {
  const wanted = new Map(accepted);
  const taken: TakenBack[] = [];
  for (const { position: fulfilment, store, terms, lines } of byHandOver(record)) {
    lines.forEach(({ line, pieces }, index) => {
      const count = Math.min(wanted.get(line) ?? 0, unitsIn(pieces));
      if (count === 0) return;
      wanted.set(line, (wanted.get(line) ?? 0) - count);
      const { front, back } = splitPieces(pieces, count);
      const given = front.map((piece) => ({ ...piece, line, store, commission: terms?.commission ?? '0' }));
      taken.push({ fulfilment, index, left: back, given });
    });
  }
  return taken;
}

/** The fee stays with headquarters; it never makes a refund negative. */
function owed(
  record: OrderRecord,
  { return: id, refundShipping, fee, store }: Claim,
  pieces: readonly GivenBack[],
  absorbed: ReadonlyMap<number, number>,
): Obligation | undefined {
  const shipping = refundShipping ? refundableShipping(record) : 0;
  if (pieces.length === 0 && shipping === 0) return undefined;
  const captured = pieces.reduce((sum, { gross }) => sum + gross, 0);
  const goods = [...absorbed.values()].reduce((sum, amount) => sum - amount, captured);
  return {
    cause: 'claim',
    amount: Math.max(0, goods + shipping - fee),
    shipping,
    pieces,
    allowances: [],
    return: id,
    ...(store === undefined ? {} : { till: store }),
  };
}
