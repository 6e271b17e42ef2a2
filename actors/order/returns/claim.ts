/** An inspected return: accepted units are refunded at what those units were captured for, rejected ones go back to the customer. */
import { castDraft, create } from 'mutative';
import type { Effect, Message } from '../../../protocols/actor.ts';
import { extended } from '../../../protocols/extended.ts';
import type { ToOrder } from '../../../protocols/internal.ts';
import type { Verdict } from '../../chart.ts';
import { splitPieces } from '../capture/pieces.ts';
import type { UnitsByLine } from '../fulfilment/requested-units.ts';
import { isConfirmed } from '../ledger/ledger.ts';
import { askForTerms } from '../placing/store-terms.ts';
import {
  at,
  type DeclaredUnits,
  type GivenBack,
  type Obligation,
  type OrderPolicy,
  type OrderRecord,
  type Piece,
  positionOf,
} from '../record.ts';
import { type Absorbed, absorb, byCapture, worth } from '../refund/owed-units.ts';
import { absorbedIn, absorbedOf, refundableShipping } from '../refund/refundable.ts';
import { hasTillMoney } from '../refund/till-money.ts';
import { declaredUnits, undeclare } from './declaring.ts';
import { noteExchange } from './exchange-given.ts';
import type { KeptFee } from './handling.ts';
import { handlingsOf } from './taking-back.ts';

type Claim = ToOrder['claim'];

export function claim(
  record: OrderRecord,
  { payload, at: now }: Message<Claim>,
  policy: OrderPolicy,
): Verdict<OrderRecord> {
  const open = record.returns.find((known) => known.return === payload.return);
  if (open?.claims.includes(payload.claim)) return { ignore: `claim ${payload.claim} was applied` };
  const { accepted, decided } = decisions(record, payload);
  const units = declaredUnits(record, payload.return, accepted, 'oldest-first');
  const taken = units.map((of) => takeBack(record, of));
  const handlings = handlingsOf(record, payload, units, policy);
  const { groups, absorbed } = paidUnits(
    record,
    taken.flatMap(({ given }) => given),
  );
  const { obligations, feeDue } = owed(record, payload, {
    groups,
    isLast: isAllBack(record, accepted),
    feesDue: [...feesOf(payload), ...(open?.feeDue ? [{ amount: open.feeDue, isLeft: true as const }] : [])],
  });
  let effects: Effect[] = [];
  const next = create(record, (draft) => {
    effects = noteExchange(draft, payload, now, policy);
    undeclare(draft, record, payload.return, declaredUnits(record, payload.return, decided, 'oldest-first'));
    const returned = draft.returns.find((known) => known.return === payload.return);
    returned?.claims.push(payload.claim);
    if (returned && (feeDue > 0 || returned.feeDue !== undefined)) returned.feeDue = feeDue;
    for (const { fulfilment, index, left } of taken) {
      at(at(draft.fulfilments, fulfilment).lines, index).pieces = castDraft(left);
    }
    for (const [position, count] of accepted) at(draft.lines, position).returned += count;
    for (const [position, amount] of absorbedIn(absorbed)) at(draft.lines, position).goodwill -= amount;
    draft.obligations.push(...castDraft(obligations));
    if (handlings.length > 0) draft.handlings = castDraft([...(record.handlings ?? []), ...handlings]);
    const { store } = payload;
    const mayBeOwed = handlings.length > 0 || (obligations.length > 0 && hasTillMoney(record));
    if (store !== undefined && mayBeOwed) effects.push(...askForTerms(draft, record, store));
  });
  return { record: next, effects: [...effects, ...waived(next, payload.return)] };
}

function feesOf({ fee, fees }: Claim): KeptFee[] {
  return fees ?? (fee > 0 ? [{ amount: fee }] : []);
}

