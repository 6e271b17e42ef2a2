import { pino } from 'pino';
import { expect, test } from 'vitest';
import { type PartOptions, Supervisor } from '../../../supervisor/node/supervise.ts';
import { eventually } from '../../fixture/eventually.ts';

/** Time passes when a restart is waited for. */
async function failTimes(count: number, options?: PartOptions): Promise<{ starts: number; escalated: string[] }> {
  let now = 0;
  let starts = 0;
  const escalated: string[] = [];
  const supervisor = new Supervisor({
    now: () => now,
    random: () => 0,
    after(ms, run) {
      now += ms;
      queueMicrotask(run);
      return () => undefined;
    },
    log: pino({ level: 'silent' }),
    escalate: (part) => escalated.push(part),
  });
  const start = async () => {
    starts++;
    if (starts <= count) throw new Error('it does not start');
    return { stop: async () => undefined };
  };
  await supervisor.add('report', start, options);
  const ended = () => starts > count || escalated.length > 0;
  await eventually(ended, { what: 'it runs, or is given up' });
  return { starts, escalated };
}

test('a part that keeps failing escalates', async () => {
  const { starts, escalated } = await failTimes(100);
  expect(escalated).toEqual(['report']);
  expect(starts).toBeLessThan(100);
});

test('a part that the node can do without is started again for ever', async () => {
  expect(await failTimes(100, { essential: false })).toEqual({ starts: 101, escalated: [] });
});
