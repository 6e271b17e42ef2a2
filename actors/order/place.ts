/** From a `place` command to an order: checked in the declared order of refusals, amounts frozen. */
import type { Effect, Message, Refusal } from '../../protocols/actor.ts';
import type { OrderCommands } from '../../protocols/commands.ts';
import { exponentOf } from '../../protocols/currency.ts';
import { parseRate, type Rate } from '../../protocols/rate.ts';
import { refuse, type Verdict } from '../chart.ts';
import { lineAmounts, type OrderAmounts } from '../money/line-amounts.ts';
import { ask } from './question.ts';
import {
  type Entry,
  type Item,
  instant,
  type Line,
  type OrderPolicy,
  type OrderRecord,
  type Payment,
  SCHEMA_VERSION,
} from './record.ts';

type Place = OrderCommands['place'];

const NEW_LINE: Omit<Line, 'waiting'> = {
  taken: 0,
  dropped: 0,
  cancelled: 0,
  handedOver: 0,
  declared: 0,
  returned: 0,
  goodwill: 0,
  excluded: [],
};

export function place(policy: OrderPolicy, message: Message<Place>): Verdict<OrderRecord> {
  const wanted = message.payload;
  const refusal = crossFields(wanted) ?? knownWords(wanted, policy) ?? distinctLines(wanted);
  if (refusal) return refusal;
  const amounts = amountsOf(wanted);
  if (amounts.kind === 'refused') return { refuse: amounts.refusal };
  if (wanted.payment && wanted.payment.authorised < amounts.total) {
    return refuse('authorisation-too-low', `${wanted.payment.authorised} authorised for an order of ${amounts.total}`);
  }
  const record = newRecord(message, amounts);
  const waiting = new Map(record.items.map((item, position) => [position, item.quantity]));
  return { record, effects: [placed(record), ...ask(record, waiting)] };
}

function crossFields({ fulfilment, collectAt, payment }: Place): { refuse: Refusal } | undefined {
  const invalid = (reason: string) => refuse('invalid-payload', reason);
  if (fulfilment !== 'ship' && collectAt === undefined) return invalid(`collectAt: required for ${fulfilment}`);
  // An authorisation that nobody would ever capture must not be taken in silence.
  if (fulfilment === 'reserve-and-collect') {
    return payment ? invalid('payment: reserve-and-collect is paid in the store') : undefined;
  }
  if (!payment) return invalid(`payment: required for ${fulfilment}`);
  const captured = payment.captured ?? 0;
  if (captured !== 0 && captured !== payment.authorised) return invalid('payment.captured: must be 0 or authorised');
  return undefined;
}

function knownWords({ currency, payment }: Place, policy: OrderPolicy): { refuse: Refusal } | undefined {
  if (exponentOf(currency) === undefined) return refuse('unknown-currency', `${currency} has no ISO 4217 exponent`);
  if (payment && !policy.accounts.includes(payment.account)) {
    return refuse('unknown-gateway-account', `no gateway account ${payment.account}`);
  }
  return undefined;
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

function newRecord({ id, payload, at }: Message<Place>, amounts: OrderAmounts): OrderRecord {
  const { channel, currency, placedAt, fulfilment, collectAt, destination } = payload;
  const items = payload.lines.map((line, position) => itemOf(payload, line, amounts.lines[position]));
  const payment = paymentOf(payload);
  return {
    v: SCHEMA_VERSION,
    id,
    revision: 0,
    handled: [],
    channel,
    currency,
    placedAt,
    mode: fulfilment,
    ...(collectAt === undefined || fulfilment === 'ship' ? {} : { collectAt }),
    ...(destination ? { destination: whereTo(destination) } : {}),
    total: amounts.total,
    shipping: amounts.shipping.gross,
    shippingTax: amounts.shipping.tax,
    ...(payment ? { payment } : {}),
    held: false,
    items,
    lines: items.map(({ quantity }) => ({ ...NEW_LINE, waiting: quantity })),
    fulfilments: [],
    ledger: payment?.settled ? [capturedAtOnce(id, payment, amounts.shipping.gross, at)] : [],
    obligations: [],
    returns: [],
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

function paymentOf({ payment }: Place): Payment | undefined {
  if (!payment) return undefined;
  const { account, method, transaction, authorised, captureBefore, captured = 0 } = payment;
  return {
    account,
    method,
    transaction,
    authorised,
    ...(captureBefore === undefined ? {} : { captureBefore }),
    settled: captured > 0,
  };
}

/** The method took everything when the order was placed: no capture is ever asked for. */
function capturedAtOnce(order: string, payment: Payment, shipping: number, at: number): Entry {
  return {
    key: `${order}-c1`,
    kind: 'capture',
    amount: payment.authorised,
    state: 'confirmed',
    party: 'customer',
    shipping,
    gatewayReference: payment.transaction,
    at: instant(at),
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
