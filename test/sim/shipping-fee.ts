/** The shipping fee, whole with the first capture or a part with each: how much was taken, and which store has it. */
import type { Entry } from '../../actors/order/record.ts';
import { largestRemainder } from './exact-amounts.ts';
import { isConfirmed, isPaidAtTill, type StoredOrder } from './order-invariants.ts';

type Fulfilment = StoredOrder['fulfilments'][number];

/** At every published state. */
export function checkFee(order: StoredOrder): string[] {
  const { shipping, shippingPolicy, ledger, obligations, fulfilments } = order;
  const found: string[] = [];
  for (const { key, shipping: fee = 0, shippingOf: parts, prepayment } of ledger) {
    const sum = parts?.reduce((total, { amount }) => total + amount, 0);
    // Whole, it is brought by a capture's own goods; by those that are ready first where it was prepaid.
    const isWrong = shippingPolicy === 'pro-rata' ? (sum ?? 0) !== fee : parts && !(prepayment && sum === fee);
    if (isWrong) found.push(`${key}: parts of ${sum} of ${fee}`);
    if (parts?.some(({ amount, fulfilment }) => amount <= 0 || !fulfilments[fulfilment]))
      found.push(`${key}: bad parts`);
  }
  // What moved twice is owed back.
  const back = obligations.reduce((sum, { shipping: fee }) => sum + fee, 0);
  const most = ledger.some(({ state }) => state === 'failed') || hadFailures(order) ? shipping + back : shipping;
  const taken = feeTaken(order);
  return taken > most ? [...found, `shipping of ${taken} taken, the fee is ${shipping}`] : found;
}

/** A failure that was mended leaves no other trace. */
const hadFailures = ({ ledger }: StoredOrder): boolean =>
  ledger.some(({ replaced, retries }) => replaced || retries !== undefined);

/** Goods of which one tender failed have no fee yet: the next capture has it, and what is asked again for them leaves it out. */
function feeTaken({ ledger }: StoredOrder): number {
  const failed = new Set(
    ledger.flatMap(({ state, replaced, with: of }, position) =>
      state === 'failed' && !replaced ? [of ?? position] : [],
    ),
  );
  return ledger.reduce(
    (sum, { kind, state, shipping = 0 }, position) =>
      kind === 'capture' && state !== 'failed' && !failed.has(position) ? sum + shipping : sum,
    0,
  );
}

/**
 * The full fee once anything ships. What failed, or could not be captured in time, is a person's business; and where the scales took more
 * than was authorised, or an exchange came short and all else is used up, nothing is left for the rest of a fee that no goods bring.
 */
export function feeAtRest(order: StoredOrder, now: number): string[] {
  const { tenders, ledger, lines, items, shipping, attention } = order;
  const isOver = lines.every(({ handedOver, cancelled }, line) => handedOver + cancelled === items[line]?.quantity);
  const hasShipped = lines.some(({ handedOver }) => handedOver > 0);
  const expires = tenders.some(({ captureBefore }) => captureBefore !== undefined && Date.parse(captureBefore) <= now);
  if (isPaidAtTill(order) || !isOver || !hasShipped || expires || ledger.some(({ state }) => state === 'failed'))
    return [];
  if (tenders.some(({ authorised }, tender) => takenOf(order, tender) > authorised)) return [];
  const cameShort = attention.some(({ code }) => code === 'exchange-overdue' || code === 'exchange-short');
  if (cameShort && tenders.every(({ authorised }, tender) => capturedOf(order, tender) >= authorised)) return [];
  const taken = feeTaken(order);
  return taken < shipping ? [`shipping of ${taken} taken of ${shipping}, though something was shipped`] : [];
}

/** A store has what its goods brought, as long as they stand; else the first that customers paid for. */
export function shippingBounds(order: StoredOrder, store: string): { low: bigint; high: bigint } {
  const brought = broughtBy(order);
  const back = givenBack(order, brought);
  const own = (of: ReadonlyMap<string, bigint>) =>
    order.fulfilments.reduce(
      (sum, { id, store: by, shipping }) => (by === store && shipping ? sum + (of.get(id) ?? 0n) : sum),
      0n,
    );
  const [captured, owed, refunded] = [own(brought), own(back.owed), own(back.refunded)];
  return { low: atLeastNothing(captured - owed), high: atLeastNothing(captured - refunded) };
}

const atLeastNothing = (amount: bigint): bigint => (amount > 0n ? amount : 0n);
const HEADQUARTERS = '';

/** By the name of a franchise's fulfilment, whoever earns it. */
function broughtBy(order: StoredOrder): Map<string, bigint> {
  const found = new Map<string, bigint>();
  order.ledger.forEach(({ kind, shipping = 0, shippingOf, fulfilment }, position) => {
    if (kind !== 'capture' || shipping === 0 || !isConfirmed(order, position)) return;
    const brought = shippingOf?.map((part) => [order.fulfilments[part.fulfilment]?.id, part.amount] as const);
    for (const [by, amount] of brought ?? [[firstBringer(order) ?? fulfilment, shipping]]) {
      const bringer = bringerOf(order, by);
      found.set(bringer, (found.get(bringer) ?? 0n) + BigInt(amount ?? 0));
    }
  });
  return found;
}

const firstBringer = (order: StoredOrder): string | undefined =>
  order.ledger.find(
    ({ kind, shipping }: Entry, position) => kind === 'capture' && isConfirmed(order, position) && shipping,
  )?.fulfilment;

function bringerOf(order: StoredOrder, named: string | undefined): string {
  const standing = order.fulfilments.filter(({ state }) => state !== 'cancelled' && state !== 'declined');
  const wasPaid = ({ handOver, lines }: Fulfilment) =>
    handOver !== undefined || lines.some(({ pieces }) => pieces.some(({ entry }) => isConfirmed(order, entry)));
  const bringer = standing.find(({ id }) => id === named) ?? standing.find(wasPaid);
  return bringer?.terms?.ownership === 'franchise' ? bringer.id : HEADQUARTERS;
}

/** Each gives in proportion to what it has left, whoever earns it: other rules would part it alike. */
function givenBack(order: StoredOrder, brought: ReadonlyMap<string, bigint>) {
  const left = new Map(brought);
  const [owed, refunded] = [new Map<string, bigint>(), new Map<string, bigint>()];
  for (const { shipping, entry, done, pieces } of order.obligations) {
    const isLost = pieces.some((piece) => piece.entry !== undefined && !isConfirmed(order, piece.entry));
    if (entry === undefined && !done && isLost) continue;
    const most = [...left.values()].reduce((sum, of) => sum + of, 0n);
    const amount = BigInt(shipping) < most ? BigInt(shipping) : most;
    const shares = largestRemainder(amount, [...left.values()]);
    [...left].forEach(([bringer, has], index) => {
      const share = shares[index] ?? 0n;
      left.set(bringer, has - share);
      owed.set(bringer, (owed.get(bringer) ?? 0n) + share);
      if (done === true || isConfirmed(order, entry)) refunded.set(bringer, (refunded.get(bringer) ?? 0n) + share);
    });
  }
  return { owed, refunded };
}

/** Or given up. */
const takenOf = (order: StoredOrder, of: number): number => capturedOf(order, of) + entriesOf(order, of, 'void');
const capturedOf = (order: StoredOrder, of: number): number => entriesOf(order, of, 'capture');

const entriesOf = ({ ledger }: StoredOrder, of: number, what: Entry['kind']): number =>
  ledger.reduce((sum, { kind, tender, amount }) => (tender === of && kind === what ? sum + amount : sum), 0);
