/** What a query answers (wire contract, section 5). */
import type { LedgerKind, OrderState, OrderView } from '../../protocols/views.ts';
import type { Charted } from '../chart.ts';
import { isFunded } from './capture.ts';
import { holdings } from './holdings.ts';
import { capturedForCertain, isConfirmed, isOwed, isPending, sumOf, takesMoney } from './ledger.ts';
import { at, type Entry, type Fulfilment, isOpen, type OrderRecord } from './record.ts';
import { authorisedBy, paidByExchange } from './tenders.ts';

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
    fulfilments: record.fulfilments.map((fulfilment) => fulfilmentView(record, fulfilment)),
    lines: lineViews(record),
    ledger: record.ledger.map((entry) => entryView(record, entry)),
    ...exchangeViews(record),
    parties: parties(record, held),
    sourcing: [...record.sourcing],
    attention: record.attention.map((attention) => ({ ...attention })),
  };
}

function totals(record: OrderRecord, held: ReadonlyMap<string, number>): OrderView['totals'] {
  const confirmed = (of: LedgerKind) => sumOf(record.ledger, ({ kind, state }) => kind === of && state === 'confirmed');
  return {
    ordered: record.total,
    authorised: authorisedBy(record),
    captured: capturedForCertain(record),
    refunded: confirmed('refund'),
    voided: confirmed('void'),
    attributed: attributed(held),
    open: {
      capture: sumOf(record.ledger, (entry) => entry.kind === 'capture' && isPending(entry)),
      refund: sumOf(record.ledger, (entry) => entry.kind === 'refund' && isOwed(entry)),
      payout: sumOf(record.ledger, (entry) => entry.kind === 'payout' && isOwed(entry)),
    },
  };
}

function attributed(held: ReadonlyMap<string, number>): number {
  return [...held.values()].reduce((sum, amount) => sum + amount, 0);
}

function parties(record: OrderRecord, held: ReadonlyMap<string, number>): Record<string, number> {
  const refunded = sumOf(record.ledger, ({ kind, state }) => kind === 'refund' && state === 'confirmed');
  const headquarters = capturedForCertain(record) - refunded - attributed(held);
  // An entry of its own for every name, `__proto__` included.
  return Object.fromEntries([['headquarters', headquarters], ...held]);
}

function fulfilmentView(record: OrderRecord, fulfilment: Fulfilment): OrderView['fulfilments'][number] {
  const { id, store, state, lines, carrier, tracking } = fulfilment;
  const isOver = state === 'cancelled' || state === 'declined';
  return {
    fulfilment: id,
    store,
    state,
    lines: lines
      .map(({ line, asked, quantity }) => ({ line: at(record.items, line).line, quantity: isOver ? asked : quantity }))
      .filter(({ quantity }) => quantity > 0),
    captured: capturedFor(record, fulfilment),
    funded: !isOver && isFunded(record, fulfilment),
    ...(carrier === undefined ? {} : { carrier }),
    ...(tracking === undefined ? {} : { tracking }),
  };
}

/** With its shipping fee, as the gateway took it; and what prepayments paid before anybody was asked. */
function capturedFor(record: OrderRecord, { id, lines }: Fulfilment): number {
  let captured = 0;
  record.ledger.forEach((entry, position) => {
    if (!takesMoney(entry) || entry.fulfilment !== id) return;
    if (entry.state === 'confirmed') captured += entry.amount;
    if (entry.state === 'confirmed' || (entry.replaced && isConfirmed(record, position)))
      captured += entry.prepaid ?? 0;
  });
  for (const { pieces } of lines) {
    for (const { entry, gross } of pieces) {
      if (entry !== undefined && at(record.ledger, entry).prepayment && isConfirmed(record, entry)) captured += gross;
    }
  }
  return captured;
}

function lineViews(record: OrderRecord): OrderView['lines'] {
  const ready = new Map<number, number>();
  for (const fulfilment of record.fulfilments) {
    if (!isOpen(fulfilment)) continue;
    for (const work of fulfilment.lines) ready.set(work.line, (ready.get(work.line) ?? 0) + work.ready);
  }
  return record.items.map(({ line, sku, quantity, net, tax, gross }, position) => {
    const { handedOver, cancelled, returned } = at(record.lines, position);
    return { line, sku, quantity, ready: ready.get(position) ?? 0, handedOver, cancelled, returned, net, tax, gross };
  });
}

function entryView(record: OrderRecord, entry: Entry): OrderView['ledger'][number] {
  const { key, kind, amount, state, fulfilment, party, gatewayReference, retries, exchange, at: when } = entry;
  return {
    entry: key,
    kind,
    amount,
    state,
    ...(fulfilment === undefined ? {} : { fulfilment }),
    party,
    ...(gatewayReference === undefined ? {} : { gatewayReference }),
    ...(exchange === undefined ? {} : { exchange }),
    at: when,
    ...(retries === undefined ? {} : { retries: at(record.ledger, retries).key }),
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
