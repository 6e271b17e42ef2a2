/**
 * given(…).when(…).says(…) for the order actor. Whatever goes in is deep-frozen, whatever comes out is checked: the record goes
 * through its stored form after every step, and the books must hold (invariants.ts).
 */
import { expect } from 'vitest';
import type { AnyMachineSnapshot } from 'xstate';
import { accountMethods } from '../../../actors/capability/account-methods.ts';
import { isAbsent } from '../../../actors/chart.ts';
import { createOrder } from '../../../actors/order/order.ts';
import { at, type OrderPolicy, type Tender } from '../../../actors/order/record.ts';
import { orderView } from '../../../actors/order/view.ts';
import type { Effect, Message, Sender, Step } from '../../../protocols/actor.ts';
import type { AttributionRow } from '../../../protocols/attribution.ts';
import type { Capability } from '../../../protocols/capability.ts';
import type { OrderCommands } from '../../../protocols/commands.ts';
import type { GatewayRequest, GatewayResult } from '../../../protocols/gateway.ts';
import type { ToOrder } from '../../../protocols/internal.ts';
import type { RefusalCode } from '../../../protocols/refusals.ts';
import type { StoreTerms } from '../../../protocols/sourcing.ts';
import type { OrderView } from '../../../protocols/views.ts';
import { wrongAmounts } from '../../row-amounts.ts';
import { brief } from './brief-effect.ts';
import { deepFreeze } from './deep-freeze.ts';
import { checkBooks } from './invariants.ts';
import { isBooked, OrderArchive } from './order-archive.ts';
import { wrongRows } from './row-invariants.ts';
import { StayingOrder } from './staying-order.ts';

const METHODS = accountMethods('simulator');

export const POLICY: OrderPolicy = {
  accounts: ['main'],
  capabilityOf: (_, method) => METHODS.get(method),
  methodsOf: () => METHODS.keys(),
  offerTimeoutMs: 4 * 3600_000,
  collectWithinMs: 168 * 3600_000,
  keepNoticesMs: 168 * 3600_000,
  reserveForMs: 48 * 3600_000,
  exchangeWithinMs: 168 * 3600_000,
  shipping: 'first-ready',
};
const START = Date.parse('2026-11-22T09:00:00Z');

export interface Said {
  name: string;
  payload: unknown;
  sender: Sender;
  /** Milliseconds after the step before. */
  afterMs?: number;
  /** How long it was stored before a node handled it. */
  waitedMs?: number;
}

export class Scenario {
  readonly id: string;
  snapshot: AnyMachineSnapshot | undefined;
  now = START;
  last: Step<AnyMachineSnapshot> | undefined;
  /** Every gateway request so far. */
  readonly requests: GatewayRequest[] = [];
  /** Of each, by key: the account that was asked. */
  readonly accounts = new Map<string, string>();
  readonly archive = new OrderArchive();
  private commands = 0;
  private hadFailures = false;
  private readonly order: ReturnType<typeof createOrder>;
  private readonly staying: StayingOrder;

  constructor(id: string, policy: Partial<OrderPolicy>) {
    this.id = id;
    this.order = createOrder({ ...POLICY, ...policy });
    this.staying = new StayingOrder(this.order);
  }

  given(...steps: Said[]): this {
    for (const step of steps) {
      this.when(step);
      if (this.last?.kind !== 'applied') throw new Error(`given ${step.name}: ${JSON.stringify(this.last)}`);
    }
    return this;
  }

  when({ name, payload, sender, afterMs = 1000, waitedMs = 0 }: Said): this {
    this.now += afterMs;
    this.commands++;
    const from = sender.kind === 'command' ? { kind: sender.kind, command: this.reference(sender.command) } : sender;
    const stored = { at: this.now, handledAt: this.now + waitedMs };
    this.now = stored.handledAt;
    const message: Message = { entity: 'order', id: this.id, name, payload, sender: from, ...stored };
    const before = this.snapshot;
    this.last = this.order.handle(deepFreeze(this.snapshot), deepFreeze(message));
    if ('snapshot' in this.last && this.last.snapshot)
      this.snapshot = this.order.load(this.order.parts(this.last.snapshot, undefined));
    this.staying.handle(message, before, this.snapshot, this.allEffects);
    for (const effect of this.effects) {
      if (effect.effect !== 'gateway') continue;
      this.requests.push(effect.request);
      this.accounts.set(effect.request.key, effect.account);
    }
    const told = this.rows.length;
    this.archive.keep(message, this.last);
    if (this.snapshot && !isAbsent(this.snapshot)) {
      this.hadFailures ||= this.view.ledger.some(({ state }) => state === 'failed');
      checkBooks(this.view, this.requests, this.hadFailures);
      const { record } = this.order.read(this.snapshot);
      const fresh = this.rows.slice(told);
      const wrong = [
        ...wrongRows(record, this.view, this.rows),
        ...fresh.flatMap((row) => wrongAmounts(row, record, fresh)),
      ];
      if (wrong.length > 0) throw new Error(wrong.join('\n'));
    }
    return this;
  }

