/** The part and the simulated provider together, under any scripts, lost appends and changes of holder. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GatewayRequest } from '../../../protocols/gateway.ts';
import { accountConfig } from '../../../supervisor/gateway/account-config.ts';
import { AccountPart } from '../../../supervisor/gateway/account-part.ts';
import { Simulator } from '../../../supervisor/gateway/simulator.ts';
import type { Script } from '../../../supervisor/gateway/simulator-entry.ts';
import { type AppendFault, MemoryLog, MemorySink, MemorySource } from './memory-ports.ts';
import { sampleRequest } from './sample-request.ts';
import { anyScript } from './simulator-entries.ts';
import { VirtualClock } from './virtual-clock.ts';

const ORDERS = ['A1', 'A2', 'A3', 'A4'];

/** What each order asks for, in the order in which it may: money out only of money in. */
const requests: GatewayRequest[] = ORDERS.flatMap((order) => {
  const of = { order, transaction: `pi_${order}`, party: 'store-lyon' };
  return [
    sampleRequest({ ...of, key: `${order}-c1`, amount: 500 }),
    sampleRequest({ ...of, key: `${order}-v1`, kind: 'void', amount: 100 }),
    sampleRequest({ ...of, key: `${order}-r1`, kind: 'refund', amount: 200 }),
    sampleRequest({ ...of, key: `${order}-p1`, kind: 'payout', amount: 300 }),
    sampleRequest({ ...of, key: `${order}-q1`, kind: 'payout-reversal', amount: 100 }),
  ];
});

interface Plan {
  scripts: Script[];
  faults: (AppendFault | undefined)[];
  /** When another node takes over, and whether the one before only seems dead. */
  takeovers: { afterMs: number; zombie: boolean }[];
}

const anyPlan: fc.Arbitrary<Plan> = fc.record({
  scripts: fc.array(anyScript, { maxLength: 12 }),
  faults: fc.array(fc.constantFrom<AppendFault | undefined>(undefined, 'lost-before', 'lost-after'), { maxLength: 10 }),
  takeovers: fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 1500 }), zombie: fc.boolean() }), {
    maxLength: 2,
  }),
});

class Holder {
  readonly source = new MemorySource();
  readonly part: AccountPart;
  readonly simulator: Simulator;

  constructor(clock: VirtualClock, log: MemoryLog, sink: MemorySink, newId: () => string) {
    this.simulator = new Simulator({ log, clock, newId });
    const ports = { source: this.source, sink, provider: this.simulator, clock, random: () => 0.5 };
    this.part = new AccountPart(ports, accountConfig('main'));
    void this.part.run();
  }

  async hold(of: GatewayRequest[], again: boolean): Promise<void> {
    if (again) for (const request of of) this.source.redeliver(request);
    else this.source.add(...of);
    await this.simulator.tellLateNews((result, order) => this.part.late(result, order));
  }
}

async function play({
  scripts,
  faults,
  takeovers,
}: Plan): Promise<{ holder: Holder; sink: MemorySink; log: MemoryLog }> {
  const clock = new VirtualClock();
  const log = new MemoryLog();
  const sink = new MemorySink();
  let ids = 0;
  const newHolder = () => new Holder(clock, log, sink, () => `batch-${ids++}`);
  let holder = newHolder();
  for (const [n, payload] of scripts.entries()) await holder.simulator.control(`s${n}`, { control: 'script', payload });
  log.faults = faults;
  await holder.hold(requests, false);
  for (const { afterMs, zombie } of takeovers) {
    await clock.advance(afterMs);
    if (!zombie) void holder.part.stop();
    const done = new Set(holder.source.acked);
    holder = newHolder();
    await holder.hold(
      requests.filter(({ key }) => !done.has(key)),
      true,
    );
  }
  await clock.advance(120_000);
  return { holder, sink, log };
}

test('every request ends known, a key moves money at most once, and what is told is what moved', async () => {
  await fc.assert(
    fc.asyncProperty(anyPlan, async (plan) => {
      const { holder, sink } = await play(plan);
      const { calls, moved } = await holder.simulator.journal();
      const movedKeys = moved.map(({ key }) => key);
      expect(new Set(movedKeys).size).toBe(movedKeys.length);
      for (const { key } of requests) {
        const told = sink.of(key);
        // A previous holder may say `unknown` after the next one knew: an order ignores that.
        const known = told.filter((result) => !result.startsWith('unknown')).at(-1);
        expect(known, told.join(', ')).toMatch(movedKeys.includes(key) ? /^confirmed$/ : /^failed/);
      }
      const asked = new Set(calls.map(({ key }) => key));
      expect(requests.filter(({ key }) => !asked.has(key))).toEqual([]);
      // What moved was asked for once: whoever asked again was told so.
      for (const key of movedKeys) {
        const executed = calls.filter((call) => call.key === key && call.outcome === 'ok' && !call.replay);
        expect(executed.length, key).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 60 },
  );
});

test('the same plan gives the same log, byte for byte', async () => {
  await fc.assert(
    fc.asyncProperty(anyPlan, async (plan) => {
      const [one, other] = [await play(plan), await play(plan)];
      const hex = (log: MemoryLog) => log.messages.map((bytes) => Buffer.from(bytes).toString('hex'));
      expect(hex(one.log)).toEqual(hex(other.log));
    }),
    { numRuns: 10 },
  );
});
