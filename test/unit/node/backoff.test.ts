import { expect, test } from 'vitest';
import { Backoff } from '../../../supervisor/node/backoff.ts';

const SECOND = 1000;

/** When it gave up, failing once in every `everyMs` for ten minutes. */
function givesUpAfter(everyMs: number): number | undefined {
  const backoff = new Backoff();
  for (let at = 0; at < 600 * SECOND; at += everyMs) if (backoff.failed(at, 0) === 'give-up') return at;
  return undefined;
}

test('what fails often is given up within a minute', () => {
  expect(givesUpAfter(SECOND)).toBe(12 * SECOND);
});

test('what fails slowly, without a minute of peace, is given up after five minutes', () => {
  expect(givesUpAfter(20 * SECOND)).toBe(320 * SECOND);
});

test('what fails now and then is tried again for ever', () => {
  expect(givesUpAfter(61 * SECOND)).toBeUndefined();
});
