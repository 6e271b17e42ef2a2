import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ProviderAnswer } from '../../../actors/gateway/answer.ts';
import type { GatewayResult } from '../../../protocols/gateway.ts';
import { Simulator } from '../../../supervisor/gateway/simulator.ts';
import { decodeBatch, type Script } from '../../../supervisor/gateway/simulator-entry.ts';
import { gate } from './gate.ts';
import { type AppendFault, MemoryLog } from './memory-ports.ts';
import { sampleRequest } from './sample-request.ts';
import { VirtualClock } from './virtual-clock.ts';

interface World {
  log: MemoryLog;
  clock: VirtualClock;
  simulator: Simulator;
  /** Another host on the same log, as after a failover. */
  another(): Simulator;
}

function world(): World {
  const log = new MemoryLog();
  const clock = new VirtualClock();
  let ids = 0;
  const another = () => new Simulator({ log, clock, newId: () => `batch-${ids++}` });
  return { log, clock, simulator: another(), another };
}

const script = (behave: Script['behave'], more: Partial<Script> = {}) =>
  ({ control: 'script', payload: { kind: 'capture', behave, ...more } }) as const;

test('a call is answered, and is in the log by then', async () => {
  const { simulator, log } = world();
  expect(await simulator.execute(sampleRequest())).toEqual({ answer: 'ok', gatewayReference: 'ch_1' });
  expect(log.messages).toHaveLength(1);
});

test('nothing is answered before the log has it', async () => {
  const { simulator, log, clock } = world();
  const held = gate();
  log.before = () => held.passed;
  let answered = false;
  const answer = simulator.execute(sampleRequest()).then(() => (answered = true));
  await clock.advance(1000);
  expect(answered).toBe(false);
  held.open();
  await answer;
});

test('calls that arrive while an append is under way share the next one', async () => {
  const { simulator, log, clock } = world();
  const held = gate();
  log.before = () => held.passed;
  const first = simulator.execute(sampleRequest({ key: 'first' }));
  await clock.advance(0);
  const rest = Array.from({ length: 600 }, (_, n) => simulator.execute(sampleRequest({ key: `k${n}` })));
  held.open();
  await Promise.all([first, ...rest]);
  expect(log.messages.map((bytes) => decodeBatch(bytes).entries.length)).toEqual([1, 500, 100]);
});

test('a host that is started again knows everything', async () => {
  const { simulator, another } = world();
  await simulator.control('s1', script('error-500', { times: 2 }));
  await simulator.execute(sampleRequest());
  await simulator.execute(sampleRequest({ key: 'A2-v1', kind: 'void' }));
  const next = another();
  expect(await next.journal()).toEqual(await simulator.journal());
  expect(await next.execute(sampleRequest())).toEqual({ answer: 'fault', fault: 'error-500' });
  expect(await next.execute(sampleRequest())).toMatchObject({ answer: 'ok' });
});

test('a host never takes the append of another for its own, whatever its id: each call is answered, and in the journal', async () => {
  const { log, clock, simulator } = world();
  await simulator.execute(sampleRequest({ key: 'A1-c1' }));
  // It has its first id over again, and does not know the log yet.
  const next = new Simulator({ log, clock, newId: () => 'batch-0' });
  expect(await next.execute(sampleRequest({ key: 'B1-c1' }))).toEqual({ answer: 'ok', gatewayReference: 'ch_2' });
  expect((await next.journal()).calls.map(({ key }) => key)).toEqual(['A1-c1', 'B1-c1']);
});

test('two hosts on one log never part, and a key moves money once', async () => {
  const { simulator, another } = world();
  const zombie = another();
  await zombie.execute(sampleRequest({ key: 'before' }));
  const answers = await Promise.all([simulator, zombie].map((host) => host.execute(sampleRequest())));
  expect(answers[0]).toEqual(answers[1]);
  expect(await simulator.journal()).toEqual(await zombie.journal());
  expect((await simulator.journal()).size).toEqual({ calls: 3, moved: 2 });
});

test('an append whose answer is lost is not done twice', async () => {
  const { simulator, log } = world();
  log.faults = ['lost-after'];
  expect(await simulator.execute(sampleRequest())).toMatchObject({ answer: 'ok' });
  log.faults = ['lost-before'];
  expect(await simulator.execute(sampleRequest({ key: 'A2-c1' }))).toMatchObject({ answer: 'ok' });
  expect((await simulator.journal()).size).toEqual({ calls: 2, moved: 2 });
});

test('a log that can’t be written is a broken connection, and the host goes on afterwards', async () => {
  const { simulator, log } = world();
  log.faults = Array.from({ length: 10 }, () => 'lost-before');
  expect(await simulator.execute(sampleRequest())).toEqual({ answer: 'fault', fault: 'connection' });
  expect(await simulator.lookup('A1-c1')).toEqual({ answer: 'not-found' });
  expect(await simulator.execute(sampleRequest())).toMatchObject({ answer: 'ok' });
});

test('a look-up waits for the calls before it, and sees what other hosts did', async () => {
  const { simulator, another } = world();
  const other = another();
  const call = simulator.execute(sampleRequest());
  expect(await simulator.lookup('A1-c1')).toMatchObject({ answer: 'ok' });
  expect(await other.lookup('A1-c1')).toEqual(await call);
  expect(await other.lookup('A9-c1')).toEqual({ answer: 'not-found' });
});

