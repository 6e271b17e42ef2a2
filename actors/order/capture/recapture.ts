/**
 * A capture that could not leave before its authorisation ended moved nothing, and its units are still wanted: it is replaced by what
 * can pay now, prepaid money or another tender. Until there is some, it stays as it is, and what is missing is a shortfall.
 *
 * A capture that failed otherwise, for certain, is replaced by what the customer was asked to pay, and paid, or by what was captured
 * early, which was to pay for its goods too: never by another authorisation, which is a person's decision.
 */
import { castDraft, create } from 'mutative';
import { lower } from '../attention/attention.ts';
import { coarsestStep, leftOut } from '../ledger/amount-steps.ts';
import { type Books, isFailed, mayTakeMoney, type NewEntry, reserve } from '../ledger/ledger.ts';
import { type Draw, drawDown, drawnBy, prepaidLeft, prepaymentLead } from '../ledger/tenders.ts';
import { at, type Entry, type OrderPolicy, type OrderRecord, type Working } from '../record.ts';
import { prepaidKept } from '../refund/owe.ts';
import { excessOf } from './capture-plan.ts';
import { withoutUnwanted } from './less-wanted.ts';
import { addFee, lessFee, moreFee } from './shipping-fee.ts';
import { failedCaptures, ownFee, prepaidBy, shippingToCapture } from './still-to-capture.ts';
import { setApart, type Wanted, wantedApart } from './wanted-apart.ts';

export function planRecapture(record: OrderRecord, now: number, policy: OrderPolicy): Books {
  let books: Books = { record: withoutUnwanted(record), effects: [] };
  const hasPaid = hasPaidSince(record);
  books.record.ledger.forEach((entry, position) => {
    const lead = entry.with ?? position;
    if (!entry.lapsed && !(hasSurelyFailed(entry) && (hasPaid || isSpared(books.record, position)))) return;
    if (entry.replaced || !isFailed(record, lead) || !failedCaptures(books.record).has(lead)) return;
    const apart = wantedApart(books.record, position);
    if (apart) {
      const { record: next, effects } = paidApart(books.record, position, apart, now, policy);
      books = { record: next, effects: [...books.effects, ...effects] };
      return;
    }
    const { record: next, effects } = recapture(books.record, position, lead, now, policy);
    books = { record: next, effects: [...books.effects, ...effects] };
  });
  return books;
}

/** When he was asked, or by what was captured early. */
function hasPaidSince({ tenders, ledger }: OrderRecord): boolean {
  return ledger.some(({ prepayment, state, tender }) => {
    if (!prepayment || state !== 'confirmed' || tender === undefined) return false;
    const { request, settled } = at(tenders, tender);
    return request !== undefined || !settled;
  });
}

/** Nothing of it is needed any more: others took all that its goods cost. */
function isSpared(record: OrderRecord, position: number): boolean {
  const { with: lead = position } = at(record.ledger, position);
  if (!isFailed(record, lead) || !failedCaptures(record).has(lead) || wantedApart(record, position)) return false;
  const { needed, drawn } = neededInstead(record, position);
  return needed <= drawn && needed <= Math.min(prepaidLeft(record, true), prepaidKept(record));
}

const hasSurelyFailed = (entry: Entry): boolean => entry.kind === 'capture' && !mayTakeMoney(entry);

/** What is still wanted of its goods, where prepayments pay for all of that, or what lapsed can be taken from another tender. */
function paidApart(record: OrderRecord, position: number, wanted: Wanted, now: number, policy: OrderPolicy): Books {
  const { goods, shipping, shippingOf } = wanted;
  const due = goods + shipping;
  const asked = Math.max(0, due + leftOut(record));
  // Prepaid money has its part of a fee that is taken pro rata with the goods, of another one by itself.
  const most = shippingOf ? asked : asked - shipping;
  const prepaid = Math.max(0, Math.min(prepaidLeft(record, true), prepaidKept(record), most));
  const mayDraw = at(record.ledger, position).lapsed || asked - prepaid < coarsestStep(record);
  const draws = mayDraw ? drawDown(record, asked - prepaid, now) : undefined;
  if (!draws) return { record, effects: [] };
  const lead = prepaymentLead(record);
  if (prepaid === due && lead !== undefined) {
    const next = create(setApart(record, position, lead), (draft) => addFee(at(draft.ledger, lead), wanted));
    return { record: next, effects: [] };
  }
  return reserveApart(record, position, { ...wanted, prepaid, draws }, now, policy);
}

/** Where all but less than an amount step was prepaid, the entry that says so asks for nothing. */
export function reserveApart(
  record: OrderRecord,
  position: number,
  { goods, shipping, shippingOf, prepaid, draws }: Wanted & { prepaid: number; draws: readonly Draw[] },
  now: number,
  policy: OrderPolicy,
): Books {
  const lead = record.ledger.length;
  const paidFor = paidForBy(at(record.ledger, position));
  const transit = goods + shipping - prepaid - drawnBy(draws);
  const ofLead = {
    ...(prepaid > 0 ? { prepaid } : {}),
    ...(transit === 0 ? {} : { transit }),
    ...(shipping > 0 ? { shipping } : {}),
    ...(shippingOf ? { shippingOf } : {}),
  };
  const parts: readonly (Omit<Draw, 'tender'> & Partial<Draw>)[] = draws.length > 0 ? draws : [{ amount: 0 }];
  return parts.reduce<Books>(
    (books, { tender, amount }, index) => {
      const part = tender === undefined ? { amount } : asWhole(books.record, { tender, amount }, now);
      const whose = index === 0 ? ofLead : { with: lead };
      const next = reserve(books.record, { kind: 'capture', ...part, ...paidFor, ...whose }, now, policy);
      return { record: next.record, effects: [...books.effects, ...next.effects] };
    },
    { record: setApart(record, position, lead), effects: [] },
  );
}

