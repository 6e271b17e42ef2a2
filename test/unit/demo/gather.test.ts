import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { settledOrders, wholeJournal } from '../../../supervisor/demo/gather.ts';
import { patient } from '../../../supervisor/demo/patient-terminal.ts';
import type { TradingTerminal } from '../../../supervisor/demo/terminal-port.ts';

type Ask = (subject: string, request?: object) => unknown;

function terminal(ask: Ask): TradingTerminal {
  return {
    send: () => Promise.resolve(),
    listen: () => Promise.resolve(),
    query: async <Reply>(subject: string, request?: object) => ask(subject, request) as Reply | undefined,
  };
}

const ledger = (state: string) => ({ ledger: [{ state }] });

describe('gathering what became of the week', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('waits until the gateway has decided every entry', async () => {
    let asked = 0;
    const ask: Ask = (subject) => {
      if (subject === 'query.order.A') return { order: 'A', ...ledger('confirmed') };
      return { order: 'B', ...ledger(++asked < 3 ? 'requested' : 'failed') };
    };
    const gathered = settledOrders(terminal(ask), ['A', 'B']);
    await vi.advanceTimersByTimeAsync(1000);
    expect((await gathered).map(({ order }) => order)).toEqual(['A', 'B']);
    expect(asked).toBe(3);
  });

  test('gives up on orders of which nothing is decided for a minute, and names them', async () => {
    const gathered = expect(
      settledOrders(
        terminal(() => ledger('unknown')),
        ['A', 'B'],
      ),
    ).rejects.toThrow('the gateway has not decided these orders: A, B');
    await vi.advanceTimersByTimeAsync(62_000);
    await gathered;
  });

  test('reads the journal page by page', async () => {
    const ask: Ask = (_, request) => {
      const { after } = request as { after: number };
      if (after === 0) return { calls: [1, 2], moved: [1], next: 2 };
      return { calls: [3], moved: [] };
    };
    expect(await wholeJournal(terminal(ask), 'main')).toEqual({ calls: 3, moved: [1] });
  });

  test('asks again what nobody answered', async () => {
    let asked = 0;
    const answered = patient(
      terminal(() => {
        if (++asked < 3) throw new Error('timeout');
        return 'here';
      }),
    ).query('query.order.A');
    await vi.advanceTimersByTimeAsync(2000);
    expect(await answered).toBe('here');
  });

  test('stops asking after a minute without an answer', async () => {
    const dead = patient(
      terminal(() => {
        throw new Error('timeout');
      }),
    );
    const asked = expect(dead.query('query.order.A')).rejects.toThrow('timeout');
    await vi.advanceTimersByTimeAsync(61_000);
    await asked;
  });
});
