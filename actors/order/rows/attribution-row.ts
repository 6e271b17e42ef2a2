/** What a row says of the line, the stores and the entry that it is about. */
import type { AttributionRow } from '../../../protocols/attribution.ts';
import type { StoreTerms } from '../../../protocols/sourcing.ts';
import { lineOf } from '../fulfilment/fulfilment-line.ts';
import { accountOf, isAtGateway, tenderOf } from '../ledger/ledger.ts';
import { termsOf } from '../placing/store-terms.ts';
import { at, type Entry, type Fulfilment, instant, type OrderPolicy, type OrderRecord } from '../record.ts';
import type { Reckoned } from './attribution-sums.ts';
import type { Booking } from './booking.ts';
import { earnsFee } from './fee-earners.ts';

/** Without what is the same for the whole order, or follows from the other amounts. */
export type Row = Omit<
  AttributionRow,
  'row' | 'order' | 'at' | 'channel' | 'mode' | 'currency' | 'net' | 'commission' | 'headquartersShare'
>;

export function rowOf(record: OrderRecord, booking: Booking, reckoned: Reckoned, policy: OrderPolicy): Row {
  const { movement, subject, quantity, gross, settled, netted, party, entry, obligation } = booking;
  const { handling, line } = booking;
  const isFee = subject === 'shipping';
  const isKept = isFee && booking.fulfilment !== undefined && !earnsFee(record, booking.fulfilment);
  const fulfilment = isKept ? undefined : booking.fulfilment;
  const shared = fulfilment === undefined || line === undefined ? undefined : at(record.fulfilments, fulfilment).terms;
  return {
    movement,
    subject,
    ...(line === undefined ? {} : ofLine(record, line)),
    quantity,
    gross,
    ...reckoned,
    ...(party === undefined ? {} : { party }),
    settled,
    ...(netted === 0 ? {} : { netted }),
    ...(handling === undefined ? {} : ofHandling(record, handling)),
    ...(fulfilment === undefined ? {} : ofFulfilment(record, fulfilment, line)),
    ...(fulfilment === undefined || neverLeft(record, obligation) ? {} : ofDelivery(record, fulfilment, line)),
    ...(shared?.ownership === 'franchise' ? ofShare(record, shared, booking, reckoned) : {}),
    ...(isFee ? ofFee(record, booking) : {}),
    ...(obligation === undefined ? {} : ofObligation(record, obligation, { fulfilment, line })),
    ...(entry === undefined ? {} : ofEntry(record, at(record.ledger, entry), policy)),
  };
}

/** What other rules would need to know, to reckon the share anew (supervisor/report/replay.ts). */
function ofShare(
  record: OrderRecord,
  { commission }: StoreTerms,
  { held, gross, quantity }: Booking,
  { tax }: Reckoned,
): Pick<Row, 'storeRate' | 'placedAt' | 'basis'> {
  const isOwn = held.gross === gross && held.net === gross - tax && held.units === quantity && held.allowance === 0;
  return {
    storeRate: commission,
    placedAt: placement(record),
    ...(isOwn ? {} : { basis: [held.gross, held.net, held.units, held.allowance].join(' ') }),
  };
}

/** The rate of carriage, and who would have the fee under other rules, also where these leave it to headquarters. */
function ofFee(
  record: OrderRecord,
  { fulfilment: bringer, gross, held }: Booking,
): Pick<Row, 'taxRate' | 'placedAt' | 'broughtBy' | 'basis'> {
  const { shippingTaxRate: taxRate } = record;
  const placed = { ...(taxRate === undefined ? {} : { taxRate }), placedAt: placement(record) };
  if (bringer === undefined) return placed;
  const basis = held.gross === gross ? {} : { basis: `${held.gross}` };
  return { ...placed, broughtBy: at(record.fulfilments, bringer).store, ...basis };
}

/** It decided on the version of the rules. */
const placement = ({ placedAt, takenAt }: OrderRecord): string =>
  instant(Math.min(Date.parse(placedAt), Date.parse(takenAt ?? placedAt)));

/** Units that something happened to, and no money. */
export function unitRow(
  record: OrderRecord,
  movement: AttributionRow['movement'],
  line: number,
  quantity: number,
  fulfilment?: number,
): Row {
  return {
    movement,
    subject: 'line',
    ...ofLine(record, line),
    quantity,
    gross: 0,
    tax: 0,
    discountShare: 0,
    storeShare: 0,
    settled: 0,
    ...(fulfilment === undefined ? {} : ofFulfilment(record, fulfilment, line)),
    ...(fulfilment === undefined || movement !== 'delivery' ? {} : ofDelivery(record, fulfilment, line)),
  };
}

