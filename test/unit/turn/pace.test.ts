import { expect, test } from 'vitest';
import { Pace } from '../../../supervisor/turn/pace.ts';

/** Which of `took` (milliseconds each) come before a breath. */
function breaths(took: readonly number[]): number[] {
  let now = 1000;
  const pace = new Pace(() => now, 4);
  return took.flatMap((ms, index) => {
    pace.begin();
    now += ms;
    return pace.isDue() ? [index] : [];
  });
}

test('small pieces go four by four', () => {
  expect(breaths([0, 0, 1, 1, 0, 0, 1, 1, 0])).toEqual([3, 7]);
});

test('one that takes long is the last before a breath, and so are several together', () => {
  expect(breaths([80, 0, 0, 0, 90, 2, 3])).toEqual([0, 3, 4, 6]);
});
