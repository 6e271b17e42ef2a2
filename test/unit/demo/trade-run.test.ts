import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LiveMessage, TradingTerminal } from '../../../supervisor/demo/terminal-port.ts';
import { TradeRun } from '../../../supervisor/demo/trade-run.ts';
import { readWeek } from '../../../supervisor/sample/read-week.ts';
import { weekToTrade } from '../../../supervisor/sample/week-to-trade.ts';

const trade = weekToTrade(readWeek(), new Date('2026-11-23T09:00:00Z'));

/** Microtasks: enough for some hundred orders, were there no bound. */
const ANSWERED_AFTER = 2000;

type Answer = (name: string) => object | undefined;

/** Answers each command as `answer` says; nothing where it says nothing. */
class ToyTerminal implements TradingTerminal {
  readonly sent: string[] = [];
  mostOpen = 0;
  #open = 0;
  #heard: (message: LiveMessage) => void = () => undefined;
  readonly #answer: Answer;
  readonly #after: Readonly<Record<string, [string, object]>>;

  /** `after` an outcome a message of that subject is heard too. */
  constructor(answer: Answer, after: Readonly<Record<string, [string, object]>> = {}) {
    this.#answer = answer;
    this.#after = after;
  }

  async send(subject: string, _payload: object, id: string): Promise<void> {
    this.sent.push(subject);
    if (subject.endsWith('.place')) this.mostOpen = Math.max(this.mostOpen, ++this.#open);
    // Others are sent meanwhile.
    for (let wait = 0; wait < ANSWERED_AFTER; wait++) await Promise.resolve();
    const name = subject.split('.').at(-1) ?? '';
    const outcome = this.#answer(name);
    if (outcome === undefined) return;
    if (name === 'place') this.#open--;
    this.#heard({ subject: subject.replace('in.', 'out.'), payload: { command: id, revision: 1, ...outcome } });
    const [next, payload] = this.#after[name] ?? [];
    if (next !== undefined) this.#heard({ subject: next, payload });
  }

  async query<Reply>(): Promise<Reply | undefined> {
    return undefined;
  }

  async listen(_subjects: readonly string[], heard: (message: LiveMessage) => void): Promise<void> {
    this.#heard = heard;
  }
}

describe('trading what the sheet says', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('opens all stores before the first order is placed', async () => {
    const terminal = new ToyTerminal(() => ({ outcome: 'rejected', code: 'unknown-currency', reason: 'no' }));
    await new TradeRun(trade, terminal, 100).run();
    expect(terminal.sent.findIndex((subject) => subject.endsWith('.place'))).toBe(trade.stores.length);
  });

  test('ends when every order is over, and counts what became of its commands', async () => {
    const terminal = new ToyTerminal((name) =>
      name === 'place' ? { outcome: 'rejected', code: 'unknown-currency', reason: 'no' } : { outcome: 'applied' },
    );
    const week = new TradeRun(trade, terminal, 100);
    await week.run();
    expect(week.over).toBe(trade.journeys.length);
    expect(week.tally.commands.get('order place')?.rejected.get('unknown-currency')?.count).toBe(trade.journeys.length);
    expect(week.tally.commands.get('store open')?.applied).toBe(7);
  });

  test('keeps at most a hundred orders on their way', async () => {
    const terminal = new ToyTerminal(() => ({ outcome: 'rejected', code: 'unknown-currency', reason: 'no' }));
    await new TradeRun(trade, terminal, 100).run();
    expect(terminal.mostOpen).toBe(100);
  });

  test('an order is over when it says that it is fulfilled', async () => {
    const plain = trade.journeys.find(
      ({ placed, returns, cancellation }) =>
        placed.place.fulfilment === 'ship' && returns.length === 0 && cancellation === null,
    );
    const { order, place } = plain?.placed ?? { order: '', place: { lines: [] } };
    const fulfilment = `${order}-1`;
    const after: Record<string, [string, object]> = {
      place: [`out.store-warehouse.order.${order}.assigned`, { fulfilment, lines: place.lines }],
      ready: [`event.order.${order}.captured`, { fulfilment, amount: 100 }],
      ship: [`event.order.${order}.fulfilled`, {}],
    };
    const terminal = new ToyTerminal(() => ({ outcome: 'applied' }), after);
    const week = new TradeRun(
      { stores: trade.stores.slice(0, 1), orders: 1, journeys: plain ? [plain] : [] },
      terminal,
      100,
    );
    await week.run();
    expect(terminal.sent.map((subject) => subject.split('.').at(-1))).toEqual(['open', 'place', 'ready', 'ship']);
    expect(week.over).toBe(1);
  });

  test('a minute of silence ends it, with what it waits for', async () => {
    const silent = new ToyTerminal((name) => (name === 'place' ? undefined : { outcome: 'applied' }));
    const run = expect(new TradeRun(trade, silent, 100).run()).rejects.toThrow(
      /waited for the trade to end, heard nothing for 60 s\n100 orders on their way:\n {2}489434: place sent\n[\s\S]*100 commands without an outcome/,
    );
    await vi.advanceTimersByTimeAsync(62_000);
    await run;
  });

  test('a command that the server does not take ends it', async () => {
    const terminal = new ToyTerminal(() => undefined);
    terminal.send = () => Promise.reject(new Error('no stream matches'));
    await expect(new TradeRun(trade, terminal, 100).run()).rejects.toThrow(/open could not be sent: no stream matches/);
  });
});
