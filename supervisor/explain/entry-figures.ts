/** How the amount of a ledger entry came about. */
import type { AttributionRow } from '../../protocols/attribution.ts';
import type { EntryFacts, OrderFacts } from '../../protocols/order-facts.ts';
import { type Figure, less, summed, sumOf } from './figure.ts';
import { shippingFigure, soldFigure } from './line-figures.ts';
import { stepOf } from './row-step.ts';
import { shareFigures } from './share-figures.ts';

export function entryFigure(facts: OrderFacts, entry: EntryFacts, rows: readonly AttributionRow[]): Figure {
  switch (entry.kind) {
    case 'capture':
    case 'till-sale':
      return paidFigure(facts, entry);
    case 'refund':
      return givenBackFigure(facts, entry);
    case 'void':
      return voidFigure(facts, entry);
    case 'payout':
    case 'payout-reversal':
    case 'receivable':
    case 'netting':
      return settledFigure(facts, entry, rows);
    case 'reauthorisation':
      return authorisedAgain(facts, entry);
  }
}

const wordsOf = ({ entry, kind }: EntryFacts): string => `${kind} ${entry}`;

function leadOf({ entries, order }: OrderFacts, { lead }: EntryFacts): EntryFacts {
  const found = entries.find(({ entry }) => entry === lead);
  if (!found) throw new Error(`order ${order} has no entry ${lead}`);
  return found;
}

/** What other tenders pay, or get back, of the same: of those that were asked again, the last one. */
function others({ entries }: OrderFacts, entry: EntryFacts): Figure[] {
  const last = new Map(entries.filter(({ lead }) => lead === entry.lead).map((other) => [firstOf(other), other]));
  last.delete(firstOf(entry));
  return [...last.values()].map((other) => less({ what: `${wordsOf(other)} of another tender`, amount: other.amount }));
}

const firstOf = ({ entry, retries }: EntryFacts): string => retries ?? entry;

function paidFigure(facts: OrderFacts, entry: EntryFacts): Figure {
  const { sold, shipping, prepaid, transit } = leadOf(facts, entry);
  const figures = [
    ...sold.map((units) => soldFigure(facts, units, whyOtherwise(facts, entry))),
    ...(shipping === 0 ? [] : [shippingFigure(facts, shipping)]),
    { what: 'paid before', amount: prepaid === 0 ? 0 : -prepaid },
    roundedFigure(transit),
    ...others(facts, entry),
  ];
  return summed(wordsOf(entry), entry.amount, figures, whatElse(entry));
}

/** Goods cost something else than was planned where scales or a till said so. */
function whyOtherwise({ weighed }: OrderFacts, { kind, gatewayReference }: EntryFacts): string {
  if (kind === 'till-sale') return `discount at the till, ticket ${gatewayReference}`;
  return weighed ? 'as they were weighed when they were ready' : 'as other units of the line were charged before';
}

function whatElse({ prepayment, exchange }: EntryFacts): string {
  if (exchange !== undefined) return `handed over by order ${exchange}, for goods that draw on it when they are ready`;
  return prepayment ? 'for goods that draw on it when they are ready' : 'of no goods yet, or of goods that it lost';
}

/** Of the authorisation that ended. */
function authorisedAgain(facts: OrderFacts, entry: EntryFacts): Figure {
  const { transaction, captureBefore } = entry;
  const what = `${wordsOf(entry)}: the rest of ${transaction}, which ends at ${captureBefore}, by the policy reauthorise`;
  return { ...restFigure(facts, entry, 'what nothing is left to capture for'), what };
}

/** The provider takes multiples of its amount step: what is less goes with the next ones. */
function roundedFigure(transit: number): Figure {
  const what = transit > 0 ? 'left out by the amount step' : 'left out by the amount step before';
  return less({ what, amount: transit });
}