/** What can be captured whole only is captured whole. */
function asWhole(record: OrderRecord, { tender, amount }: Draw, now: number): Draw & Pick<NewEntry, 'excess'> {
  const excess = excessOf(record, { tender, amount }, now);
  return { tender, amount: amount + excess, ...(excess > 0 ? { excess } : {}) };
}

interface Instead {
  needed: number;
  drawn: number;
  /** What other captures took of the shipping fee that its goods were to bring; it is set off against what this one asked for. */
  feeTaken: number;
  /** What of that is more than this one asked for. */
  feeBeyond: number;
  /** What of `needed` is the shipping fee. */
  fee: number;
}

/** What stands in for a capture that failed, minor units; `feeLeft` is what of the shipping fee is still to be taken. */
export function neededInstead(
  record: OrderRecord,
  position: number,
  feeLeft: number = shippingToCapture(record),
): Instead {
  const apart = wantedApart(record, position);
  if (apart) {
    const fee = Math.min(apart.shipping, feeLeft);
    return { needed: apart.goods + fee, drawn: 0, feeTaken: 0, feeBeyond: 0, fee };
  }
  const { amount, excess = 0, with: lead = position } = at(record.ledger, position);
  const { shipping = 0, prepaid = 0 } = at(record.ledger, lead);
  // What the lead drew on prepayments was free for others while it had failed; its shipping may have gone with another capture.
  const drawn = prepaid - prepaidBy(record, lead);
  const own = ownFee(record, lead);
  const feeOfOthers = Math.max(0, shipping - own - feeLeft);
  const asked = amount - excess + drawn;
  const feeTaken = Math.min(feeOfOthers, asked);
  const feeBeyond = feeOfOthers - feeTaken;
  return { needed: asked - feeTaken, drawn, feeTaken, feeBeyond, fee: shipping - own - feeOfOthers };
}

function recapture(record: OrderRecord, position: number, lead: number, now: number, policy: OrderPolicy): Books {
  const { key, lapsed } = at(record.ledger, position);
  const { prepaid = 0, transit = 0 } = at(record.ledger, lead);
  const { needed, drawn, feeTaken } = neededInstead(record, position);
  const paidBefore = Math.max(0, Math.min(prepaidLeft(record, true), prepaidKept(record), needed));
  const draws = lapsed || paidBefore === needed ? drawDown(record, needed - paidBefore, now) : undefined;
  if (!draws) return { record, effects: [] };
  const rounded = transit + needed - paidBefore - drawnBy(draws);
  const next = create(record, (draft) => {
    at(draft.ledger, position).replaced = true;
    at(draft.ledger, lead).prepaid = prepaid - drawn + paidBefore;
    if (rounded !== 0) at(draft.ledger, lead).transit = rounded;
    if (feeTaken > 0) {
      const { shipping = 0, shippingOf } = at(record.ledger, lead);
      const feeBefore = { shipping, taken: feeTaken, ...(shippingOf ? { shippingOf } : {}) };
      at(draft.ledger, position).feeBefore = castDraft(feeBefore);
      lessFee(at(draft.ledger, lead), feeTaken);
    }
    lower(draft, key);
  });
  const paidFor = paidForBy(at(record.ledger, lead));
  return draws.reduce<Books>(
    (books, { tender, amount }) => {
      const part = asWhole(books.record, { tender, amount }, now);
      const asked = reserve(books.record, { kind: 'capture', ...part, ...paidFor, with: lead }, now, policy);
      return { record: asked.record, effects: [...books.effects, ...asked.effects] };
    },
    { record: next, effects: [] },
  );
}

function paidForBy({ fulfilment, fulfilments }: Entry): Pick<NewEntry, 'fulfilment' | 'fulfilments'> {
  return {
    ...(fulfilment === undefined ? {} : { fulfilment }),
    ...(fulfilments === undefined ? {} : { fulfilments: [...fulfilments] }),
  };
}

/** What was replaced moved after all: what was prepaid in its place is free again, and what it has beyond that is fee that is paid twice. */
export function takenAfterAll({ ledger }: Working, position: number): void {
  const entry = at(ledger, position);
  const { amount, excess = 0, with: of, feeBefore } = entry;
  const lead = at(ledger, of ?? position);
  const free = Math.min(lead.prepaid ?? 0, amount - excess);
  if (lead.prepaid) lead.prepaid -= free;
  if (!feeBefore) return;
  const { shipping, shippingOf, taken = shipping - (lead.shipping ?? 0) } = feeBefore;
  moreFee(lead, Math.min(taken, amount - excess - free), shippingOf);
  delete entry.feeBefore;
}
