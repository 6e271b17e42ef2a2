import { describe, expect, test } from 'vitest';
import type { LookupAnswer, ProviderAnswer } from '../../../actors/gateway/answer.ts';
import type { GatewayRequest } from '../../../protocols/gateway.ts';
import { type AccountConfig, accountConfig } from '../../../supervisor/gateway/account-config.ts';
import { AccountPart } from '../../../supervisor/gateway/account-part.ts';
import type { Provider } from '../../../supervisor/gateway/provider.ts';
import { gate } from './gate.ts';
import { MemorySink, MemorySource } from './memory-ports.ts';
import { sampleRequest } from './sample-request.ts';
import { VirtualClock } from './virtual-clock.ts';

const OK: ProviderAnswer = { answer: 'ok', gatewayReference: 'ch_1' };
const TIMEOUT: ProviderAnswer = { answer: 'fault', fault: 'timeout' };

/** Notes what it is asked, and answers as told. */
class ScriptedProvider implements Provider {
  readonly asked: string[] = [];
  readonly askedAt: number[] = [];
  mostAtOnce = 0;
  onExecute: (request: GatewayRequest) => Promise<ProviderAnswer> = async () => OK;
  onLookup: (key: string) => Promise<LookupAnswer> = async () => ({ answer: 'not-found' });
  private readonly clock: VirtualClock;
  private atOnce = 0;

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  execute(request: GatewayRequest): Promise<ProviderAnswer> {
    return this.note(`send ${request.key}`, () => this.onExecute(request));
  }

  lookup(key: string): Promise<LookupAnswer> {
    return this.note(`look-up ${key}`, () => this.onLookup(key));
  }

  private async note<T>(what: string, answer: () => Promise<T>): Promise<T> {
    this.asked.push(what);
    this.askedAt.push(this.clock.now());
    this.atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    return answer().finally(() => {
      this.atOnce -= 1;
    });
  }
}

function start(changes: Partial<AccountConfig> = {}) {
  const clock = new VirtualClock();
  const source = new MemorySource();
  const sink = new MemorySink();
  const provider = new ScriptedProvider(clock);
  const part = new AccountPart(
    { source, sink, provider, clock, random: () => 0.5 },
    { ...accountConfig('main'), ...changes },
  );
  const run = part.run();
  run.catch(() => {});
  return { clock, source, sink, provider, part, run };
}

const many = (count: number, changes: Partial<GatewayRequest> = {}) =>
  Array.from({ length: count }, (_, n) => sampleRequest({ key: `A${n}-c1`, order: `A${n}`, ...changes }));

/** Answers after so many ms of virtual time. */
const slowly =
  (clock: VirtualClock, ms: number, answer: ProviderAnswer = OK) =>
  () =>
    new Promise<ProviderAnswer>((resolve) => clock.after(ms, () => resolve(answer)));

