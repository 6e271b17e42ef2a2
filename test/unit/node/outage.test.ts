import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Outage } from '../../../supervisor/node/outage.ts';

test('a store that takes no commits for long is an error that says how long, and one that did in between is none', () => {
  const said: { level: number; msg: string; err: { message: string } }[] = [];
  const world = { now: 0 };
  const outage = new Outage(() => world.now, pino({}, { write: (line: string) => said.push(JSON.parse(line)) }));
  const stalledAt = (now: number) => {
    world.now = now;
    outage.stalled(new Error('timeout'));
  };
  for (const now of [1_000, 11_000, 21_000, 31_000]) stalledAt(now);
  outage.over();
  for (const now of [32_000, 40_000]) stalledAt(now);
  expect(said.map(({ level }) => level)).toEqual([40, 40, 40, 50, 40, 40]);
  expect(said[3]).toMatchObject({ err: { message: 'timeout' } });
  expect(said[3]?.msg).toMatch(/^commits have not been stored for 30 s: /);
  // The commit was refused meanwhile, say: that store answers.
  stalledAt(3600_000);
  expect(said.at(-1)?.level).toBe(40);
});
