/**
 * Trades what the sheet says: the terminals of channels, headquarters and stores, which send what the sheet says and react to what they
 * hear.
 *
 * T1 At most `mostOpen` orders are on their way at a time, and only they are kept: memory and load are bounded, whatever the sheet brings.
 * T2 The commands of one order arrive in the order in which they were meant, also where one had to be sent again.
 * T3 When nothing is heard for QUIET_LIMIT_MS it ends, and says what it waits for.
 */
import { type Heard, hear } from '../sample/hear.ts';
import type { Journey } from '../sample/journey.ts';
import { isOver, JOURNEY_START, type JourneyState, react } from '../sample/react.ts';
import type { SampleCommand } from '../sample/sample-command.ts';
import { describePending } from './pending.ts';
import { Sequence } from './sequence.ts';
import { watchForSilence } from './silence.ts';
import { Tally } from './tally.ts';
import type { LiveMessage, TradingTerminal } from './terminal-port.ts';

const QUIET_LIMIT_MS = 60_000;

interface OpenJourney {
  journey: Journey;
  state: JourneyState;
  sequence: Sequence;
}

/** What is traded. */
export interface Traded {
  /** To be applied before the first order. */
  stores: readonly SampleCommand[];
  orders: number;
  /** So many, each asked for when there is room for it. */
  journeys: Iterable<Journey> | AsyncIterable<Journey>;
}

export class TradeRun {
  readonly tally = new Tally();
  readonly orders: number;
  over = 0;
  private readonly trade: Traded;
  private readonly terminal: TradingTerminal;
  private readonly mostOpen: number;
  private readonly open = new Map<string, OpenJourney>();
  /** Return → its order, of orders on their way. */
  private readonly orderOf = new Map<string, string>();
  /** Commands without an outcome yet: id → subject. */
  private readonly unanswered = new Map<string, string>();
  /** Something is to be sent yet that nothing has to be heard for. */
  private sending = false;
  private makeRoom: (() => void) | undefined;
  private settle: { done(): void; failed(error: Error): void } | undefined;

  constructor(trade: Traded, terminal: TradingTerminal, mostOpen: number) {
    this.trade = trade;
    this.terminal = terminal;
    this.mostOpen = mostOpen;
    this.orders = trade.orders;
  }

  /** Resolves when nothing more is to be expected of any order. */
  async run(): Promise<void> {
    await this.terminal.listen(['out.>', 'event.order.>'], (message) => this.live(message));
    await this.until(async () => this.sendAll(this.trade.stores, new Sequence()), 'the stores to open');
    await this.until(() => this.placeAll(), 'the trade to end');
  }

  /** Runs `send` to its end and waits until nothing is open. */
  private until(send: () => Promise<void>, what: string): Promise<void> {
    const silent = (): void => this.settle?.failed(new Error(this.stuck(what)));
    const endWatch = watchForSilence(() => this.tally.heard, QUIET_LIMIT_MS, silent);
    return new Promise<void>((done, failed) => {
      this.settle = { done, failed };
      this.sending = true;
      send().then(() => {
        this.sending = false;
        this.settleIfDone();
      }, failed);
    }).finally(endWatch);
  }

  private stuck(what: string): string {
    const states = [...this.open.values()].map(({ journey, state }) => ({ order: journey.placed.order, state }));
    return `waited for ${what}, heard nothing for ${QUIET_LIMIT_MS / 1000} s\n${describePending(states, this.unanswered)}`;
  }

  private async placeAll(): Promise<void> {
    for await (const journey of this.trade.journeys) {
      while (this.open.size >= this.mostOpen) {
        await new Promise<void>((resolve) => {
          this.makeRoom = resolve;
        });
      }
      const { order } = journey.placed;
      const sequence = new Sequence();
      this.open.set(order, { journey, state: JOURNEY_START, sequence });
      for (const { id } of journey.returns) this.orderOf.set(id, order);
      this.sendAll([journey.place], sequence);
    }
  }

  private sendAll(commands: readonly SampleCommand[], sequence: Sequence): void {
    for (const { subject, id, payload } of commands) {
      this.unanswered.set(id, subject);
      const sent = sequence.add(() => this.terminal.send(subject, payload, id));
      sent.catch((error: Error) => {
        this.settle?.failed(new Error(`${subject} could not be sent: ${error.message}`));
      });
    }
  }

  private live({ subject, payload }: LiveMessage): void {
    const heard = hear(subject, payload);
    if (heard === undefined) return;
    this.tally.note(heard);
    this.unanswered.delete(String(heard.payload.command));
    const order = heard.entity === 'return' ? this.orderOf.get(heard.id) : heard.id;
    const open = order === undefined ? undefined : this.open.get(order);
    if (order !== undefined && open !== undefined) {
      this.react(order, open, heard);
    }
    this.settleIfDone();
  }

  private settleIfDone(): void {
    if (!this.sending && this.open.size + this.unanswered.size === 0) this.settle?.done();
  }

  private react(order: string, open: OpenJourney, heard: Heard): void {
    const { state, commands } = react(open.journey, open.state, heard);
    open.state = state;
    this.sendAll(commands, open.sequence);
    if (isOver(state)) this.close(order, open.journey);
  }

  private close(order: string, { returns }: Journey): void {
    this.open.delete(order);
    for (const { id } of returns) this.orderOf.delete(id);
    this.over += 1;
    this.makeRoom?.();
    this.makeRoom = undefined;
  }
}