describe('a request', () => {
  test('is sent, its result delivered, then acknowledged', async () => {
    const { clock, source, sink, provider } = start();
    source.add(sampleRequest());
    await clock.advance(100);
    expect(provider.asked).toEqual(['send A1-c1']);
    expect(sink.delivered).toMatchObject([{ key: 'A1-c1', outcome: 'confirmed', gatewayReference: 'ch_1' }]);
    expect(source.acked).toEqual(['A1-c1']);
  });

  test('pain 10: that waited in the queue past its last moment is not sent, and said to have failed', async () => {
    const { clock, source, sink, provider } = start({
      limits: { requestsPerSecond: 1, burst: 1, concurrency: 1 },
    });
    const notAfter = new Date(clock.now() + 2500).toISOString();
    source.add(...many(5, { notAfter }));
    await clock.advance(10_000);
    expect(provider.asked).toEqual(['send A0-c1', 'send A1-c1']);
    expect(provider.askedAt.every((at) => at <= Date.parse(notAfter))).toBe(true);
    for (const key of ['A2-c1', 'A3-c1', 'A4-c1']) expect(sink.of(key)).toEqual(['failed authorisation-expired']);
  });

  test.each<ProviderAnswer>([OK, { answer: 'declined', code: 'card-expired', reason: 'expired' }, TIMEOUT])(
    'is dated when it was asked, however late the answer comes: %o',
    async (answer) => {
      const { clock, source, sink, provider } = start();
      provider.onExecute = slowly(clock, 5000, answer);
      source.add(sampleRequest());
      await clock.advance(6000);
      const asked = provider.askedAt.slice(0, 1).map((at) => new Date(at).toISOString());
      expect(sink.delivered.map(({ at }) => at)).toEqual(asked);
    },
  );

  test('is not acknowledged before its result is durable', async () => {
    const { clock, source, sink } = start();
    const held = gate();
    sink.before = () => held.passed;
    source.add(sampleRequest());
    await clock.advance(1000);
    expect(source.acked).toEqual([]);
    held.open();
    await clock.advance(1);
    expect(source.acked).toEqual(['A1-c1']);
  });

  test('without an answer is unknown first, and asked for until it is known', async () => {
    const { clock, source, sink, provider } = start();
    provider.onExecute = async () => (provider.asked.length > 1 ? OK : TIMEOUT);
    source.add(sampleRequest());
    await clock.advance(1000);
    expect(provider.asked).toEqual(['send A1-c1', 'look-up A1-c1', 'send A1-c1']);
    expect(sink.of('A1-c1')).toEqual(['unknown timeout', 'confirmed']);
  });

  test('that is never answered counts as timed out', async () => {
    const { clock, source, sink, provider } = start();
    provider.onExecute = () => new Promise(() => {});
    provider.onLookup = async () => OK;
    source.add(sampleRequest());
    await clock.advance(31_000);
    expect(sink.of('A1-c1')).toEqual(['unknown timeout', 'confirmed']);
  });

  test('whose provider throws is unknown, not failed', async () => {
    const { clock, source, sink, provider } = start();
    provider.onExecute = () => Promise.reject(new Error('a defect of the adapter'));
    provider.onLookup = async () => OK;
    source.add(sampleRequest());
    await clock.advance(1000);
    expect(sink.of('A1-c1')).toEqual(['unknown connection', 'confirmed']);
  });

  test('that was delivered before is asked for first, also past its last moment: a holder before may have sent it', async () => {
    const { clock, source, sink, provider } = start();
    provider.onLookup = async () => OK;
    source.redeliver(sampleRequest({ notAfter: new Date(clock.now() - 1000).toISOString() }));
    await clock.advance(1000);
    expect(provider.asked).toEqual(['look-up A1-c1']);
    expect(sink.of('A1-c1')).toEqual(['confirmed']);
  });

  test('is not asked for before its doubt is durable', async () => {
    const { clock, source, sink, provider } = start();
    provider.onExecute = async () => TIMEOUT;
    provider.onLookup = async () => OK;
    const held = gate();
    sink.before = () => held.passed;
    source.add(sampleRequest());
    await clock.advance(5000);
    expect(provider.asked).toEqual(['send A1-c1']);
    held.open();
    await clock.advance(5000);
    expect(sink.of('A1-c1')).toEqual(['unknown timeout', 'confirmed']);
  });

  test('that is delivered again while it is under way is not sent again', async () => {
    const { clock, source, provider } = start();
    provider.onExecute = slowly(clock, 5000);
    source.add(sampleRequest());
    await clock.advance(1000);
    source.redeliver(sampleRequest());
    await clock.advance(9000);
    expect(provider.asked).toEqual(['send A1-c1']);
    expect(source.acked).toEqual(['A1-c1']);
  });

  test('is kept alive for as long as it takes', async () => {
    const { clock, source, provider } = start({ ackWaitMs: 30_000 });
    provider.onExecute = slowly(clock, 29_000);
    source.add(sampleRequest());
    await clock.advance(14_000);
    expect(source.alive).toEqual([]);
    await clock.advance(2000);
    expect(source.alive).toEqual(['A1-c1']);
  });
});

