import { expect, test } from 'vitest';
import { replayText } from '../../../supervisor/cli/report/replay-text.ts';

test('a replay says what it reckons anew, and what it can not', () => {
  const parties = [{ party: 'store-a', currency: 'EUR', was: 7283, would: 6000, difference: -1283 }];
  const left = { unknown: 1, untold: 2, withoutVersion: 3 };
  const text = replayText({ rows: 2, parties, ...left, caveat: 'the report is 1 messages behind' });
  expect(text).toMatch(/^2 rows under other rules; nothing was changed\n/);
  expect(text).toMatch(/store-a +72\.83 EUR +60\.00 EUR +-12\.83 EUR\n/);
  expect(text).toContain(
    "\nreckoned anew are shares of goods, shipping fees and handling fees; what headquarters' own stores sell is its own under any rules\n",
  );
  expect(text).toMatch(
    /\n1 rows are too old to be reckoned anew: .*\n2 units .* they are too old for one, or nobody opened the store\n/,
  );
  expect(text).toMatch(/\nthe report is 1 messages behind\n$/);
  expect(text).toMatch(/\n3 rows are of orders that were placed before any version .*\n--as-of <time> /);
  const whole = replayText({ rows: 2, parties, unknown: 0, untold: 0, withoutVersion: 0 });
  expect(whole).not.toMatch(/too old|before any version/);
});