function givenBackFigure(facts: OrderFacts, entry: EntryFacts): Figure {
  const { owed, transit } = leadOf(facts, entry);
  const figures: Figure[] = [];
  for (const { line, quantity, gross, absorbed } of owed?.units ?? []) {
    figures.push({ what: `line ${line}, ${quantity} units, at what they were captured for`, amount: gross });
    if (absorbed !== 0) figures.push({ what: `goodwill that line ${line} had before`, amount: -absorbed });
  }
  for (const { line, amount } of owed?.allowances ?? []) figures.push({ what: `goodwill on line ${line}`, amount });
  if (owed && owed.shipping !== 0) figures.push(shippingFigure(facts, owed.shipping));
  for (const fee of owed?.fees ?? []) figures.push({ what: feeWords(fee), amount: -fee.amount });
  const all = [...figures, ...(transit === 0 ? [] : [roundedFigure(transit)]), ...others(facts, entry)];
  return summed(wordsOf(entry), entry.amount, all, restWords(facts, entry, sumOf(all)));
}

type Fee = NonNullable<NonNullable<EntryFacts['owed']>['fees']>[number];

function feeWords({ reason, isLeft }: Fee): string {
  if (isLeft) return 'fee that earlier parts of the return were not worth';
  return reason === undefined
    ? 'fee that is kept, as the inspection said'
    : `fee that is kept for the reason ${reason}, by the policy of returns`;
}

/** Of orders that are older than fees of their own, and of what no line and no fee accounts for. */
function restWords(facts: OrderFacts, entry: EntryFacts, sum: number): string {
  if (sum > entry.amount) return 'fee that is kept';
  const { owed } = leadOf(facts, entry);
  if (owed?.cause === 'undelivered') return 'paid before, for nothing that is delivered';
  return owed?.fees ? 'fees that it is not worth: kept from the next parts' : 'beyond lines and shipping';
}

const voidFigure = (facts: OrderFacts, entry: EntryFacts): Figure =>
  restFigure(facts, entry, 'captures that were decided since');

/** What its authorisation had left. */
function restFigure({ entries }: OrderFacts, entry: EntryFacts, rest: string): Figure {
  const before = entries.slice(0, entries.indexOf(entry)).filter((other) => other.transaction === entry.transaction);
  const drawn = before.filter(({ kind, state }) => (kind === 'capture' && state !== 'failed') || kind === 'void');
  const figures = [
    { what: 'authorised', amount: entry.authorised ?? 0 },
    ...drawn.map((other) => less({ what: wordsOf(other), amount: other.amount })),
  ];
  return summed(wordsOf(entry), entry.amount, figures, rest);
}

/** Signs of what a store holds; a debt counts as given back, what pays it as paid out. */
const SIGNS: Partial<Record<EntryFacts['kind'], 1 | -1>> = {
  'till-sale': 1,
  payout: 1,
  netting: 1,
  refund: -1,
  'payout-reversal': -1,
  receivable: -1,
};

const togetherWith = (other: EntryFacts, kind: EntryFacts['kind']): string =>
  other.kind === kind ? `${wordsOf(other)} by another account` : `${wordsOf(other)} of the same step`;

/** What the store should hold by then, less what it held. */
function settledFigure(facts: OrderFacts, entry: EntryFacts, rows: readonly AttributionRow[]): Figure {
  const { party, kind, step, at } = entry;
  const known = rows.filter((row) => (step === undefined ? row.at <= at : stepOf(row) <= step));
  const shares = shareFigures(facts, known, party);
  // A payout that failed is still owed under its own key; nothing else that failed counts.
  const ofParty = (entries: readonly EntryFacts[]) => entries.filter((other) => other.party === party);
  const position = facts.entries.indexOf(entry);
  const before = ofParty(facts.entries.slice(0, position)).filter(
    (other) => other.state !== 'failed' || (other.kind === 'payout' && kind === 'payout'),
  );
  const signed = (other: EntryFacts): number => other.amount * (SIGNS[other.kind] ?? 0);
  const held = before.map((other) => ({ what: wordsOf(other), amount: signed(other) }));
  // No account had all of it, or a debt is paid with a part of it.
  const elsewhere = ofParty(facts.entries.slice(position + 1))
    .filter((other) => step !== undefined && other.step === step && SIGNS[other.kind] === SIGNS[kind])
    .map((other) => ({ what: togetherWith(other, kind), amount: signed(other) }));
  const due = [...shares, ...[...held, ...elsewhere].map(less)];
  const rest = 'of units whose refund was under way, or of entries that have failed since';
  return summed(wordsOf(entry), entry.amount, SIGNS[kind] === 1 ? due : due.map(less), rest);
}
