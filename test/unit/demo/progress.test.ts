import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { showProgress } from '../../../supervisor/demo/progress.ts';
import { Tally } from '../../../supervisor/demo/tally.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function shown(isTTY: boolean): string {
  const tally = new Tally();
  let text = '';
  const end = showProgress({ tally, orders: 649, over: 1 }, { isTTY, columns: 60, write: (more) => (text += more) });
  tally.outcomes = 300;
  tally.note({
    origin: null,
    entity: 'order',
    id: 'A',
    name: 'captured',
    payload: { amount: 12_980 },
  });
  vi.advanceTimersByTime(3000);
  end();
  return text;
}

test('without a terminal, a line every few seconds says how far the week is and how fast', () => {
  const [first, last] = shown(false).split('\n');
  expect(first).toBe(
    'orders 0 placed, 1 of 649 done · 100 commands/s · captured 129.80 GBP · refunded 0.00 GBP · to stores 0.00 GBP',
  );
  expect(last).toBe(first);
});

test('on a terminal, one line is written again and cut to its width', () => {
  const text = shown(true);
  const lines = text.split('\r\x1b[K').slice(1);
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.every((line) => line.trimEnd().length <= 59)).toBe(true);
  expect(text.endsWith('\n')).toBe(true);
});
