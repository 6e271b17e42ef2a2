/** What a query answers (wire contract, section 5). */
import type { LedgerKind, OrderState, OrderView } from '../../protocols/views.ts';
import type { Charted } from '../chart.ts';
import { isAwaitingFunds } from './capture/awaiting-funds.ts';
import { isFunded } from './capture/capture.ts';
import { beyondPlan, orderedTotal } from './fulfilment/weighed.ts';
import { capturedForCertain, isConfirmed, isPending, sumOf, takesMoney } from './ledger/ledger.ts';
import { authorisedBy, paidByExchange } from './ledger/tenders.ts';
import { isOwedBack } from './lifecycle.ts';
import { holdings } from './payout/holdings.ts';
import { awaitedPayouts, owedToStores } from './payout/payout.ts';
import { at, type Entry, type Fulfilment, isOpen, type OrderRecord } from './record.ts';

export function orderView({ state, record }: Charted<OrderRecord>): OrderView {
  const { id, revision, channel, currency, placedAt, mode } = record;
  const held = holdings(record);
  return {
    order: id,
    revision,
    state: state as OrderState,
    channel,
    currency,
    placedAt,
    fulfilment: mode,
    totals: totals(record, held),
    // Whoever is shown an offer may answer it at once: what its store has not reserved yet is none.
    fulfilments: record.fulfilments.flatMap((fulfilment, position) =>
      isBeingReserved(fulfilment) ? [] : [fulfilmentView(record, fulfilment, position)],
    ),
    lines: lineViews(record),
    ledger: record.ledger.map((entry) => entryView(record, entry)),
    ...exchangeViews(record),
    parties: parties(record, held),
    ...(record.periods ? { payouts: awaitedPayouts(record) } : {}),
    ...(record.paymentRequests ? { paymentRequests: record.paymentRequests.map((request) => ({ ...request })) } : {}),
    sourcing: [...record.sourcing],
    capturing: [...(record.capturing ?? [])],
    attention: record.attention.map((attention) => ({ ...attention })),
  };
}

function totals(record: OrderRecord, held: ReadonlyMap<string, number>): OrderView['totals'] {
  const confirmed = (of: LedgerKind) => sumOf(record.ledger, ({ kind, state }) => kind === of && state === 'confirmed');
  return {
    ordered: orderedTotal(record),
    authorised: authorisedBy(record),
    captured: capturedForCertain(record),
    refunded: confirmed('refund'),
    voided: confirmed('void'),
    attributed: attributed(held),
    open: {
      capture: sumOf(record.ledger, (entry) => entry.kind === 'capture' && isPending(entry)),
      refund: owedToCustomer(record),
      payout: owedToStores(record),
    },
  };
}

const owedToCustomer = (record: OrderRecord): number =>
  record.ledger.reduce(
    (sum, { kind, amount }, position) => (kind === 'refund' && isOwedBack(record, position) ? sum + amount : sum),
    0,
  );

function attributed(held: ReadonlyMap<string, number>): number {
  return [...held.values()].reduce((sum, amount) => sum + amount, 0);
}

function parties(record: OrderRecord, held: ReadonlyMap<string, number>): Record<string, number> {
  const refunded = sumOf(record.ledger, ({ kind, state }) => kind === 'refund' && state === 'confirmed');
  const headquarters = capturedForCertain(record) - refunded - attributed(held);
  // An entry of its own for every name, `__proto__` included.
  return Object.fromEntries([['headquarters', headquarters], ...held]);
}

const isBeingReserved = ({ state, terms }: Fulfilment): boolean => state === 'offered' && !terms;

function fulfilmentView(
  record: OrderRecord,
  fulfilment: Fulfilment,
  position: number,
): OrderView['fulfilments'][number] {
  const { id, store, state, lines, carrier, tracking } = fulfilment;
  const isOver = state === 'cancelled' || state === 'declined';
  return {
    fulfilment: id,
    store,
    state,
    lines: lines
      .map(({ line, asked, quantity }) => ({ line: at(record.items, line).line, quantity: isOver ? asked : quantity }))
      .filter(({ quantity }) => quantity > 0),
    captured: capturedFor(record, fulfilment, position),
    funded: !isOver && isFunded(record, fulfilment),
    ...(isAwaitingFunds(record, fulfilment) ? { funds: 'awaiting-funds' as const } : {}),
    ...(carrier === undefined ? {} : { carrier }),
    ...(tracking === undefined ? {} : { tracking }),
  };
}

