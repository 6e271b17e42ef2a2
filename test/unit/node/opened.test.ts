import { expect, test } from 'vitest';
import { type Opened, opening } from '../../../supervisor/node/opened.ts';

/** Opens three things; the second can't be closed. */
function openThree(opened: Opened, closed: string[]): void {
  opened.push(() => closed.push('first'));
  opened.push(async () => {
    closed.push('second');
    throw new Error('it does not close');
  });
  opened.push(async () => closed.push('third'));
}

test('a start that fails closes what it had opened, the last first and all of it, and says why it failed', async () => {
  const closed: string[] = [];
  const started = opening(async (opened) => {
    openThree(opened, closed);
    throw new Error('it does not start');
  });
  await expect(started).rejects.toThrow('it does not start');
  expect(closed).toEqual(['third', 'second', 'first']);
});

test('a stop closes all of it once, and says what did not close', async () => {
  const closed: string[] = [];
  const stop = await opening(async (opened) => {
    openThree(opened, closed);
    return opened.close;
  });
  expect(closed).toEqual([]);
  await expect(stop()).rejects.toThrow('it does not close');
  await stop();
  expect(closed).toEqual(['third', 'second', 'first']);
});
