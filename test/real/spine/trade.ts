/** Terminals that trade while things die: what got no acknowledgement is sent again under its id, until it has one. */
import type { Terminal } from '../../../supervisor/nats/terminal.ts';
import { eventually } from '../../fixture/eventually.ts';
import { baseOrder, franchise } from './base-order.ts';
import type { News, Outcome } from './news.ts';

/** How an order ends: shipped by both stores, cancelled before anything is ready, or shipped and line 2 returned. */
export type Journey = 'shipped' | 'cancelled' | 'returned';

export interface Traded {
  order: string;
  journey: Journey;
}

const JOURNEYS: readonly Journey[] = ['shipped', 'returned', 'shipped', 'cancelled'];
export const SKUS = ['lantern', 'teapot'] as const;
/** Which two sell which sku. */
export const STORES = { lantern: ['store-a', 'store-b'], teapot: ['store-c', 'store-d'] } as const;
export const ON_HAND = 1000;

/** The journeys take turns; `n` from 1. */
export const nthOrder = (prefix: string, n: number): Traded => ({
  order: `${prefix}${n}`,
  journey: JOURNEYS[(n - 1) % JOURNEYS.length] ?? 'shipped',
});

const ACKNOWLEDGED_WITHIN_MS = 30_000;

export class Trade {
  /** Ids of all commands that the server acknowledged. */
  readonly acknowledged: string[] = [];
  readonly finished: Traded[] = [];
  private readonly terminal: Terminal;
  private readonly news: News;

  constructor(terminal: Terminal, news: News) {
    this.terminal = terminal;
    this.news = news;
  }

  async openStores(): Promise<void> {
    for (const [sku, stores] of Object.entries(STORES)) {
      for (const store of stores) {
        await this.done('ops-hq', 'store', store, 'open', franchise(store, true));
        await this.done(store, 'store', store, 'stock', { items: [{ sku, quantity: ON_HAND }] });
      }
    }
  }

  /** Orders one after another from `next`, so many at a time, until it has no more. */
  async run(next: () => Traded | undefined, atATime: number): Promise<void> {
    const clerk = async () => {
      for (let order = next(); order; order = next()) {
        await this.journey(order);
        this.finished.push(order);
      }
    };
    await Promise.all(Array.from({ length: atATime }, clerk));
  }

  /** Resolves when the server has it for good. */
  async send(origin: string, entity: string, id: string, name: string, payload: object): Promise<string> {
    const command = `${entity}-${id}-${name}-${origin}`;
    const stored = () => this.terminal.send(`in.${origin}.${entity}.${id}.${name}`, payload, command);
    await eventually(stored, { what: `${command} is acknowledged`, withinMs: ACKNOWLEDGED_WITHIN_MS });
    this.acknowledged.push(command);
    return command;
  }

  private async done(origin: string, entity: string, id: string, name: string, payload: object): Promise<Outcome> {
    const outcome = await this.news.outcome(await this.send(origin, entity, id, name, payload));
    if (outcome.outcome === 'applied') return outcome;
    throw new Error(`${origin} ${name} ${entity} ${id}: ${JSON.stringify(outcome)}`);
  }

  private async journey({ order, journey }: Traded): Promise<void> {
    await this.done('channel-web', 'order', order, 'place', baseOrder(order, SKUS));
    const assigned = await this.news.hear(`event.order.${order}.assigned`, 2);
    if (journey === 'cancelled') {
      await this.done('channel-web', 'order', order, 'cancel', { reason: 'changed my mind' });
      await this.news.hear(`event.order.${order}.voided`);
      return;
    }
    const stores = assigned.map(({ store }) => String(store));
    await Promise.all(stores.map((store) => this.done(store, 'order', order, 'ready', {})));
    await this.news.hear(`event.order.${order}.captured`, 2);
    await Promise.all(stores.map((store) => this.done(store, 'order', order, 'ship', {})));
    await this.news.hear(`event.order.${order}.paid-out`, 2);
    if (journey === 'returned') await this.giveBack(order);
  }

  private async giveBack(order: string): Promise<void> {
    const id = `R-${order}`;
    const lines = [{ line: '2', quantity: 1 }];
    const counter = STORES.teapot[0];
    await this.done('channel-web', 'return', id, 'request', { order, lines, by: 'mail' });
    await this.done(counter, 'return', id, 'receive', { lines });
    const decided = [{ line: '2', accepted: 1, restock: 1 }];
    await this.done(counter, 'return', id, 'inspect', { lines: decided });
    await this.news.hear(`event.order.${order}.payout-reversed`);
  }
}
