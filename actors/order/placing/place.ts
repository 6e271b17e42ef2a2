/** From a `place` command to an order: checked in the declared order of refusals, amounts frozen. */
import type { Effect, Message, Refusal } from '../../../protocols/actor.ts';
import type { OrderCommands } from '../../../protocols/commands.ts';
import { exponentOf, formatMinor } from '../../../protocols/currency.ts';
import { inUtc } from '../../../protocols/instant.ts';
import { parseRate, type Rate } from '../../../protocols/rate.ts';
import { refuse, type Verdict } from '../../chart.ts';
import { lineAmounts, type OrderAmounts } from '../../money/line-amounts.ts';
import { type Item, instant, type Line, type OrderPolicy, type OrderRecord, SCHEMA_VERSION } from '../record.ts';
import { askForExchange, placedExchange, wrongExchange } from '../returns/exchange-taken.ts';
import { versionAtPlacement } from './commission.ts';
import {
  badPayment,
  mostLeftOut,
  paymentsOf,
  prepayments,
  tendersOf,
  unknownAccount,
  unusableMethod,
} from './payments.ts';
import { ask } from './question.ts';

type Place = OrderCommands['place'];

const NEW_LINE: Line = {
  taken: 0,
  dropped: 0,
  cancelled: 0,
  handedOver: 0,
  declared: 0,
  returned: 0,
  goodwill: 0,
  excluded: [],
  waiting: 0,
};

export function place(policy: OrderPolicy, message: Message<Place>): Verdict<OrderRecord> {
  const wanted = message.payload;
  const refusal =
    wrongExchange(message.id, wanted) ?? crossFields(wanted) ?? knownWords(wanted, policy) ?? distinctLines(wanted);
  if (refusal) return refusal;
  const amounts = amountsOf(wanted);
  if (amounts.kind === 'refused') return { refuse: amounts.refusal };
  const payments = paymentsOf(wanted);
  const authorised = payments.reduce((sum, payment) => sum + payment.authorised, 0);
  const exchanged = wanted.exchange?.amount ?? 0;
  const money = (amount: number): string => formatMinor(amount, wanted.currency);
  if (exchanged > amounts.total) {
    return refuse('wrong-amount', `exchange.amount: ${money(exchanged)} for an order of ${money(amounts.total)}`);
  }
  const enough = amounts.total - mostLeftOut(wanted, policy);
  if (wanted.fulfilment !== 'reserve-and-collect' && authorised + exchanged < enough) {
    const more = wanted.exchange ? ` and ${money(exchanged)} exchanged` : '';
    return refuse(
      'authorisation-too-low',
      `${money(authorised)} authorised${more} for an order of ${money(amounts.total)}`,
    );
  }
  const record = newRecord(message, amounts, policy);
  const waiting = new Map(record.items.map((item, position) => [position, item.quantity]));
  const effects = [placed(record), ...ask(record, waiting), ...askForExchange(record, message.at, policy)];
  return { record, effects };
}

function crossFields(wanted: Place): { refuse: Refusal } | undefined {
  const { fulfilment, lines, collectAt, payment, payments, exchange } = wanted;
  const invalid = (reason: string) => refuse('invalid-payload', reason);
  if (fulfilment !== 'ship' && collectAt === undefined) return invalid(`collectAt: required for ${fulfilment}`);
  const elsewhere = lines.findIndex(({ store = collectAt }) => fulfilment !== 'ship' && store !== collectAt);
  if (elsewhere >= 0) return invalid(`lines[${elsewhere}].store: must be ${collectAt}, where the order is collected`);
  if (payment && payments) return invalid('payments: not together with payment');
  // An authorisation that nobody would ever capture must not be taken in silence.
  if (fulfilment === 'reserve-and-collect') {
    const field = payments ? 'payments' : 'payment';
    return payment || payments ? invalid(`${field}: reserve-and-collect is paid in the store`) : undefined;
  }
  if (!payment && !payments && !exchange) return invalid(`payment: required for ${fulfilment}`);
  return badPayment(wanted);
}

function knownWords(wanted: Place, policy: OrderPolicy): { refuse: Refusal } | undefined {
  const { currency } = wanted;
  if (exponentOf(currency) === undefined) return refuse('unknown-currency', `${currency} has no ISO 4217 exponent`);
  return unknownAccount(wanted, policy) ?? unusableMethod(wanted, policy);
}

