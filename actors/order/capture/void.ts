/** What will never be captured is given back to the customer's card as soon as that is certain. */
import type { Effect } from '../../../protocols/actor.ts';
import { stepDown } from '../../money/step.ts';
import { stepOf } from '../ledger/amount-steps.ts';
import { type Books, isPending, mayTakeMoney, nextKey, reserve, sumOf } from '../ledger/ledger.ts';
import {
  authorisedBeyond,
  awaitedFromExchange,
  capturesLeft,
  type Draw,
  hasExpired,
  isEnding,
  isIndivisible,
} from '../ledger/tenders.ts';
import { at, type Entry, instant, type OrderPolicy, type OrderRecord } from '../record.ts';
import { prepaidKept } from '../refund/owe.ts';
import { expiryPolicy } from './expiry.ts';
import { stillToCapture } from './still-to-capture.ts';

export function planVoid(record: OrderRecord, now: number, policy: OrderPolicy): Books {
  if (awaitedFromExchange(record) > 0) return { record, effects: [] };
  let books: Books = { record, effects: [] };
  const add = (next: Books): void => {
    books = { record: next.record, effects: [...books.effects, ...next.effects] };
  };
  const open: number[] = [];
  record.tenders.forEach((_, tender) => {
    if (capturesLeft(record, tender) > 0) open.push(tender);
    else add(giveUpRest(books.record, tender, now, policy));
  });
  for (const { tender, amount } of notNeeded(books.record, open, now, policy)) {
    add(reserve(books.record, { kind: 'void', amount, tender }, now, policy));
  }
  return books;
}

/**
 * Of tenders that can still be captured. A capture in flight counts as captured: should it fail, the next comparison finds its amount.
 * What was authorised beyond the order goes last, when nothing is left to capture, and what others capture is known: until then it
 * may still serve (a void can end an authorisation, and a capture come too late for its own). What ends and is to be released serves no
 * more, but for what the others can't pay.
 */
function notNeeded(record: OrderRecord, open: readonly number[], now: number, policy: OrderPolicy): Draw[] {
  if (open.every((tender) => freeOf(record, tender, now) <= 0)) return [];
  const { units, amount } = stillToCapture(record);
  const needed = Math.max(0, amount - prepaidKept(record));
  const isReleased = (tender: number): boolean =>
    expiryPolicy(policy).act === 'release' && isEnding(at(record.tenders, tender), now);
  const [released, others] = [open.filter(isReleased), open.filter((tender) => !isReleased(tender))];
  const free = (tenders: readonly number[]): number =>
    tenders.reduce((sum, tender) => sum + freeOf(record, tender, now), 0);
  const mayServe = (tender: number): boolean => units > 0 || isCapturedBeside(record, tender);
  const [serving, idle] = [others.filter(mayServe), others.filter((tender) => !mayServe(tender))];
  const excess = Math.min(authorisedBeyond(record), free(serving));
  const kept = Math.min(free(released), Math.max(0, needed - free(others)));
  return [
    ...partsOf(record, released, free(released) - kept, now),
    ...partsOf(record, [...serving, ...idle], free(others) + kept - needed - excess, now),
  ];
}

function isCapturedBeside({ ledger }: OrderRecord, tender: number): boolean {
  return ledger.some((entry) => entry.kind === 'capture' && entry.tender !== tender && isPending(entry));
}

/** `amount` of what they have free, from the last one backwards. */
function partsOf(record: OrderRecord, tenders: readonly number[], amount: number, now: number): Draw[] {
  let left = amount;
  return tenders.toReversed().flatMap((tender) => {
    const free = freeOf(record, tender, now);
    const part = stepDown(Math.min(left, free), stepOf(at(record.tenders, tender), record.currency));
    if (part <= 0) return [];
    left -= part;
    // A part of what can't be divided goes when the rest is captured.
    const isPart = part < free && isIndivisible(at(record.tenders, tender).capability);
    return isPart ? [] : [{ tender, amount: part }];
  });
}

/** Its last capture is made. Should that fail, it is free again: so nothing is given up before it is known. */
function giveUpRest(record: OrderRecord, tender: number, now: number, policy: OrderPolicy): Books {
  const amount = freeOf(record, tender, now);
  const captures = record.ledger.filter((entry) => entry.kind === 'capture' && entry.tender === tender);
  if (amount <= 0 || captures.some(isPending)) return { record, effects: [] };
  const last = captures.findLast(({ state }) => state === 'confirmed');
  if (!at(record.tenders, tender).capability.partialReleasesRest || !last) {
    return reserve(record, { kind: 'void', amount, tender }, now, policy);
  }
  return released(record, tender, amount, last, now);
}

/** The provider did it by itself when it captured: nobody is asked. */
function released(record: OrderRecord, tender: number, amount: number, capture: Entry, now: number): Books {
  const entry: Entry = {
    key: nextKey(record, 'void'),
    kind: 'void',
    amount,
    state: 'confirmed',
    party: 'customer',
    tender,
    released: true,
    ...(capture.gatewayReference === undefined ? {} : { gatewayReference: capture.gatewayReference }),
    at: instant(now),
  };
  const payload = { entry: entry.key, amount, releasedBy: capture.key };
  const event: Effect = { effect: 'event', name: 'voided', payload };
  return { record: { ...record, ledger: [...record.ledger, entry] }, effects: [event] };
}

/** A failed void is still to be done, under its own entry. */
function freeOf(record: OrderRecord, position: number, now: number): number {
  const tender = record.tenders[position];
  if (!tender || tender.settled || hasExpired(tender, now)) return 0;
  const gone = sumOf(
    record.ledger,
    (entry) =>
      entry.tender === position &&
      (entry.kind === 'capture' ? mayTakeMoney(entry) : entry.kind === 'void' && !entry.replaced),
  );
  return Math.max(0, tender.authorised - gone);
}
