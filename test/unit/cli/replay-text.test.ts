import { expect, test } from 'vitest';
import { replayText } from '../../../supervisor/cli/report/replay-text.ts';

test('a replay says what it does not reckon anew', () => {
  const parties = [{ party: 'store-a', currency: 'EUR', was: 7283, would: 6000, difference: -1283 }];
  const text = replayText({ rows: 2, parties, unknown: 1, caveat: 'the report is 1 messages behind' });
  expect(text).toMatch(/^2 rows under other rules; nothing was changed\n/);
  expect(text).toMatch(/store-a +72\.83 EUR +60\.00 EUR +-12\.83 EUR\n/);
  expect(text).toContain(
    "\nreckoned anew are the shares of goods; shipping, handling fees and what headquarters' own stores sell stay as recorded\n",
  );
  expect(text).toMatch(/1 shares are too old to be reckoned anew: .*\nthe report is 1 messages behind\n$/);
});
