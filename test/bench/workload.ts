/**
 * The terminals of all orders: they hear outcomes, work and events live, and send what comes next.
 *
 * W1 Closed: as many orders as were asked for are in flight, a new one starts when one is over. They start spread over the
 *    ramp, or all of them would be at the same step for ever.
 * W2 Paced: orders start by the clock, however slow the system is; time is counted from when an order was due.
 */
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import type { CommandPublisher } from './command-publisher.ts';
import { Journey, MONEY_EVENTS, type StepName } from './journey.ts';
import { CHANNEL, STORES } from './network.ts';

export type Pacing = { kind: 'closed'; inFlight: number; rampMs: number } | { kind: 'paced'; ordersPerSecond: number };

/** What happened since the mark before. */
export interface Marked {
  elapsedMs: number;
  outcomes: number;
  /** Answers of the gateway that orders heard: they are messages that a node handles, too. */
  gatewayResults: number;
  finished: number;
  /** From publish to outcome, by step. */
  latenciesMs: Partial<Record<StepName, number[]>>;
}

interface InFlight {
  journey: Journey;
  sentAt: Map<string, number>;
}

const TICK_MS = 5;

export class Workload {
  finished = 0;
  gatewayResults = 0;
  rejected = 0;
  /** The first refusal: there should be none. */
  refusal: string | undefined;
  private readonly publisher: CommandPublisher;
  private readonly run: string;
  private readonly pacing: Pacing;
  private readonly startedAt = performance.now();
  /** By order id and by return id. */
  private readonly journeys = new Map<string, InFlight>();
  private started = 0;
  private stopping = false;
  private marked: Marked = nothingYet();
  private markedAt = performance.now();
  private readonly ticker: NodeJS.Timeout;

  constructor(publisher: CommandPublisher, run: string, pacing: Pacing) {
    this.publisher = publisher;
    this.run = run;
    this.pacing = pacing;
    this.ticker = setInterval(() => this.startDue(), TICK_MS);
  }

  get inFlight(): number {
    return this.journeys.size / 2;
  }

  /** Those that are there to be asked for. */
  ordersInFlight(most: number): string[] {
    const orders: string[] = [];
    for (const [id, { journey }] of this.journeys) {
      if (orders.length === most) break;
      if (id === journey.order && journey.placed) orders.push(id);
    }
    return orders;
  }

  mark(): Marked {
    const now = performance.now();
    const marked = { ...this.marked, elapsedMs: now - this.markedAt };
    this.marked = nothingYet();
    this.markedAt = now;
    return marked;
  }

  /** No new orders; those in flight go on. */
  stopStarting(): void {
    this.stopping = true;
    clearInterval(this.ticker);
  }

  /** Signals that orders in flight wait for, with how many wait. */
  waitingFor(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const [id, { journey }] of this.journeys) {
      if (id !== journey.order) continue;
      const signals = journey.waitingFor.join(' + ');
      counts[signals] = (counts[signals] ?? 0) + 1;
    }
    return counts;
  }

  hearOutcome(entity: string, id: string, name: string, payload: { outcome?: string; code?: string }): void {
    const order = this.journeys.get(id);
    if (!order) return;
    if (payload.outcome !== undefined) this.count(order, name as StepName);
    if (payload.outcome === 'rejected') this.giveUp(order, `${entity} ${name}: ${payload.code}`);
    else this.hear(order, `${entity}.${name}`);
  }

  hearEvent(id: string, name: string): void {
    const order = this.journeys.get(id);
    this.gatewayResults++;
    this.marked.gatewayResults++;
    if (order) this.hear(order, `order.${name}`);
  }

  private startDue(): void {
    if (this.stopping) return;
    const elapsed = performance.now() - this.startedAt;
    if (this.pacing.kind === 'paced') {
      const msEach = 1000 / this.pacing.ordersPerSecond;
      while (this.started * msEach <= elapsed) this.start(this.startedAt + this.started * msEach);
    } else {
      const { inFlight, rampMs } = this.pacing;
      const wanted = Math.ceil(inFlight * Math.min(1, (elapsed + TICK_MS) / (rampMs + TICK_MS)));
      while (this.inFlight < wanted) this.start(performance.now());
    }
  }

  private start(dueAt: number): void {
    const journey = new Journey(this.run, this.started++);
    const order: InFlight = { journey, sentAt: new Map() };
    this.journeys.set(journey.order, order);
    this.journeys.set(journey.return, order);
    this.advance(order, dueAt);
  }

  private hear(order: InFlight, signal: string): void {
    order.journey.hear(signal);
    this.advance(order, performance.now());
  }

  private advance(order: InFlight, dueAt: number): void {
    const step = order.journey.takeDue();
    if (step) {
      order.sentAt.set(step, dueAt);
      this.publisher.publish(order.journey.command(step));
    } else if (order.journey.over) {
      this.finished++;
      this.marked.finished++;
      this.end(order);
    }
  }

  private count(order: InFlight, step: StepName): void {
    const sentAt = order.sentAt.get(step);
    if (sentAt === undefined) return;
    order.sentAt.delete(step);
    this.marked.outcomes++;
    this.marked.latenciesMs[step] ??= [];
    this.marked.latenciesMs[step].push(performance.now() - sentAt);
  }

  private giveUp(order: InFlight, refusal: string): void {
    this.rejected++;
    this.refusal ??= refusal;
    this.end(order);
  }

  private end(order: InFlight): void {
    this.journeys.delete(order.journey.order);
    this.journeys.delete(order.journey.return);
    if (this.pacing.kind === 'closed') this.startDue();
  }
}

const nothingYet = (): Marked => ({ elapsedMs: 0, outcomes: 0, gatewayResults: 0, finished: 0, latenciesMs: {} });

/** Subscribes as the terminals of the bench do: each to what is addressed to it, and to the events that it waits for. */
export function listen(nats: NatsConnection, workload: () => Workload | undefined): void {
  const onOut = (error: Error | null, message: Msg): void => {
    const [, , entity, id, name] = message.subject.split('.');
    if (!error && entity && id && name) workload()?.hearOutcome(entity, id, name, message.json());
  };
  const onEvent = (error: Error | null, message: Msg): void => {
    const [, , id, name] = message.subject.split('.');
    if (!error && id && name) workload()?.hearEvent(id, name);
  };
  for (const origin of [CHANNEL, ...STORES.map(({ id }) => id)]) {
    nats.subscribe(`out.${origin}.>`, { callback: onOut });
  }
  for (const event of MONEY_EVENTS) nats.subscribe(`event.order.*.${event}`, { callback: onEvent });
}