/** A fee that the whole return was not worth. */
function waived(record: OrderRecord, id: string): Effect[] {
  const { lines = [], feeDue = 0 } = record.returns.find((known) => known.return === id) ?? {};
  if (feeDue === 0 || lines.some(({ declared }) => declared > 0)) return [];
  return [{ effect: 'event', name: 'fee-waived', payload: { return: id, amount: feeDue } }];
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

function takeBack(record: OrderRecord, { line, fulfilment, declared }: DeclaredUnits): TakenBack {
  const { lines } = at(record.fulfilments, fulfilment);
  const index = lines.findIndex((of) => of.line === line);
  const { front, back } = splitPieces(at(lines, index).pieces, declared);
  const given = front.map((piece) => extended(piece, { line, fulfilment }));
  return { fulfilment, index, left: back, given };
}

/**
 * What was captured for certain is owed as one; of the rest, what each capture took, or may take after all: each waits for its own. Goodwill
 * stays with what the customer keeps, of what was captured first.
 */
function paidUnits(record: OrderRecord, given: readonly GivenBack[]): { groups: GivenBack[][]; absorbed: Absorbed } {
  const certain = given.filter(({ entry }) => isConfirmed(record, entry));
  const others = given.filter(({ entry }) => entry !== undefined && !isConfirmed(record, entry));
  const absorbed = absorbedOf(record, given);
  const groups = [absorb(new Map(absorbed.ofCertain), certain)];
  const left = new Map(absorbed.ofOthers);
  for (const pieces of byCapture(others).values()) groups.push(absorb(left, pieces));
  return { groups, absorbed };
}

interface TakenFrom {
  /** Each is owed on its own; the first was captured for certain. */
  groups: readonly (readonly GivenBack[])[];
  /** Nothing is left with the customer, and nothing is still to come. */
  isLast: boolean;
  /** That are not kept yet. */
  feesDue: readonly KeptFee[];
}

function isAllBack(record: OrderRecord, accepted: UnitsByLine): boolean {
  return record.lines.every(({ handedOver, cancelled, returned }, position) => {
    const back = returned + (accepted.get(position) ?? 0);
    return back === handedOver && handedOver + cancelled === at(record.items, position).quantity;
  });
}

/**
 * Fees stay with headquarters. They never make a refund negative: what this one is not worth is kept from the next refunds of the
 * return, and waived with the last.
 */
function owed(
  record: OrderRecord,
  payload: Claim,
  { groups, isLast, feesDue }: TakenFrom,
): { obligations: Obligation[]; feeDue: number } {
  const { refundShipping, shippingWhenAllReturned } = payload;
  const givesShipping = refundShipping || (shippingWhenAllReturned === true && isLast);
  const obligations: Obligation[] = [];
  let fees = feesDue;
  const certain = givesShipping ? refundableShipping(record) : 0;
  for (const [index, pieces] of groups.entries()) {
    const more = index > 0 && givesShipping ? refundableShipping(record, pieces[0]?.entry) - certain : 0;
    const shipping = index === 0 ? certain : Math.max(0, more);
    if (pieces.length === 0 && shipping === 0) continue;
    const due = worth(pieces) + shipping;
    const feeDue = sumOfFees(fees);
    const fee = Math.min(feeDue, due);
    obligations.push({
      cause: 'claim',
      amount: due - fee,
      shipping,
      pieces: [...pieces],
      allowances: [],
      ...(fees.length > 0 ? { fees } : {}),
      ...saidWith(record, payload),
    });
    fees = feeDue > fee ? [{ amount: feeDue - fee, isLeft: true }] : [];
  }
  return { obligations, feeDue: sumOfFees(fees) };
}

const sumOfFees = (fees: readonly KeptFee[]): number => fees.reduce((sum, { amount }) => sum + amount, 0);

function saidWith(
  record: OrderRecord,
  { return: id, lines, store, byMail }: Claim,
): Pick<Obligation, 'return' | 'reasons' | 'takenBackBy' | 'till'> {
  const reasons = lines.flatMap(({ line, accepted, reason }) => {
    const position = positionOf(record, line);
    return reason === undefined || accepted === 0 || position === undefined ? [] : [{ line: position, reason }];
  });
  return {
    return: id,
    ...(reasons.length > 0 ? { reasons } : {}),
    ...(store === undefined ? {} : byMail ? { takenBackBy: store } : { till: store }),
  };
}
