/** Executes the capture plan: units get their pieces, entries are reserved and asked for, reasons are kept. */
import { castDraft, create } from 'mutative';
import type { Effect } from '../../../protocols/actor.ts';
import { extended } from '../../../protocols/extended.ts';
import { lower, raise, WITHOUT_MONEY } from '../attention/attention.ts';
import { namedUnits } from '../fulfilment/requested-units.ts';
import { type Books, isConfirmed, type NewEntry, reserveTogether } from '../ledger/ledger.ts';
import { drawnBy, prepaymentLead } from '../ledger/tenders.ts';
import { at, type Fulfilment, type OrderPolicy, type OrderRecord, type Working } from '../record.ts';
import { type Parcel, priced } from './awaiting-funds.ts';
import { type CapturePlan, type PlannedCapture, planCapture } from './capture-plan.ts';
import { unitsIn } from './pieces.ts';
import { addFee, bringPrepaidFee, feeOf } from './shipping-fee.ts';

/** Reasons kept on an order, the newest. */
const MAX_REASONS = 100;

/** Goods that were ready before: it is said when their money is taken after all. */
export function fundReady(record: OrderRecord, now: number, policy: OrderPolicy): Books {
  return planCaptures(record, now, policy, funding);
}

export function planCaptures(
  record: OrderRecord,
  now: number,
  policy: OrderPolicy,
  say: (before: OrderRecord, after: OrderRecord, plan: PlannedCapture) => Effect[] = () => [],
): Books {
  let books: Books = { record, effects: [] };
  for (;;) {
    const plans = planCapture(books.record, now);
    const [first] = plans;
    if (first?.plan !== 'capture') return { ...books, record: withReasons(books.record, plans, now) };
    const { record: next, effects } = capture(books.record, first, now, policy);
    const said = say(books.record, next, first);
    books = { record: withReasons(next, plans, now), effects: [...books.effects, ...said, ...effects] };
  }
}

function funding(before: OrderRecord, after: OrderRecord, { parcels, draws }: PlannedCapture): Effect[] {
  const [lead] = after.ledger.slice(before.ledger.length);
  const amount = drawnBy(draws);
  const money = lead ? { entry: lead.key, amount } : {};
  return parcels.flatMap(({ fulfilment, position, units }) => {
    if (units.size === 0) return [];
    const { store } = at(before.fulfilments, position);
    const payload = { fulfilment, store, lines: namedUnits(before, units), ...money };
    return { effect: 'event', name: 'funding', payload };
  });
}

function capture(record: OrderRecord, plan: PlannedCapture, now: number, policy: OrderPolicy): Books {
  const { parcels, shipping, prepaid, transit, draws } = plan;
  const wanted = draws.map(
    ({ tender, amount, excess }): NewEntry => ({
      kind: 'capture',
      tender,
      amount,
      ...(excess > 0 ? { excess } : {}),
      ...paidFor(parcels),
    }),
  );
  // Less than a step: no gateway is asked, and the units have an entry that says so.
  if (wanted.length === 0 && transit !== 0) wanted.push({ kind: 'capture', amount: 0, ...paidFor(parcels) });
  const [lead, ...others] = wanted;
  const fee = feeOf(record, shipping, () => goodsOf(record, parcels));
  if (!lead)
    return {
      record: fundedBefore(record, parcels, prepaid > 0 ? prepaymentLead(record) : undefined, fee),
      effects: [],
    };
  const rounded = transit === 0 ? {} : { transit };
  const first = extended(lead, { ...fee, ...(prepaid > 0 ? { prepaid } : {}), ...rounded });
  return reserveTogether(funded(record, parcels, record.ledger.length), [first, ...others], now, policy);
}

const paidFor = (parcels: readonly Parcel[]): { fulfilment: string } | { fulfilments: string[] } =>
  parcels.length === 1
    ? { fulfilment: at(parcels, 0).fulfilment }
    : { fulfilments: parcels.map(({ fulfilment }) => fulfilment) };

/** By position of the fulfilment. */
function goodsOf(record: OrderRecord, parcels: readonly Parcel[]): Map<number, number> {
  const pieces = priced(record, parcels);
  return new Map(
    parcels.map(({ position }, index) => [
      position,
      [...at(pieces, index).values()].reduce((sum, { gross }) => sum + gross, 0),
    ]),
  );
}

/** By prepayments alone. What they bring of the fee is theirs from now on. */
function fundedBefore(
  record: OrderRecord,
  parcels: readonly Parcel[],
  entry: number | undefined,
  fee: ReturnType<typeof feeOf>,
): OrderRecord {
  const next = funded(record, parcels, entry);
  const { shipping = 0 } = fee;
  if (entry === undefined || shipping === 0) return next;
  const { shippingOf = [{ fulfilment: at(parcels, 0).position, amount: shipping }] } = fee;
  return create(next, (draft) => addFee(at(draft.ledger, entry), { shipping, shippingOf }));
}

/** `entry` none: they cost nothing. */
function funded(record: OrderRecord, parcels: readonly Parcel[], entry: number | undefined): OrderRecord {
  const pieces = priced(record, parcels, entry);
  return create(record, (draft) => {
    parcels.forEach(({ fulfilment, position, units }, index) => {
      if (units.size === 0) return;
      for (const work of at(draft.fulfilments, position).lines) {
        const piece = at(pieces, index).get(work.line);
        if (!piece) continue;
        work.pieces.push(castDraft(piece));
        delete work.weighed;
        at(draft.lines, work.line).taken += piece.quantity;
      }
      lower(draft, fulfilment, WITHOUT_MONEY);
    });
    const first = parcels.find(({ units }) => units.size > 0);
    if (first) bringPrepaidFee(draft, first.position);
  });
}

function withReasons(record: OrderRecord, plans: readonly CapturePlan[], now: number): OrderRecord {
  const news = plans.filter(({ parcels, reason }) => lastReason(record, at(parcels, 0).fulfilment) !== reason);
  if (news.length === 0) return record;
  return create(record, (draft) => {
    for (const plan of news) note(draft, plan, now);
  });
}

function note(draft: Working, plan: CapturePlan, now: number): void {
  const about = plan.parcels.map(({ fulfilment }) => fulfilment);
  const known = draft.capturing ?? [];
  draft.capturing = [...known.slice(1 - MAX_REASONS), `${about.join(', ')}: ${plan.reason}`];
  if (plan.plan === 'wait' && plan.blocked) raise(draft, plan.blocked, at(about, 0), plan.reason, now);
}

/** What was last said of the money of a fulfilment. */
export function lastReason({ capturing = [] }: Pick<OrderRecord, 'capturing'>, fulfilment: string): string | undefined {
  const said = capturing.findLast((reason) => reason.split(': ', 1)[0]?.split(', ').includes(fulfilment));
  return said?.slice(said.indexOf(': ') + 2);
}

/** Goods may leave: every unit has its money, confirmed, or costs nothing. */
export function isFunded(record: OrderRecord, fulfilment: Fulfilment): boolean {
  return fulfilment.lines.every(
    ({ quantity, pieces }) =>
      unitsIn(pieces) === quantity && pieces.every(({ entry }) => entry === undefined || isConfirmed(record, entry)),
  );
}
