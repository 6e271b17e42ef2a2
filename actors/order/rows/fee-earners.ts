/**
 * Whose goods brought the shipping fee: their store earns it where its rule says so, headquarters otherwise. Of a fee that is taken pro
 * rata each brought what goes with its own goods; and of what is given back of it, each gives in proportion, whoever earns it: so other
 * rules would part it alike (supervisor/report/replay.ts).
 */
import { allocate } from '../../money/allocate.ts';
import { isConfirmed } from '../ledger/ledger.ts';
import { waitsForCapture } from '../lifecycle.ts';
import { at, type Fulfilment, type OrderRecord } from '../record.ts';

export interface Brought {
  /** Position of a franchise's fulfilment; none: headquarters keeps it, whatever rules say. */
  readonly bringer: number | undefined;
  readonly amount: number;
}

/** By the rule of its store. */
export function earnsFee(record: OrderRecord, bringer: number): boolean {
  return at(record.fulfilments, bringer).shipping !== undefined;
}

/** What a store has of a fee of which its goods brought so much, less what was given back: less than nothing only for a moment. */
export const heldOfFee = (brought: number): number => Math.max(0, brought);

/** By position of the lead entry: what each brought for certain. */
export function feeBrought(record: OrderRecord): Map<number, Brought[]> {
  const found = new Map<number, Brought[]>();
  record.ledger.forEach(({ kind, shipping = 0, shippingOf }, lead) => {
    if (kind !== 'capture' || shipping === 0 || !isConfirmed(record, lead)) return;
    const parts = shippingOf?.map(({ fulfilment, amount }) => ({ bringer: bringerOf(record, fulfilment), amount }));
    found.set(lead, parts ?? [{ bringer: bringerOfAll(record), amount: shipping }]);
  });
  return found;
}

/** By position of the obligation. What was lost since it was given back, nobody brought. */
export function feeGivenBack(record: OrderRecord): Map<number, Brought[]> {
  const found = new Map<number, Brought[]>();
  const isWhole = record.shippingPolicy !== 'pro-rata';
  const left = new Map<number | undefined, number>();
  for (const { bringer, amount } of isWhole ? [] : [...feeBrought(record).values()].flat()) {
    left.set(bringer, (left.get(bringer) ?? 0) + amount);
  }
  record.obligations.forEach((obligation, position) => {
    const { shipping } = obligation;
    if (shipping === 0 || waitsForCapture(record, obligation)) return;
    if (isWhole) found.set(position, [{ bringer: bringerOfAll(record), amount: shipping }]);
    else found.set(position, takenFrom(left, shipping));
  });
  return found;
}

/** In proportion to what each has left; takes it out of `left`. */
function takenFrom(left: Map<number | undefined, number>, amount: number): Brought[] {
  const bringers = [...left];
  const most = bringers.reduce((sum, [, has]) => sum + has, 0);
  const shares = allocate(
    Math.min(amount, most),
    bringers.map(([, has]) => has),
  );
  const parts = bringers.map(([bringer, has], index): Brought => {
    const share = at(shares, index);
    left.set(bringer, has - share);
    return { bringer, amount: share };
  });
  if (amount > most) parts.push({ bringer: undefined, amount: amount - most });
  return parts.filter((part) => part.amount > 0);
}

/** As they are now: a part whose goods were cancelled has another one. */
export function feeBringers(record: OrderRecord): readonly (number | undefined)[] {
  if (record.shippingPolicy !== 'pro-rata') return [bringerOfAll(record)];
  return record.ledger.flatMap(({ shippingOf = [] }) => shippingOf.map((part) => bringerOf(record, part.fulfilment)));
}

/** The fulfilment whose capture brought the fee, as long as it stands. */
function bringerOfAll(record: OrderRecord): number | undefined {
  const bringer = record.ledger.find(
    ({ kind, shipping }, position) => kind === 'capture' && shipping && isConfirmed(record, position),
  );
  const own = record.fulfilments.findIndex(({ id }) => id === bringer?.fulfilment);
  return bringerOf(record, bringer?.shippingOf?.[0]?.fulfilment ?? own);
}

/** Of what came with goods of `fulfilment`: itself, or else the first one that stands and customers paid for. */
function bringerOf(record: OrderRecord, fulfilment: number): number | undefined {
  const { fulfilments } = record;
  const own = fulfilments[fulfilment];
  const bringer =
    own && stands(own) ? fulfilment : fulfilments.findIndex((other) => stands(other) && wasPaid(record, other));
  return fulfilments[bringer]?.terms?.ownership === 'franchise' ? bringer : undefined;
}

const stands = ({ state }: Fulfilment): boolean => state !== 'cancelled' && state !== 'declined';

function wasPaid(record: OrderRecord, { handOver, lines }: Fulfilment): boolean {
  return handOver !== undefined || lines.some(({ pieces }) => pieces.some(({ entry }) => isConfirmed(record, entry)));
}
