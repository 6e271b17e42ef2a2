/**
 * Who earns the shipping fee: headquarters, or the store of the goods that brought it, where its rule says so. Of a fee that is taken
 * pro rata each store earns what its own goods brought; and of what is given back of it, each gives in proportion.
 */
import { allocate } from '../money/allocate.ts';
import { isConfirmed } from './ledger.ts';
import { at, type Fulfilment, type OrderRecord } from './record.ts';

export interface Earned {
  /** Position of the fulfilment; none: headquarters keeps it. */
  readonly earner: number | undefined;
  readonly amount: number;
}

/** By position of the lead entry: what each brought for certain. */
export function feeBrought(record: OrderRecord): Map<number, Earned[]> {
  const found = new Map<number, Earned[]>();
  record.ledger.forEach(({ kind, shipping = 0, shippingOf }, lead) => {
    if (kind !== 'capture' || shipping === 0 || !isConfirmed(record, lead)) return;
    const parts = shippingOf?.map(({ fulfilment, amount }) => ({ earner: earnerOf(record, fulfilment), amount }));
    found.set(lead, parts ?? [{ earner: earnerOfAll(record), amount: shipping }]);
  });
  return found;
}

/** By position of the obligation. What was lost since it was given back, nobody earns. */
export function feeGivenBack(record: OrderRecord): Map<number, Earned[]> {
  const found = new Map<number, Earned[]>();
  const isWhole = record.shippingPolicy !== 'pro-rata';
  const left = new Map<number | undefined, number>();
  for (const { earner, amount } of isWhole ? [] : [...feeBrought(record).values()].flat()) {
    left.set(earner, (left.get(earner) ?? 0) + amount);
  }
  record.obligations.forEach(({ shipping }, position) => {
    if (shipping === 0) return;
    if (isWhole) found.set(position, [{ earner: earnerOfAll(record), amount: shipping }]);
    else found.set(position, takenFrom(left, shipping));
  });
  return found;
}

/** In proportion to what each has left; takes it out of `left`. */
function takenFrom(left: Map<number | undefined, number>, amount: number): Earned[] {
  const earners = [...left];
  const most = earners.reduce((sum, [, has]) => sum + has, 0);
  const shares = allocate(
    Math.min(amount, most),
    earners.map(([, has]) => has),
  );
  const parts = earners.map(([earner, has], index): Earned => {
    const share = at(shares, index);
    left.set(earner, has - share);
    return { earner, amount: share };
  });
  if (amount > most) parts.push({ earner: undefined, amount: amount - most });
  return parts.filter((part) => part.amount > 0);
}

/** As they are now: a part whose goods were cancelled has another one. */
export function feeEarners(record: OrderRecord): readonly (number | undefined)[] {
  if (record.shippingPolicy !== 'pro-rata') return [earnerOfAll(record)];
  return record.ledger.flatMap(({ shippingOf = [] }) => shippingOf.map((part) => earnerOf(record, part.fulfilment)));
}

/** The fulfilment whose capture brought the fee, as long as it stands. */
function earnerOfAll(record: OrderRecord): number | undefined {
  const bringer = record.ledger.find(
    ({ kind, shipping }, position) => kind === 'capture' && shipping && isConfirmed(record, position),
  );
  return earnerOf(
    record,
    record.fulfilments.findIndex(({ id }) => id === bringer?.fulfilment),
  );
}

/** Position of the fulfilment that earns what `bringer` brought: itself, or else the first one that stands and customers paid for. */
function earnerOf(record: OrderRecord, bringer: number): number | undefined {
  const { fulfilments } = record;
  const brought = fulfilments[bringer];
  const earner =
    brought && stands(brought)
      ? bringer
      : fulfilments.findIndex((fulfilment) => stands(fulfilment) && wasPaid(record, fulfilment));
  const { shipping, terms } = fulfilments[earner] ?? {};
  return shipping && terms?.ownership === 'franchise' ? earner : undefined;
}

const stands = ({ state }: Fulfilment): boolean => state !== 'cancelled' && state !== 'declined';

function wasPaid(record: OrderRecord, { handOver, lines }: Fulfilment): boolean {
  return handOver !== undefined || lines.some(({ pieces }) => pieces.some(({ entry }) => isConfirmed(record, entry)));
}