describe('the limits of the account', () => {
  test('hold over every window, and all of the rate is used', async () => {
    const { clock, source, provider } = start({ limits: { requestsPerSecond: 50, burst: 5, concurrency: 100 } });
    await clock.advance(1000);
    source.add(...many(200));
    await clock.advance(2000);
    const since = provider.askedAt[0] ?? 0;
    const within = (ms: number) => provider.askedAt.filter((at) => at < since + ms).length;
    expect([within(1), within(1000), within(2000)]).toEqual([5, 54, 104]);
  });

  test('bound how many calls are under way', async () => {
    const { clock, source, provider } = start({ limits: { requestsPerSecond: 1000, burst: 100, concurrency: 3 } });
    provider.onExecute = slowly(clock, 100);
    source.add(...many(30));
    await clock.advance(2000);
    expect(provider.mostAtOnce).toBe(3);
    expect(source.acked).toHaveLength(30);
  });

  test('bound what is held of a kind', async () => {
    const { clock, source, provider, part } = start({ window: 8 });
    provider.onExecute = slowly(clock, 1000);
    source.add(...many(100));
    await clock.advance(500);
    expect(source.mostPulled).toBe(8);
    source.lookedAt = Date.UTC(2026, 10, 26);
    const { queue, queueAt, inFlight } = await part.status();
    expect(queue.capture).toBe(100);
    expect(queueAt).toBe('2026-11-26T00:00:00.000Z');
    expect(inFlight).toBe(8);
  });

  test('are given to captures first, to money for stores last', async () => {
    const { clock, source, provider } = start({ limits: { requestsPerSecond: 1, burst: 1, concurrency: 1 } });
    const kinds = ['payout-reversal', 'payout', 'void', 'refund', 'capture'] as const;
    source.add(
      ...kinds.flatMap((kind) => [
        sampleRequest({ key: `${kind}-1`, kind }),
        sampleRequest({ key: `${kind}-2`, kind }),
      ]),
    );
    await clock.advance(20_000);
    const expected = kinds.toReversed().flatMap((kind) => [`send ${kind}-1`, `send ${kind}-2`]);
    expect(provider.asked).toEqual(expected);
  });

  test('are as wide as before when the clock is set back or forward', async () => {
    const { clock, source, provider } = start({ limits: { requestsPerSecond: 10, burst: 1, concurrency: 1 } });
    source.add(...many(30));
    await clock.advance(1000);
    clock.setClockBy(-60_000);
    await clock.advance(1000);
    expect(provider.asked).toHaveLength(20);
    clock.setClockBy(3600_000);
    await clock.advance(500);
    expect(provider.asked).toHaveLength(25);
    expect(source.acked).toHaveLength(25);
  });

  test('are not used up by a request that backs off', async () => {
    const { clock, source, provider } = start({ limits: { requestsPerSecond: 100, burst: 1, concurrency: 1 } });
    provider.onExecute = async ({ key }) => (key === 'bad' ? { answer: 'fault', fault: 'rate-limit' } : OK);
    source.add(sampleRequest({ key: 'bad' }), ...many(20));
    await clock.advance(1000);
    expect(source.acked).toHaveLength(20);
  });
});

describe('a provider that is down', () => {
  test('is left alone after some faults, then probed, then used again', async () => {
    const { clock, source, provider, part } = start({ circuit: { faults: 5, cooldownMs: 2000 } });
    let down = true;
    provider.onExecute = async () => (down ? TIMEOUT : OK);
    provider.onLookup = async () => (down ? TIMEOUT : { answer: 'not-found' });
    source.add(...many(5));
    await clock.advance(60);
    expect(provider.asked).toHaveLength(5);
    expect(await part.status()).toMatchObject({ circuit: 'open', queue: { capture: 5 } });
    await clock.advance(1900);
    expect(provider.asked).toHaveLength(5);
    await clock.advance(150);
    expect(provider.asked).toHaveLength(6);
    down = false;
    await clock.advance(4000);
    expect(source.acked).toHaveLength(5);
    expect(await part.status()).toMatchObject({ circuit: 'closed', inFlight: 0, queue: { capture: 0 } });
  });

  test('is used again at once where a slow answer says that it is up', async () => {
    const limits = { requestsPerSecond: 10, burst: 3, concurrency: 10 };
    const { clock, source, provider, part } = start({ limits, circuit: { faults: 2, cooldownMs: 60_000 } });
    const slowOk = slowly(clock, 1500);
    provider.onExecute = ({ key }) =>
      key === 'A0-c1' ? slowOk() : Promise.resolve(['A1-c1', 'A2-c1'].includes(key) ? TIMEOUT : OK);
    provider.onLookup = async () => OK;
    source.add(...many(30));
    await clock.advance(1000);
    expect(await part.status()).toMatchObject({ circuit: 'open' });
    await clock.advance(5000);
    expect(source.acked).toHaveLength(30);
  });

  test('is probed when its time has come, though the clock was set back meanwhile', async () => {
    const { clock, source, provider, part } = start({ circuit: { faults: 5, cooldownMs: 2000 } });
    let down = true;
    provider.onExecute = async () => (down ? TIMEOUT : OK);
    source.add(...many(5));
    await clock.advance(60);
    expect(await part.status()).toMatchObject({ circuit: 'open' });
    down = false;
    clock.setClockBy(-3600_000);
    await clock.advance(6000);
    expect(source.acked).toHaveLength(5);
  });

  test('shows in the last errors, the newest ten', async () => {
    const { clock, source, provider, part } = start();
    provider.onExecute = async () => ({ answer: 'declined', code: 'card-expired', reason: 'expired' });
    source.add(...many(12));
    await clock.advance(1000);
    const { lastErrors } = await part.status();
    expect(lastErrors.map(({ key }) => key)).toEqual(Array.from({ length: 10 }, (_, n) => `A${n + 2}-c1`));
    expect(lastErrors[0]).toMatchObject({ code: 'card-expired', kind: 'capture', order: 'A2' });
  });
});

