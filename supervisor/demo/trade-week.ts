/**
 * Trades the week: the terminals of channels, headquarters and stores, which send what the sample says and react to what they
 * hear.
 *
 * T1 At most MOST_OPEN orders are on their way at a time: memory and load are bounded, whatever the week brings.
 * T2 The commands of one order arrive in the order in which they were meant, also where one had to be sent again.
 * T3 When nothing is heard for QUIET_LIMIT_MS it ends, and says what it waits for.
 */
import { type Heard, hear } from '../sample/hear.ts';
import type { Journey } from '../sample/journey.ts';
import { isOver, JOURNEY_START, type JourneyState, react } from '../sample/react.ts';
import type { SampleCommand } from '../sample/sample-command.ts';
import type { Trade } from '../sample/week-to-trade.ts';
import { describePending } from './pending.ts';
import { Sequence } from './sequence.ts';
import { watchForSilence } from './silence.ts';
import { Tally } from './tally.ts';
import type { LiveMessage, TradingTerminal } from './terminal-port.ts';

const MOST_OPEN = 100;
const QUIET_LIMIT_MS = 60_000;

interface OpenJourney {
  journey: Journey;
  state: JourneyState;
  sequence: Sequence;
}

export class WeekTrade {
  readonly tally = new Tally();
  readonly orders: number;
  private readonly trade: Trade;
  private readonly terminal: TradingTerminal;
  private readonly waiting: Journey[];
  private readonly open = new Map<string, OpenJourney>();
  /** Return → its order. */
  private readonly orderOf = new Map<string, string>();
  /** Commands without an outcome yet: id → subject. */
  private readonly unanswered = new Map<string, string>();
  private placing = false;
  private settle: { done(): void; failed(error: Error): void } | undefined;

  constructor(trade: Trade, terminal: TradingTerminal) {
    this.trade = trade;
    this.terminal = terminal;
    this.orders = trade.journeys.length;
    this.waiting = [...trade.journeys];
    for (const { placed, returns } of trade.journeys) {
      for (const { id } of returns) this.orderOf.set(id, placed.order);
    }
  }

  get over(): number {
    return this.orders - this.waiting.length - this.open.size;
  }

  /** Resolves when nothing more is to be expected of any order. */
  async run(): Promise<void> {
    await this.terminal.listen(['out.>', 'event.>'], (message) => this.live(message));
    await this.until(() => this.sendAll(this.trade.stores, new Sequence()), 'the stores to open');
    this.placing = true;
    await this.until(() => this.placeMore(), 'the week to end');
  }

  /** Runs `begin` and waits until nothing is open. */
  private until(begin: () => void, what: string): Promise<void> {
    const silent = (): void => this.settle?.failed(new Error(this.stuck(what)));
    const endWatch = watchForSilence(() => this.tally.heard, QUIET_LIMIT_MS, silent);
    return new Promise<void>((done, failed) => {
      this.settle = { done, failed };
      begin();
    }).finally(endWatch);
  }

  private stuck(what: string): string {
    const states = [...this.open.values()].map(({ journey, state }) => ({ order: journey.placed.order, state }));
    return `waited for ${what}, heard nothing for ${QUIET_LIMIT_MS / 1000} s\n${describePending(states, this.unanswered)}`;
  }

  private placeMore(): void {
    while (this.open.size < MOST_OPEN) {
      const journey = this.waiting.shift();
      if (journey === undefined) return;
      const sequence = new Sequence();
      this.open.set(journey.placed.order, { journey, state: JOURNEY_START, sequence });
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
    if (this.placing) this.placeMore();
    if (this.open.size + this.unanswered.size === 0) this.settle?.done();
  }

  private react(order: string, open: OpenJourney, heard: Heard): void {
    const { state, commands } = react(open.journey, open.state, heard);
    open.state = state;
    this.sendAll(commands, open.sequence);
    if (isOver(state)) this.open.delete(order);
  }
}