test('a lost answer is silence for a while, whether it took effect or not', async () => {
  const { simulator, clock } = world();
  await simulator.control('s1', script('timeout-before'));
  await simulator.control('s2', script('timeout-after'));
  const answers: ProviderAnswer[] = [];
  for (const key of ['before', 'after'])
    void simulator.execute(sampleRequest({ key })).then((answer) => answers.push(answer));
  await clock.advance(499);
  expect(answers).toEqual([]);
  await clock.advance(1);
  expect(answers).toEqual(Array.from({ length: 2 }, () => ({ answer: 'fault', fault: 'timeout' })));
  expect(await simulator.lookup('before')).toEqual({ answer: 'not-found' });
  expect(await simulator.lookup('after')).toMatchObject({ answer: 'ok' });
});

test('a slow answer holds nobody else up', async () => {
  const { simulator, clock } = world();
  await simulator.control('s1', script('ok', { delayMs: 5000 }));
  let slow: ProviderAnswer | undefined;
  void simulator.execute(sampleRequest()).then((answer) => {
    slow = answer;
  });
  expect(await simulator.execute(sampleRequest({ key: 'A2-c1' }))).toMatchObject({ answer: 'ok' });
  await clock.advance(4999);
  expect(slow).toBeUndefined();
  await clock.advance(1);
  expect(slow).toMatchObject({ answer: 'ok' });
});

test('a late failure is told after the answer, and then forgotten', async () => {
  const { simulator, clock, another } = world();
  const told: [GatewayResult, string][] = [];
  await simulator.tellLateNews(async (result, order) => void told.push([result, order]));
  await simulator.control('s1', script('late-failure'));
  expect(await simulator.execute(sampleRequest())).toMatchObject({ answer: 'ok' });
  expect((await simulator.journal()).moved).toHaveLength(1);
  await clock.advance(500);
  const failed = { key: 'A1-c1', kind: 'capture', outcome: 'failed', code: 'late-failure' };
  expect(told).toMatchObject([[{ ...failed, gatewayReference: 'ch_1' }, 'A1']]);
  expect((await simulator.journal()).moved).toEqual([]);
  const next = another();
  await next.tellLateNews(async (result, order) => void told.push([result, order]));
  await clock.advance(5000);
  expect(told).toHaveLength(1);
});

test('a late recapture is told after its failure was taken', async () => {
  const { simulator, clock } = world();
  const told: string[] = [];
  await simulator.tellLateNews(async ({ outcome, gatewayReference }) => {
    told.push(`${outcome} ${gatewayReference}`);
  });
  await simulator.control('s1', script('late-recapture'));
  await simulator.execute(sampleRequest());
  await clock.advance(500);
  expect(told).toEqual(['failed ch_1']);
  await clock.advance(500);
  expect(told).toEqual(['failed ch_1', 'confirmed ch_1']);
  expect((await simulator.journal()).moved).toHaveLength(1);
});

test('who tells of a late failure late tells of the time when it happened', async () => {
  const { simulator, clock, another } = world();
  const told: string[] = [];
  const listen = async ({ outcome, at }: GatewayResult) => void told.push(`${outcome} ${at}`);
  let open = (): void => {};
  const slow = new Promise<void>((resolve) => {
    open = resolve;
  });
  await simulator.tellLateNews(async (result) => {
    await slow;
    await listen(result);
  });
  await simulator.control('s1', script('late-recapture'));
  await simulator.execute(sampleRequest());
  const other = another();
  await other.tellLateNews(listen);
  await clock.advance(2000);
  open();
  await clock.advance(2000);
  expect(told.map((text) => text.split(' ')[0])).toEqual(['failed', 'confirmed', 'failed']);
  expect(told[2]).toBe(told[0]);
});

test('a late failure that nobody took is told again, by whichever host is there', async () => {
  const { simulator, clock, another } = world();
  await simulator.tellLateNews(() => Promise.reject(new Error('no commit')));
  await simulator.control('s1', script('late-failure'));
  await simulator.execute(sampleRequest());
  await clock.advance(1000);
  simulator.stop();
  const told: string[] = [];
  await another().tellLateNews(async ({ key }) => void told.push(key));
  await clock.advance(500);
  expect(told).toEqual(['A1-c1']);
});

test('whatever happens to appends and between hosts, the journal has each call once and the log says it all', async () => {
  const anyFault = fc.constantFrom<AppendFault | undefined>(undefined, undefined, 'lost-before', 'lost-after');
  const anyCalls = fc.array(fc.tuple(fc.nat({ max: 1 }), fc.nat({ max: 3 })), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(anyCalls, fc.array(anyFault, { maxLength: 20 }), async (calls, faults) => {
      const { simulator, another, log } = world();
      const hosts = [simulator, another()];
      log.faults = faults;
      const answers = await Promise.all(
        calls.map(([host, key]) => hosts[host]?.execute(sampleRequest({ key: `k${key}` }))),
      );
      log.faults = [];
      const { calls: rows, moved } = await another().journal();
      expect(rows).toHaveLength(calls.length);
      expect(moved).toHaveLength(new Set(calls.map(([, key]) => key)).size);
      expect(answers.every((answer) => answer?.answer === 'ok')).toBe(true);
      for (const host of hosts) expect((await host.journal()).calls).toEqual(rows);
    }),
    { numRuns: 60 },
  );
});