  /** A tender as another method would have it. */
  withTender(position: number, capability: Partial<Capability>, more: Partial<Tender> = {}): this {
    if (!this.snapshot) throw new Error(`there is no order ${this.id}`);
    const { record } = this.order.read(this.snapshot);
    const tender = at(record.tenders, position);
    const changed = { ...tender, capability: { ...tender.capability, ...capability }, ...more };
    const context = { record: { ...record, tenders: record.tenders.with(position, changed) } };
    this.snapshot = this.snapshot.machine.resolveState({ value: this.snapshot.value, context });
    return this;
  }

  private reference(command: Extract<Sender, { kind: 'command' }>['command']) {
    return command.id === '' ? { ...command, id: `command-${this.commands}` } : command;
  }

  /** All but the rows of the report, which are checked against the money, and the timers of authorisations: most steps have them. */
  get effects(): Effect[] {
    return this.allEffects.filter((effect) => !isBooked(effect) && !isExpiry(effect));
  }

  /** What the step sets and stops of the timers of authorisations. */
  get expiries(): string[] {
    return this.allEffects.filter(isExpiry).map(brief);
  }

  /** Every row of the report so far. */
  get rows(): AttributionRow[] {
    return this.archive.rows;
  }

  private get allEffects(): Effect[] {
    return this.last && 'effects' in this.last ? this.last.effects : [];
  }

  get view(): OrderView {
    if (!this.snapshot || isAbsent(this.snapshot)) throw new Error(`there is no order ${this.id}`);
    return orderView(this.order.read(this.snapshot));
  }

  /** What was given to stores, also what they have not reserved yet, which nobody else is shown. */
  get offers(): { fulfilment: string; store: string }[] {
    if (!this.snapshot || isAbsent(this.snapshot)) throw new Error(`there is no order ${this.id}`);
    return this.order.read(this.snapshot).record.fulfilments.map(({ id, store }) => ({ fulfilment: id, store }));
  }

  /** Effects of the step as short text, in order. */
  says(...expected: string[]): this {
    expect(this.last?.kind).toBe('applied');
    expect(this.effects.map(brief)).toEqual(expected);
    return this;
  }

  shows(expected: Record<string, unknown>): this {
    expect(this.view).toMatchObject(expected);
    return this;
  }

  refuses(code: RefusalCode): this {
    expect(this.last).toMatchObject({ kind: 'refused', refusal: { code } });
    return this;
  }

  ignores(): this {
    expect(this.last?.kind).toBe('ignored');
    return this;
  }

  answers(...expected: string[]): this {
    expect(this.last?.kind).toBe('answered');
    expect(this.effects.map(brief)).toEqual(expected);
    return this;
  }

  raises(...codes: string[]): this {
    expect(this.view.attention.map(({ code }) => code)).toEqual(codes);
    return this;
  }

  ledger(...expected: string[]): this {
    expect(this.view.ledger.map(({ entry, amount, state }) => `${entry} ${amount} ${state}`)).toEqual(expected);
    return this;
  }
}

const isExpiry = (effect: Effect): boolean =>
  (effect.effect === 'timer' || effect.effect === 'cancel-timer') && effect.timer.startsWith('authorisation-');

export const scenario = (id = 'A1', policy: Partial<OrderPolicy> = {}): Scenario => new Scenario(id, policy);