function distinctLines({ lines }: Place): { refuse: Refusal } | undefined {
  const seen = new Set<string>();
  for (const { line } of lines) {
    if (seen.has(line)) return refuse('duplicate-line', `line ${line} occurs twice`);
    seen.add(line);
  }
  return undefined;
}

function amountsOf({ taxIncluded, lines, discount, shipping }: Place): ReturnType<typeof lineAmounts> {
  return lineAmounts({
    taxIncluded,
    lines: lines.map(({ quantity, unitPrice, discount: off, taxRate }) => ({
      quantity,
      unitPrice,
      discount: off ?? 0,
      taxRate: rateOf(taxRate),
    })),
    discount: discount ?? 0,
    ...(shipping ? { shipping: { amount: shipping.amount, taxRate: rateOf(shipping.taxRate) } } : {}),
  });
}

/** The schema has checked the form. */
function rateOf(text: string): Rate {
  const rate = parseRate(text);
  if (!rate) throw new Error(`${text} is no rate`);
  return rate;
}

function newRecord({ id, payload, at }: Message<Place>, amounts: OrderAmounts, policy: OrderPolicy): OrderRecord {
  const { channel, currency, placedAt, fulfilment, collectAt, destination, soldBy } = payload;
  const rules = versionAtPlacement(placedAt, at, policy);
  const items = payload.lines.map((line, position) => itemOf(payload, line, amounts.lines[position]));
  const tenders = tendersOf(payload, policy);
  const isProRata = policy.shipping === 'pro-rata';
  return {
    v: SCHEMA_VERSION,
    id,
    revision: 0,
    handled: [],
    channel,
    currency,
    placedAt: inUtc(placedAt),
    takenAt: instant(at),
    ...(rules === undefined ? {} : { rules }),
    ...(soldBy === undefined ? {} : { soldBy }),
    mode: fulfilment,
    ...(collectAt === undefined || fulfilment === 'ship' ? {} : { collectAt }),
    ...(destination ? { destination: whereTo(destination) } : {}),
    total: amounts.total,
    shipping: amounts.shipping.gross,
    shippingTax: amounts.shipping.tax,
    ...(isProRata ? { shippingPolicy: 'pro-rata' } : {}),
    ...(payload.shipping ? { shippingTaxRate: payload.shipping.taxRate } : {}),
    ...(payload.taxIncluded ? {} : { taxExcluded: true }),
    tenders,
    held: false,
    items,
    lines: items.map(({ quantity }) => ({ ...NEW_LINE, waiting: quantity })),
    fulfilments: [],
    ledger: prepayments(id, tenders, isProRata ? 0 : amounts.shipping.gross, at),
    obligations: [],
    returns: [],
    ...placedExchange(payload),
    sourcing: [],
    attention: [],
  };
}

function itemOf(order: Place, line: Place['lines'][number], amounts: OrderAmounts['lines'][number] | undefined): Item {
  if (!amounts) throw new Error(`line ${line.line} has no amounts`);
  const pin = order.fulfilment === 'ship' ? line.store : order.collectAt;
  return {
    line: line.line,
    sku: line.sku,
    ...(line.name === undefined ? {} : { name: line.name }),
    ...(line.category === undefined ? {} : { category: line.category }),
    quantity: line.quantity,
    unitPrice: line.unitPrice,
    taxRate: line.taxRate,
    gross: amounts.gross,
    net: amounts.net,
    tax: amounts.tax,
    discountShare: amounts.discountShare,
    ...(pin === undefined ? {} : { pin }),
  };
}

function whereTo({
  country,
  latitude,
  longitude,
}: NonNullable<Place['destination']>): NonNullable<OrderRecord['destination']> {
  return {
    country,
    ...(latitude === undefined ? {} : { latitude }),
    ...(longitude === undefined ? {} : { longitude }),
  };
}

function placed(record: OrderRecord): Effect {
  const { channel, currency, mode, total, placedAt } = record;
  return { effect: 'event', name: 'placed', payload: { channel, currency, fulfilment: mode, total, placedAt } };
}