/**
 * With the shipping fee that it brought, as the gateway took it; and its units' part of what prepayments paid, and of captures of
 * several fulfilments.
 */
function capturedFor(record: OrderRecord, { id, lines }: Fulfilment, position: number): number {
  let captured = 0;
  record.ledger.forEach((entry, index) => {
    const { amount, prepaid = 0, excess = 0, shipping = 0, shippingOf, state, replaced } = entry;
    if (!takesMoney(entry)) return;
    const isPaid = state === 'confirmed';
    if (entry.fulfilment === id && isPaid) captured += amount - excess;
    if (entry.fulfilment === id && (isPaid || (replaced && isConfirmed(record, index)))) captured += prepaid;
    if (isShared(entry) && isPaid && shippingOf) captured += feeBroughtBy(position, shippingOf);
    else if (entry.fulfilments?.[0] === id && isPaid) captured += shipping;
  });
  const given = record.obligations.flatMap(({ pieces }) => pieces.filter((piece) => piece.fulfilment === position));
  for (const { entry, gross } of [...lines.flatMap(({ pieces }) => pieces), ...given]) {
    if (entry !== undefined && isShared(at(record.ledger, entry)) && isConfirmed(record, entry)) captured += gross;
  }
  return captured;
}

const feeBroughtBy = (position: number, parts: NonNullable<Entry['shippingOf']>): number =>
  parts.reduce((sum, { fulfilment, amount }) => (fulfilment === position ? sum + amount : sum), 0);

const isShared = ({ prepayment, fulfilments }: Entry): boolean => prepayment === true || fulfilments !== undefined;

function lineViews(record: OrderRecord): OrderView['lines'] {
  const ready = new Map<number, number>();
  for (const fulfilment of record.fulfilments) {
    if (!isOpen(fulfilment)) continue;
    for (const work of fulfilment.lines) ready.set(work.line, (ready.get(work.line) ?? 0) + work.ready);
  }
  const beyond = beyondPlan(record);
  return record.items.map(({ line, sku, quantity, ...planned }, position) => {
    const { handedOver, cancelled, returned } = at(record.lines, position);
    const { gross: more, tax: moreTax } = beyond[position] ?? { gross: 0, tax: 0 };
    const [gross, tax] = [planned.gross + more, planned.tax + moreTax];
    const units = { quantity, ready: ready.get(position) ?? 0, handedOver, cancelled, returned };
    return { line, sku, ...units, net: gross - tax, tax, gross };
  });
}

function entryView(record: OrderRecord, entry: Entry): OrderView['ledger'][number] {
  const { key, kind, amount, state, fulfilment, fulfilments, party, released, gatewayReference } = entry;
  const { retries, outside, exchange, transit, collected } = entry;
  return {
    entry: key,
    kind,
    amount,
    state,
    ...(fulfilment === undefined ? {} : { fulfilment }),
    ...(fulfilments === undefined ? {} : { fulfilments: [...fulfilments] }),
    party,
    ...(released === undefined ? {} : { released }),
    ...(gatewayReference === undefined ? {} : { gatewayReference }),
    ...(exchange === undefined ? {} : { exchange }),
    at: entry.at,
    ...(retries === undefined ? {} : { retries: at(record.ledger, retries).key }),
    ...(outside ? { outside } : {}),
    ...(transit === undefined ? {} : { transit }),
    ...(collected ? { collected } : {}),
  };
}

function exchangeViews(record: OrderRecord): Pick<OrderView, 'exchange' | 'exchanges'> {
  const { exchange, exchanges } = record;
  return {
    ...(exchange
      ? {
          exchange: {
            order: exchange.order,
            return: exchange.return,
            amount: exchange.amount,
            paid: paidByExchange(record),
          },
        }
      : {}),
    ...(exchanges
      ? { exchanges: exchanges.map(({ return: id, order, given }) => ({ return: id, order, paid: given })) }
      : {}),
  };
}
