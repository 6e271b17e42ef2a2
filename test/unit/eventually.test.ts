import { describe, expect, test } from 'vitest';
import { eventually } from '../fixture/eventually.ts';

describe('eventually', () => {
  test('returns what the check returned as soon as it holds', async () => {
    let calls = 0;
    expect(await eventually(() => ++calls > 2 && calls, { what: 'the third call' })).toBe(3);
  });

  test('takes a throwing check as not yet, and tells the last reason when time is up', async () => {
    const never = eventually(() => Promise.reject(new Error('still closed')), {
      what: 'the door is open',
      withinMs: 30,
    });
    await expect(never).rejects.toThrow(/the door is open: not within 30 ms \(last: still closed\)/);
  });
});