describe('a stop', () => {
  test('waits for calls under way, hands the rest back, and starts nothing', async () => {
    const { clock, source, provider, part, run } = start({
      limits: { requestsPerSecond: 100, burst: 10, concurrency: 1 },
    });
    provider.onExecute = slowly(clock, 1000);
    source.add(...many(3));
    await clock.advance(100);
    const stopped = part.stop();
    expect(source.released.toSorted()).toEqual(['A1-c1', 'A2-c1']);
    await clock.advance(2000);
    await Promise.all([stopped, run]);
    expect(source.acked).toEqual(['A0-c1']);
    expect(source.released).toHaveLength(2);
    expect(provider.asked).toEqual(['send A0-c1']);
  });

  test('waits no longer than the drain', async () => {
    const { clock, source, provider, part, run, sink } = start({ drainMs: 500 });
    provider.onExecute = slowly(clock, 20_000);
    source.add(sampleRequest());
    await clock.advance(100);
    const stopped = part.stop();
    await clock.advance(500);
    await Promise.all([stopped, run]);
    expect(source.released).toEqual(['A1-c1']);
    await clock.advance(30_000);
    expect(sink.delivered).toEqual([]);
  });

  test('hands a doubtful one back with its doubt told', async () => {
    const { clock, source, provider, part, sink } = start();
    provider.onExecute = () => new Promise((resolve) => clock.after(300, () => resolve(TIMEOUT)));
    source.add(sampleRequest());
    await clock.advance(100);
    const stopped = part.stop();
    await clock.advance(300);
    await stopped;
    expect(sink.of('A1-c1')).toEqual(['unknown timeout']);
    expect(source.released).toEqual(['A1-c1']);
  });
});

test('a sink that fails ends the part with nothing acknowledged', async () => {
  const { clock, source, sink, run } = start();
  sink.before = () => Promise.reject(new Error('no commit'));
  source.add(sampleRequest());
  await clock.advance(100);
  await expect(run).rejects.toThrow('no commit');
  expect(source.acked).toEqual([]);
  expect(source.released).toEqual(['A1-c1']);
});

test('a late result is told after the first one', async () => {
  const { clock, source, sink, part } = start();
  const held = gate();
  sink.before = () => {
    sink.before = async () => {};
    return held.passed;
  };
  source.add(sampleRequest());
  await clock.advance(100);
  const at = new Date(clock.now()).toISOString();
  const told = part.late({ key: 'A1-c1', kind: 'capture', outcome: 'failed', code: 'late-failure', at }, 'A1');
  await clock.advance(100);
  held.open();
  await told;
  expect(sink.of('A1-c1')).toEqual(['confirmed', 'failed late-failure']);
  const [first, second] = sink.delivered.map((result) => result.at);
  expect(second).toBe(at);
  expect(first && second && first < second).toBe(true);
});