/** Commands of an origin. */
export function by(origin: string, id = '', hash?: string) {
  const command = (name: string, payload: unknown): Said => ({
    name,
    payload,
    sender: {
      kind: 'command',
      command: { id, origin, name, encoding: 'json', hash: hash ?? JSON.stringify(payload) },
    },
  });
  return {
    place: (payload: OrderCommands['place']) => command('place', payload),
    cancel: (payload: OrderCommands['cancel'] = {}) => command('cancel', payload),
    hold: () => command('hold', { reason: 'fraud review' }),
    release: () => command('release', {}),
    refund: (amount: number, line?: string) =>
      command('refund', { amount, reason: 'goodwill', ...(line === undefined ? {} : { line }) }),
    confirm: (entry: string, gatewayReference?: string) =>
      command('confirm', { entry, ...(gatewayReference === undefined ? {} : { gatewayReference }) }),
    fail: (entry: string) => command('fail', { entry, reason: 'not at the provider' }),
    retry: (entry: string) => command('retry', { entry }),
    paid: (amount: number, more: Partial<OrderCommands['paid']> = {}) =>
      command('paid', { amount, account: 'main', method: 'ideal', transaction: 'tr_1', ...more }),
    requestPayment: (entry: string) => command('request-payment', { entry }),
    notify: (notice: OrderCommands['notify']) => command('notify', notice),
    settleRefund: (entry: string) =>
      command('settle-refund', { entry, reference: 'transfer-17', reason: 'the card was closed' }),
    resolve: (attention: string, of?: string) =>
      command('resolve', { attention, note: 'seen to', ...(of === undefined ? {} : { about: of }) }),
    accept: (fulfilment?: string) => command('accept', about(fulfilment)),
    decline: (fulfilment?: string) => command('decline', { ...about(fulfilment), reason: 'busy' }),
    shortPick: (units: Record<string, number>, fulfilment?: string) =>
      command('short-pick', { ...about(fulfilment), lines: unitsOf(units) }),
    ready: (fulfilment?: string, units?: Record<string, number>) =>
      command('ready', { ...about(fulfilment), ...(units ? { lines: unitsOf(units) } : {}) }),
    ship: (fulfilment?: string) => command('ship', { ...about(fulfilment), carrier: 'dhl', tracking: 'T1' }),
    collect: (fulfilment?: string, taken?: Record<string, number>) =>
      command('collect', { ...about(fulfilment), ...(taken ? { lines: unitsOf(taken) } : {}) }),
    sell: (lines: [line: string, quantity: number, amount: number][], paid?: number, fulfilment?: string) =>
      command('sell', {
        ...about(fulfilment),
        ticket: 'T-1',
        lines: lines.map(([line, quantity, amount]) => ({ line, quantity, amount })),
        tenders: [{ kind: 'cash', amount: paid ?? lines.reduce((sum, [, , amount]) => sum + amount, 0) }],
      }),
  };
}

const about = (fulfilment?: string) => (fulfilment === undefined ? {} : { fulfilment });
const unitsOf = (units: Record<string, number>) =>
  Object.entries(units).map(([line, quantity]) => ({ line, quantity }));

export const shop = by('channel-web');
export const ops = by('ops-anna');

/** store → line → quantity. */
export function plan(assigned: Record<string, Record<string, number>>, nobody: Record<string, number> = {}): Said {
  const assignments = Object.entries(assigned).map(([store, units]) => ({ store, lines: unitsOf(units) }));
  const payload: ToOrder['sourced'] = {
    plan: { assignments, unassigned: unitsOf(nobody), reason: 'as the test says' },
  };
  return { name: 'sourced', payload, sender: { kind: 'sourcing' } };
}

export const FRANCHISE: StoreTerms = { ownership: 'franchise', commission: '0.15', payoutAccount: 'acct_1' };
export const COMPANY: StoreTerms = { ownership: 'company', commission: '0' };

const actor = (entity: string, id: string): Sender => ({ kind: 'actor', entity, id });

export function reserved(fulfilment: string, terms: StoreTerms = FRANCHISE, accepted = true): Said {
  const payload: ToOrder['reserved'] = { fulfilment, accepted, terms };
  return { name: 'reserved', payload, sender: actor('store', 'any') };
}

export const offered = (fulfilment: string): Said => reserved(fulfilment, FRANCHISE, false);

export function told<Name extends keyof ToOrder>(name: Name, payload: ToOrder[Name], afterMs?: number): Said {
  return { name, payload, sender: actor('any', 'any'), ...(afterMs === undefined ? {} : { afterMs }) };
}

export function timer<Name extends keyof ToOrder>(name: Name, payload: ToOrder[Name]): Said {
  return { name, payload, sender: { kind: 'timer' } };
}