function ofLine(record: OrderRecord, position: number): Partial<Row> {
  const { line, sku, name, category, taxRate } = at(record.items, position);
  return {
    line,
    sku,
    ...(name === undefined ? {} : { name }),
    ...(category === undefined ? {} : { category }),
    taxRate,
  };
}

/** `line` none: the shipping fee is the store's. */
function ofFulfilment(record: OrderRecord, position: number, line: number | undefined): Partial<Row> {
  const fulfilment = at(record.fulfilments, position);
  const { id, store, terms } = fulfilment;
  return {
    fulfilment: id,
    preparedBy: store,
    ...(terms ? { ownership: terms.ownership } : {}),
    ...(terms?.ownership === 'franchise' ? { party: store, ...ofRule(fulfilment, line) } : {}),
  };
}

/** Without a rule of the book, the rate that the store agreed to. */
function ofRule(fulfilment: Fulfilment, line: number | undefined): Pick<Row, 'ruleVersion' | 'rule'> {
  const { terms, shipping } = fulfilment;
  const frozen = line === undefined ? shipping : lineOf(fulfilment, line)?.rule;
  if (frozen) return { ruleVersion: frozen.version, rule: frozen.rule };
  return terms ? { rule: terms.commission } : {};
}

/** What the rule of the taker says is its fee, whoever prepared the units. */
function ofHandling(record: OrderRecord, position: number): Partial<Row> {
  const { store, return: returned, fulfilment, rule } = at(record.handlings ?? [], position);
  const from = at(record.fulfilments, fulfilment);
  return {
    fulfilment: from.id,
    preparedBy: from.store,
    takenBackBy: store,
    return: returned,
    ...(rule ? { ruleVersion: rule.version, rule: rule.rule } : {}),
    placedAt: placement(record),
  };
}

/** Some units of a line may leave, and others be refused. */
function ofDelivery({ mode, fulfilments }: OrderRecord, position: number, line?: number): Pick<Row, 'deliveredBy'> {
  const fulfilment = at(fulfilments, position);
  const { state, store, carrier } = fulfilment;
  const hasLeft = line === undefined || (lineOf(fulfilment, line)?.quantity ?? 0) > 0;
  if (state !== 'handed-over' || !hasLeft) return {};
  return { deliveredBy: mode === 'ship' ? (carrier ?? 'carrier') : store };
}

/** What was refused at the counter, or cancelled, is given back without having left. */
function neverLeft({ obligations }: OrderRecord, obligation: number | undefined): boolean {
  const cause = obligation === undefined ? undefined : at(obligations, obligation).cause;
  return cause === 'cancelled' || cause === 'undelivered';
}

function ofObligation(
  record: OrderRecord,
  position: number,
  { fulfilment, line }: { fulfilment: number | undefined; line: number | undefined },
): Partial<Row> {
  const { cause, reasons, return: returned, till, takenBackBy = till } = at(record.obligations, position);
  const why = reasons?.find((given) => given.line === undefined || given.line === line);
  return {
    reason: cause,
    ...(why === undefined ? {} : { returnReason: why.reason }),
    ...(returned === undefined ? {} : { return: returned }),
    ...(takenBackBy === undefined ? {} : { takenBackBy, ...ofTaker(record, takenBackBy, fulfilment) }),
  };
}

function ofTaker(record: OrderRecord, taker: string, fulfilment: number | undefined): Pick<Row, 'takerOwnership'> {
  if (fulfilment === undefined || at(record.fulfilments, fulfilment).store === taker) return {};
  const terms = termsOf(record, taker);
  return terms ? { takerOwnership: terms.ownership } : {};
}

function ofEntry(record: OrderRecord, entry: Entry, policy: OrderPolicy): Partial<Row> {
  const { key, party, outside, gatewayReference, exchange, amount } = entry;
  if (exchange !== undefined) return { entry: key, exchange };
  const tender = tenderOf(record, entry);
  const account = isAtGateway(entry) ? { account: accountOf(record, entry, policy) } : {};
  // Nobody was asked for nothing.
  if (amount === 0) return { entry: key, ...account };
  return {
    entry: key,
    ...(gatewayReference === undefined ? {} : { gatewayReference }),
    ...account,
    ...(party === 'customer' && tender && !outside ? { method: tender.method } : {}),
    ...(entry.kind === 'capture' && tender?.settled ? { transaction: tender.transaction } : {}),
  };
}
