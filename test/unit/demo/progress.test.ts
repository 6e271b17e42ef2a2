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

test('on a terminal of 80 columns the figures of the whole week have room', () => {
  const tally = Object.assign(new Tally(), { captured: 30_519_027, refunded: 660_106, paidToStores: 7_096_114 });
  let text = '';
  const screen = { isTTY: true, columns: 80, write: (more: string) => (text += more) };
  const end = showProgress({ tally, orders: 649, over: 649 }, screen);
  tally.outcomes = 2500;
  vi.advanceTimersByTime(3000);
  end();
  const longest = text.split('\r\x1b[K').find((line) => line.includes(' · 1250/s'));
  expect(longest).toBe('649/649 orders · 1250/s · captured 305190 · refunded 6601 · to stores 70961 GBP');
});

test('on a terminal, one line is written again and cut to its width', () => {
  const text = shown(true);
  const lines = text.split('\r\x1b[K').slice(1);
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.every((line) => line.trimEnd().length <= 59)).toBe(true);
  expect(text.endsWith('\n')).toBe(true);
});