/** Gateway results; `at` is told in seconds of some clock, as news must be ordered by the gateway's time. */
export function result(key: string, outcome: GatewayResult['outcome'], atSecond = 3600): Said {
  const kinds = {
    c: 'capture',
    v: 'void',
    r: 'refund',
    p: 'payout',
    b: 'payout-reversal',
    a: 'reauthorisation',
  } as const;
  const letter = /-([cvrpba])\d+$/.exec(key)?.[1] as keyof typeof kinds;
  const payload: GatewayResult = {
    key,
    kind: kinds[letter],
    outcome,
    at: new Date(START + atSecond * 1000).toISOString(),
    ...(outcome === 'confirmed' ? { gatewayReference: `ref-${key}` } : {}),
    ...(outcome === 'failed' ? { code: 'declined', reason: 'no' } : {}),
  };
  return { name: 'gateway-result', payload, sender: { kind: 'gateway', account: 'main' } };
}

/** The gateway asks the provider no more. */
export const givenUp = (key: string): Said =>
  changed(result(key, 'unknown', 0), { code: 'attempts-exhausted', givenUp: true });
/** The provider had accepted it. */
export const failedLate = (key: string, atSecond = 7200): Said =>
  changed(result(key, 'failed', atSecond), { gatewayReference: `ref-${key}` });
const changed = (said: Said, more: Partial<GatewayResult>): Said => ({
  ...said,
  payload: { ...(said.payload as GatewayResult), ...more },
});

export const confirmed = (key: string, atSecond?: number): Said => result(key, 'confirmed', atSecond);
export const failed = (key: string, atSecond?: number): Said => result(key, 'failed', atSecond);
export const unknown = (key: string, atSecond?: number): Said => result(key, 'unknown', atSecond);

export const declared = (returned: string, units: Record<string, number>): Said =>
  told('declare', { return: returned, lines: unitsOf(units) });

export function claimed(
  returned: string,
  units: Record<string, [accepted: number, rejected: number]>,
  more: Partial<ToOrder['claim']> = {},
): Said {
  const lines = Object.entries(units).map(([line, [accepted, rejected]]) => ({ line, accepted, rejected }));
  return told('claim', { return: returned, claim: 1, lines, refundShipping: false, fee: 0, ...more });
}

/** The worked example of the money rules. */
export const BASE: OrderCommands['place'] = {
  channel: 'web',
  currency: 'EUR',
  placedAt: '2026-11-22T09:00:00Z',
  fulfilment: 'ship',
  destination: { country: 'FR', latitude: 45.75, longitude: 4.85 },
  taxIncluded: true,
  lines: [
    { line: '1', sku: '85123A', name: 'Lantern', quantity: 1, unitPrice: 8990, taxRate: '0.2' },
    { line: '2', sku: '71053', quantity: 1, unitPrice: 4500, taxRate: '0.2' },
  ],
  discount: 1000,
  shipping: { amount: 490, taxRate: '0.2' },
  payment: {
    account: 'main',
    method: 'visa',
    transaction: 'pi_3Px',
    authorised: 12980,
    authorisedAt: '2026-11-22T09:00:00Z',
    captureBefore: '2026-11-29T09:00:00Z',
  },
};

/** One line of units without discounts, shipping or surprises. */
export function simple(
  quantity: number,
  unitPrice: number,
  more: Partial<OrderCommands['place']> = {},
): OrderCommands['place'] {
  const { discount: _, shipping: __, ...rest } = BASE;
  const total = quantity * unitPrice;
  return {
    ...rest,
    lines: [{ line: '1', sku: 'S', quantity, unitPrice, taxRate: '0.2' }],
    payment: { ...paymentOf(BASE), authorised: total },
    ...more,
  };
}

export function paymentOf({ payment }: OrderCommands['place']): NonNullable<OrderCommands['place']['payment']> {
  if (!payment) throw new Error('paid at the till');
  return payment;
}

/** The halves of BASE go to their franchises, which accept them. */
export const bothAccept = (id: string): Said[] => [
  plan({ 'store-a': { '1': 1 }, 'store-b': { '2': 1 } }),
  reserved(`${id}-1`),
  reserved(`${id}-2`),
];

export const assignedBase = (): Scenario => scenario('A1001').given(shop.place(BASE), ...bothAccept('A1001'));

export const A = by('store-a');
export const B = by('store-b');
