import { pino } from 'pino';
import { expect, test } from 'vitest';
import { type PartOptions, type StartPart, Supervisor } from '../../../supervisor/node/supervise.ts';
import { eventually } from '../../fixture/eventually.ts';
import { gate } from '../gateway/gate.ts';

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

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const BROKEN = new Error('it can not go on');

/** Parts that note what is done with them, and waits that are over when a test says so. */
class WatchedParts {
  readonly done: string[] = [];
  readonly waits: number[] = [];
  /** `failed` of each start, by part. */
  readonly failures = new Map<string, ((error: Error) => void)[]>();
  /** What a stop waits for. */
  stopped: Promise<void> = Promise.resolve();
  private restart = (): void => {};
  readonly supervisor = new Supervisor({
    now: () => 0,
    random: () => 0,
    after: (ms, run) => {
      this.waits.push(ms);
      this.restart = run;
      return () => {};
    },
    log: pino({ level: 'silent' }),
    escalate: () => {},
  });

  async add(name: string, options?: PartOptions): Promise<void> {
    const failures: ((error: Error) => void)[] = [];
    this.failures.set(name, failures);
    const start: StartPart = async (failed) => {
      failures.push(failed);
      this.done.push(`${name} starts`);
      const stop = async () => {
        this.done.push(`${name} stops`);
        await this.stopped;
      };
      return { stop };
    };
    await this.supervisor.add(name, start, options);
    await settled();
  }

  /** The start that is told says that it can't go on. */
  async fail(name: string, start: number): Promise<void> {
    this.failures.get(name)?.[start]?.(BROKEN);
    await settled();
  }

  /** The last wait is over. */
  async waited(): Promise<void> {
    this.restart();
    await settled();
  }
}

test('a part that fails is stopped, and started again after a wait; the others go on', async () => {
  const parts = new WatchedParts();
  await parts.add('turns');
  await parts.add('report');
  await parts.fail('turns', 0);
  expect(parts.done).toEqual(['turns starts', 'report starts', 'turns stops']);
  await parts.waited();
  expect(parts.done.slice(3)).toEqual(['turns starts']);
});

test('a part is not started again before it has stopped', async () => {
  const parts = new WatchedParts();
  const { passed, open } = gate();
  parts.stopped = passed;
  await parts.add('turns');
  await parts.fail('turns', 0);
  await parts.waited();
  expect(parts.done).toEqual(['turns starts', 'turns stops']);
  open();
  await settled();
  expect(parts.done.slice(2)).toEqual(['turns starts']);
});

test('a failure of an earlier start is not heard, nor one that is said again', async () => {
  const parts = new WatchedParts();
  await parts.add('turns');
  await parts.fail('turns', 0);
  await parts.fail('turns', 0);
  await parts.waited();
  await parts.fail('turns', 0);
  expect(parts.done).toEqual(['turns starts', 'turns stops', 'turns starts']);
  expect(parts.waits).toEqual([100]);
  await parts.fail('turns', 1);
  expect(parts.done.slice(3)).toEqual(['turns stops']);
});

test('each wait is twice the one before, up to ten seconds, and stays so for a part that is tried for ever', async () => {
  const parts = new WatchedParts();
  await parts.add('report', { essential: false });
  for (let start = 0; start < 15; start++) {
    await parts.fail('report', start);
    await parts.waited();
  }
  const most = Array.from({ length: 8 }, () => 10_000);
  expect(parts.waits).toEqual([100, 200, 400, 800, 1600, 3200, 6400, ...most]);
});

test('once all of it is about to stop, nothing starts any more', async () => {
  const parts = new WatchedParts();
  await parts.add('turns');
  const stopped = parts.supervisor.stop();
  await parts.add('presence');
  await stopped;
  expect(parts.done).toEqual(['turns starts', 'turns stops']);
});
