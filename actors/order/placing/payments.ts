/** The payments of a `place` command: checked against what their methods can do, and frozen as tenders. */
import type { Refusal } from '../../../protocols/actor.ts';
import type { OrderCommands } from '../../../protocols/commands.ts';
import { formatMinor } from '../../../protocols/currency.ts';
import { HOUR_MS } from '../../../protocols/durations.ts';
import { inUtc } from '../../../protocols/instant.ts';
import { refuse } from '../../chart.ts';
import { stepOf } from '../ledger/amount-steps.ts';
import { nextKey } from '../ledger/ledger.ts';
import { type Entry, instant, type OrderPolicy, type Tender } from '../record.ts';

type Place = OrderCommands['place'];
type Payment = NonNullable<Place['payment']>;

export const paymentsOf = ({ payment, payments }: Place): Payment[] => payments ?? (payment ? [payment] : []);

const fieldOf = ({ payments }: Place, index: number): string => (payments ? `payments[${index}]` : 'payment');

export function badPayment(wanted: Place): { refuse: Refusal } | undefined {
  const transactions = new Set<string>();
  for (const [index, { account, transaction, authorised, captured = 0 }] of paymentsOf(wanted).entries()) {
    const field = fieldOf(wanted, index);
    if (captured !== 0 && captured !== authorised) {
      return refuse('invalid-payload', `${field}.captured: must be 0 or authorised`);
    }
    const name = `${account} ${transaction}`;
    if (transactions.has(name)) return refuse('invalid-payload', `${field}.transaction: ${transaction} occurs twice`);
    transactions.add(name);
  }
  return undefined;
}

export function unknownAccount(wanted: Place, { accounts }: OrderPolicy): { refuse: Refusal } | undefined {
  const unknown = paymentsOf(wanted).find(({ account }) => !accounts.includes(account));
  return unknown && refuse('unknown-gateway-account', `no gateway account ${unknown.account}`);
}

/** Nobody knows what it can do, or what it can do is not what the payment says. */
export function unusableMethod(wanted: Place, policy: OrderPolicy): { refuse: Refusal } | undefined {
  for (const [index, { account, method, authorised, captured = 0 }] of paymentsOf(wanted).entries()) {
    const field = fieldOf(wanted, index);
    const capability = policy.capabilityOf(account, method);
    if (!capability) {
      const known = [...policy.methodsOf(account)].sort().join(', ');
      return refuse('unknown-payment-method', `${field}.method: account ${account} has no ${method}; it has ${known}`);
    }
    const tooFine = finerThanStep({ capability, method }, authorised, wanted.currency);
    if (tooFine) return refuse('invalid-payload', `${field}.authorised: ${tooFine}`);
    if (capability.delayedCapture === 'none' && captured !== authorised) {
      const reason = `${method} takes the money at once, so it must be what is authorised`;
      return refuse('not-settled', `${field}.captured: ${reason}, ${formatMinor(authorised, wanted.currency)}`);
    }
  }
  return undefined;
}

/** Why its method can't have moved such an amount. */
export function finerThanStep(
  tender: Pick<Tender, 'capability' | 'method'>,
  amount: number,
  currency: string,
): string | undefined {
  const step = stepOf(tender, currency);
  if (amount % step === 0) return undefined;
  return `must be a multiple of ${formatMinor(step, currency)}, the finest that ${tender.method} takes`;
}

/** What an order may cost beyond its payments: less than the coarsest step, which no provider takes. */
export function mostLeftOut(wanted: Place, policy: OrderPolicy): number {
  const steps = paymentsOf(wanted).map(
    ({ account, method }) => policy.capabilityOf(account, method)?.amountStep[wanted.currency] ?? 1,
  );
  return Math.max(1, ...steps) - 1;
}

export function tendersOf(wanted: Place, policy: OrderPolicy): Tender[] {
  return paymentsOf(wanted).map((payment) => tenderOf(payment, policy));
}

/**
 * The authorisation ends when the provider said, else when the record of its method says. A payment that was taken already is
 * settled whatever its method could do.
 */
function tenderOf({ captured = 0, captureBefore, credential, ...payment }: Payment, policy: OrderPolicy): Tender {
  const { account, method, transaction, authorised, authorisedAt } = payment;
  const capability = policy.capabilityOf(account, method);
  if (!capability) throw new Error(`nothing is known of ${method} at ${account}`);
  const settled = captured > 0;
  const validMs = capability.validFor.customer * HOUR_MS;
  const ending = captureBefore ? inUtc(captureBefore) : instant(Date.parse(authorisedAt) + validMs);
  return {
    account,
    method,
    transaction,
    authorised,
    authorisedAt: inUtc(authorisedAt),
    ...(settled ? {} : { captureBefore: ending }),
    settled,
    initiator: 'customer',
    capability: settled ? { ...capability, delayedCapture: 'none' } : capability,
    ...(credential === undefined ? {} : { credential }),
  };
}

/** Methods that took everything when the order was placed: no capture is ever asked for. They pay the shipping fee if they can. */
export function prepayments(order: string, tenders: readonly Tender[], shipping: number, at: number): Entry[] {
  const prepaid = tenders.reduce((sum, { settled, authorised }) => (settled ? sum + authorised : sum), 0);
  const ledger: Entry[] = [];
  tenders.forEach(({ settled, authorised, transaction }, tender) => {
    if (!settled) return;
    ledger.push({
      key: nextKey({ id: order, ledger }, 'capture'),
      kind: 'capture',
      amount: authorised,
      state: 'confirmed',
      party: 'customer',
      tender,
      prepayment: true,
      ...(ledger.length === 0 && shipping <= prepaid ? { shipping } : {}),
      gatewayReference: transaction,
      at: instant(at),
    });
  });
  return ledger;
}
