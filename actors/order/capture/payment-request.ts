/**
 * What no authorisation gives any more is asked of the customer: one request is open at a time, for all that is missing. Whoever takes
 * the money says `paid`: a tender of its own, settled, that pays first.
 */
import { castDraft, create } from 'mutative';
import type { Effect, Message, Refusal } from '../../../protocols/actor.ts';
import type { OrderCommands } from '../../../protocols/commands.ts';
import { formatMinor } from '../../../protocols/currency.ts';
import type { PaymentRequest } from '../../../protocols/views.ts';
import { refuse, type Verdict } from '../../chart.ts';
import { stepDown } from '../../money/step.ts';
import { lower, raise } from '../attention/attention.ts';
import { stepOf } from '../ledger/amount-steps.ts';
import { type Books, nextKey } from '../ledger/ledger.ts';
import { isEnding } from '../ledger/tenders.ts';
import { finerThanStep } from '../placing/payments.ts';
import { type Entry, instant, type OrderPolicy, type OrderRecord, type Tender, type Working } from '../record.ts';
import { prepaidKept } from '../refund/owe.ts';
import { whatCame } from '../returns/exchange-taken.ts';
import { shippingUpFront } from './shipping-fee.ts';
import { askedInstead, shortfall } from './shortfall.ts';
import { feeBesideFailed } from './still-to-capture.ts';

type Paid = OrderCommands['paid'];

/** Nobody is asked for money while an order is held. */
export function planPaymentRequest(record: OrderRecord, now: number): Books {
  const open = openRequest(record);
  const amount = record.held ? (open?.amount ?? 0) : shortfall(record, now);
  if (amount === (open?.amount ?? 0)) return { record, effects: [] };
  const effects: Effect[] = [];
  const next = create(record, (draft) => {
    if (open) effects.push(withdraw(draft, open));
    if (amount > 0) effects.push(request(draft, record, amount, now));
  });
  return { record: next, effects };
}

function openRequest({ paymentRequests }: OrderRecord): PaymentRequest | undefined {
  return paymentRequests?.find(({ state }) => state === 'open');
}

function withdraw(draft: Working, { request: id, amount }: PaymentRequest): Effect {
  end(draft, id, 'withdrawn');
  return { effect: 'event', name: 'payment-request-withdrawn', payload: { request: id, amount } };
}

function end(draft: Working, id: string, state: 'withdrawn' | 'paid'): void {
  const known = draft.paymentRequests?.find(({ request }) => request === id);
  if (known) known.state = state;
  lower(draft, id);
}

function request(draft: Working, record: OrderRecord, amount: number, now: number): Effect {
  const known = draft.paymentRequests ?? [];
  const id = `${record.id}-q${known.length + 1}`;
  draft.paymentRequests = [...known, { request: id, amount, state: 'open' }];
  const reason = `${formatMinor(amount, record.currency)} is not covered: ${whyNotCovered(record, now)}`;
  raise(draft, 'payment-requested', id, reason, now);
  return { effect: 'event', name: 'payment-requested', payload: { request: id, amount, reason } };
}

function whyNotCovered(record: OrderRecord, now: number): string {
  const ending = record.tenders.findLast((tender) => isEnding(tender, now));
  if (ending) return `the authorisation of ${ending.method} ends at ${ending.captureBefore}`;
  const asked = askedInstead(record).map(({ key }) => key);
  if (asked.length > 0) return `${asked.join(' and ')} failed, and is paid in another way`;
  return record.exchange ? whatCame(record, record.exchange) : 'nothing pays it';
}

/** It says of money that has moved: what nobody asks for any more is booked all the same, and goes back as far as nothing needs it. */
export function paid(
  record: OrderRecord,
  { payload, at: now }: Message<Paid>,
  policy: OrderPolicy,
): Verdict<OrderRecord> {
  const asked = requestOf(record, payload);
  if (!asked) {
    return refuse('wrong-state', `order ${record.id} never had a request ${payload.request ?? 'for a payment'}`);
  }
  const wrong = badPayment(record, payload, policy);
  if (wrong) return wrong;
  const tender = tenderOf(asked, payload, policy, now);
  const least = stepDown(asked.amount, stepOf(tender, record.currency));
  if (asked.state === 'open' && payload.amount < least) {
    const [came, due] = [payload.amount, asked.amount].map((amount) => formatMinor(amount, record.currency));
    return refuse('wrong-amount', `amount: ${came} paid, ${asked.request} is over ${due}`);
  }
  const entry = paidUnder(record, payload, now);
  const next = create(record, (draft) => {
    draft.tenders.push(castDraft(tender));
    draft.ledger.push(castDraft(entry));
    end(draft, asked.request, 'paid');
  });
  const said = { request: asked.request, entry: entry.key, amount: payload.amount };
  return { record: next, effects: [{ effect: 'event', name: 'paid', payload: said }] };
}

/** The one it names, whatever became of it; else the open one, else the newest. */
function requestOf(record: OrderRecord, { request: id }: Paid): PaymentRequest | undefined {
  if (id === undefined) return openRequest(record) ?? record.paymentRequests?.at(-1);
  return record.paymentRequests?.find(({ request }) => request === id);
}

function badPayment(
  record: OrderRecord,
  { account, method, transaction, amount }: Paid,
  policy: OrderPolicy,
): { refuse: Refusal } | undefined {
  if (!policy.accounts.includes(account)) return refuse('unknown-gateway-account', `no gateway account ${account}`);
  const capability = policy.capabilityOf(account, method);
  if (!capability) {
    const known = [...policy.methodsOf(account)].sort().join(', ');
    return refuse('unknown-payment-method', `method: account ${account} has no ${method}; it has ${known}`);
  }
  const tooFine = finerThanStep({ capability, method }, amount, record.currency);
  if (tooFine) return refuse('invalid-payload', `amount: ${tooFine}`);
  const isKnown = record.tenders.some((tender) => tender.account === account && tender.transaction === transaction);
  return isKnown ? refuse('invalid-payload', `transaction: ${transaction} pays for the order already`) : undefined;
}

function tenderOf(
  { request: id }: PaymentRequest,
  { account, method, transaction, amount }: Paid,
  policy: OrderPolicy,
  now: number,
): Tender {
  const capability = policy.capabilityOf(account, method);
  if (!capability) throw new Error(`nothing is known of ${method} at ${account}`);
  return {
    account,
    method,
    transaction,
    authorised: amount,
    authorisedAt: instant(now),
    settled: true,
    initiator: 'customer',
    capability: { ...capability, delayedCapture: 'none' },
    request: id,
  };
}

/** It pays what no capture does of the shipping fee, if what was paid by now is enough for it. */
function paidUnder(record: OrderRecord, { amount, transaction }: Paid, now: number): Entry {
  const shipping = Math.max(0, shippingUpFront(record) - feeBesideFailed(record));
  return {
    key: nextKey(record, 'capture'),
    kind: 'capture',
    amount,
    state: 'confirmed',
    party: 'customer',
    tender: record.tenders.length,
    prepayment: true,
    ...(shipping > 0 && shipping <= prepaidKept(record) + amount ? { shipping } : {}),
    gatewayReference: transaction,
    at: instant(now),
  };
}
