/**
 * One order of the bench, as its terminals live it: bought online, collected in the store, one line brought back.
 *
 * J1 A step is sent once everything that it waits for was heard, and once only.
 * J2 The order is over when its money has come to rest: the refund, and for a franchise the reversal of its payout.
 */
import { type BenchCommand, benchCommand } from './bench-command.ts';
import { CHANNEL, PAYMENT_ACCOUNT, skuOf, storeOf } from './network.ts';

/** Of the terminals' point of view: an outcome (`order.place`), work (`order.assigned`) or an event (`order.captured`). */
export type Signal = string;

export type StepName = 'place' | 'ready' | 'collect' | 'request' | 'receive' | 'inspect';

interface Step {
  name: StepName;
  after: readonly Signal[];
}

export const STEPS: readonly Step[] = [
  { name: 'place', after: [] },
  { name: 'ready', after: ['order.place', 'order.assigned'] },
  { name: 'collect', after: ['order.ready', 'order.captured'] },
  { name: 'request', after: ['order.collect'] },
  { name: 'receive', after: ['return.request'] },
  { name: 'inspect', after: ['return.receive'] },
];

/** What became of the order's gateway requests: the terminals listen to these, beside what is addressed to them. */
export const MONEY_EVENTS = ['captured', 'paid-out', 'refunded', 'payout-reversed'] as const;

const AT_REST: readonly Signal[] = ['return.inspect', 'order.refunded'];
const AT_REST_FRANCHISE: readonly Signal[] = [...AT_REST, 'order.payout-reversed'];

const DISCOUNT = 500;
const AUTHORISATION_MS = 7 * 24 * 3600 * 1000;

export class Journey {
  readonly order: string;
  readonly return: string;
  private readonly number: number;
  private readonly heard = new Set<Signal>();
  private next = 0;

  /** `run` tells the orders of one phase from another's. */
  constructor(run: string, number: number) {
    this.number = number;
    this.order = `${run}-${number}`;
    this.return = `R-${run}-${number}`;
  }

  hear(signal: Signal): void {
    this.heard.add(signal);
  }

  /** The step that can be sent now; it counts as sent. */
  takeDue(): StepName | undefined {
    const step = STEPS[this.next];
    if (!step || this.missing(step.after).length > 0) return undefined;
    this.next++;
    return step.name;
  }

  /** The order is there: its placement was answered. */
  get placed(): boolean {
    return this.heard.has('order.place');
  }

  get over(): boolean {
    return this.next === STEPS.length && this.missing(this.rest).length === 0;
  }

  /** What it waits for. */
  get waitingFor(): readonly Signal[] {
    const step = STEPS[this.next];
    return this.missing(step ? step.after : this.rest);
  }

  command(step: StepName): BenchCommand {
    const store = storeOf(this.number).id;
    const toOrder = { entity: 'order', id: this.order } as const;
    const toReturn = { origin: store, entity: 'return', id: this.return } as const;
    const lines = [{ line: '1', quantity: 1 }];
    switch (step) {
      case 'place':
        return benchCommand({ ...toOrder, origin: CHANNEL, name: 'place' }, this.place(store));
      case 'ready':
        return benchCommand({ ...toOrder, origin: store, name: 'ready' }, {});
      case 'collect':
        return benchCommand({ ...toOrder, origin: store, name: 'collect' }, {});
      case 'request':
        return benchCommand({ ...toReturn, name: 'request' }, { order: this.order, lines, by: 'store' });
      case 'receive':
        return benchCommand({ ...toReturn, name: 'receive' }, { lines });
      case 'inspect':
        return benchCommand({ ...toReturn, name: 'inspect' }, { lines: [{ line: '1', accepted: 1, restock: 1 }] });
    }
  }

  private place(store: string): Parameters<typeof benchCommand<'order', 'place'>>[1] {
    const now = Date.now();
    const lines = Array.from({ length: 2 + (this.number % 2) }, (_, index) => ({
      line: String(index + 1),
      sku: skuOf(this.number, index),
      quantity: 1,
      unitPrice: 2990 + 1000 * index,
      taxRate: '0.2',
      store,
    }));
    return {
      channel: 'web',
      currency: 'EUR',
      placedAt: new Date(now).toISOString(),
      fulfilment: 'click-and-collect',
      collectAt: store,
      taxIncluded: true,
      lines,
      discount: DISCOUNT,
      payment: {
        account: PAYMENT_ACCOUNT,
        method: 'visa',
        transaction: `pi_${this.order}`,
        authorised: lines.reduce((sum, { unitPrice }) => sum + unitPrice, -DISCOUNT),
        authorisedAt: new Date(now).toISOString(),
        captureBefore: new Date(now + AUTHORISATION_MS).toISOString(),
      },
    };
  }

  private get rest(): readonly Signal[] {
    return storeOf(this.number).franchise ? AT_REST_FRANCHISE : AT_REST;
  }

  private missing(signals: readonly Signal[]): Signal[] {
    return signals.filter((signal) => !this.heard.has(signal));
  }
}
