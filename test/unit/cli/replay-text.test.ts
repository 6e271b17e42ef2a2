import { expect, test } from 'vitest';
import { replayText } from '../../../supervisor/cli/report/replay-text.ts';

test('a replay says what it reckons anew, and what it can not', () => {
  const parties = [{ party: 'store-a', currency: 'EUR', was: 7283, would: 6000, difference: -1283 }];
  const text = replayText({ rows: 2, parties, unknown: 1, untold: 2, caveat: 'the report is 1 messages behind' });
  expect(text).toMatch(/^2 rows under other rules; nothing was changed\n/);
  expect(text).toMatch(/store-a +72\.83 EUR +60\.00 EUR +-12\.83 EUR\n/);
  expect(text).toContain(
    "\nreckoned anew are shares of goods, shipping fees and handling fees; what headquarters' own stores sell is its own under any rules\n",
  );
  expect(text).toMatch(/\n1 rows are too old to be reckoned anew: .*\n2 units .* are too old for a handling fee: .*\n/);
  expect(text).toMatch(/\nthe report is 1 messages behind\n$/);
  expect(replayText({ rows: 2, parties, unknown: 0, untold: 0 })).not.toContain('too old');
});
