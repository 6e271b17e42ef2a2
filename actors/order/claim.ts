/** An inspected return: accepted units are refunded at what those units were captured for, rejected ones go back to the customer. */
import { castDraft, create } from 'mutative';
import type { Message } from '../../protocols/actor.ts';
import type { ToOrder } from '../../protocols/internal.ts';
import type { Verdict } from '../chart.ts';
import { byHandOver, undeclare } from './declaring.ts';
import { isConfirmed } from './ledger.ts';
import { splitPieces, unitsIn } from './pieces.ts';
import {
  at,
  type GivenBack,
  type Obligation,
  type OrderRecord,
  type Piece,
  positionOf,
  type Working,
} from './record.ts';
import { heldLines, refundableOfLine, refundableShipping } from './refundable.ts';
import type { UnitsByLine } from './requested-units.ts';

type Claim = ToOrder['claim'];

export function claim(record: OrderRecord, { payload }: Message<Claim>): Verdict<OrderRecord> {
  const open = record.returns.find((known) => known.return === payload.return);
  if (open?.claims.includes(payload.claim)) return { ignore: `claim ${payload.claim} was applied` };
  const { accepted, decided } = decisions(record, payload);
  const taken = takeBack(record, accepted);
  const amounts = amountsBack(record, taken);
  const obligation = owed(record, payload, taken, amounts);
  const next = create(record, (draft) => {
    undeclare(draft, payload.return, decided);
    draft.returns.find((known) => known.return === payload.return)?.claims.push(payload.claim);
    for (const { fulfilment, index, left } of taken) {
      at(at(draft.fulfilments, fulfilment).lines, index).pieces = castDraft(left);
    }
    for (const [position, count] of accepted) at(draft.lines, position).returned += count;
    absorbGoodwill(draft, amounts);
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

interface AmountBack {
  /** What the units were captured for. */
  captured: number;
  /** What of it is not given again, as goodwill gave it before. */
  absorbed: number;
}

function amountsBack(record: OrderRecord, taken: readonly TakenBack[]): Map<number, AmountBack> {
  const captured = new Map<number, number>();
  for (const { line, gross, entry } of taken.flatMap(({ given }) => given)) {
    if (isConfirmed(record, entry)) captured.set(line, (captured.get(line) ?? 0) + gross);
  }
  const held = heldLines(record);
  const amounts = new Map<number, AmountBack>();
  for (const [position, gross] of captured) {
    const most = refundableOfLine(record, held, position);
    amounts.set(position, { captured: gross, absorbed: Math.max(0, gross - most) });
  }
  return amounts;
}

function absorbGoodwill(draft: Working, amounts: ReadonlyMap<number, AmountBack>): void {
  for (const [position, { absorbed }] of amounts) if (absorbed > 0) at(draft.lines, position).goodwill -= absorbed;
}

/** The fee stays with headquarters; it never makes a refund negative. */
function owed(
  record: OrderRecord,
  { return: id, refundShipping, fee, store }: Claim,
  taken: readonly TakenBack[],
  amounts: ReadonlyMap<number, AmountBack>,
): Obligation | undefined {
  const pieces = taken.flatMap(({ given }) => given).filter(({ entry }) => isConfirmed(record, entry));
  const shipping = refundShipping ? refundableShipping(record) : 0;
  if (pieces.length === 0 && shipping === 0) return undefined;
  let goods = 0;
  for (const { captured, absorbed } of amounts.values()) goods += captured - absorbed;
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
