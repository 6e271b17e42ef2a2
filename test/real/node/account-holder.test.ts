import { expect, test } from 'vitest';
import { CLOCK } from '../../../supervisor/clock.ts';
import { Simulator } from '../../../supervisor/gateway/simulator.ts';
import { NatsBucket } from '../../../supervisor/nats/bucket.ts';
import { isUnheard } from '../../../supervisor/nats/connection.ts';
import { StoredResultSink } from '../../../supervisor/nats/result-sink.ts';
import { NatsSimulatorLog } from '../../../supervisor/nats/simulator-log.ts';
import { type AccountWorld, holdAccount } from '../../../supervisor/node/account-holder.ts';
import type { HeldAudit } from '../../../supervisor/node/audit-holder.ts';
import { TurnSink } from '../../../supervisor/node/turn-sink.ts';
import { eventually } from '../../fixture/eventually.ts';
import { rejectFailure, useSystem } from '../nats/nats-fixture.ts';

const PARTITIONS = 4;
const LIMITS = { requestsPerSecond: 10, burst: 10, concurrency: 10 };
const system = useSystem(PARTITIONS);

function hold(startAudit: AccountWorld['startAudit']) {
  const { connection } = system;
  let count = 0;
  const log = new NatsSimulatorLog(connection, 'main');
  const simulator = new Simulator({ log, clock: CLOCK, newId: () => `${count++}` });
  const stored = new StoredResultSink(new NatsBucket(connection), 'main', PARTITIONS, 'run');
  const sink = new TurnSink('main', () => undefined, stored, Date.now);
  const world: AccountWorld = { connection, clock: CLOCK, random: Math.random, simulator, sink, startAudit };
  return holdAccount('main', LIMITS, world, rejectFailure);
}

/** Whether somebody says that the account is held here. */
const answers = (): Promise<boolean> =>
  system.connection.nats.request('tillwire.account.main', new Uint8Array(), { timeout: 5000 }).then(
    () => true,
    (error: unknown) => {
      if (isUnheard(error)) return false;
      throw error;
    },
  );

/** Of all that pull for it. */
async function waitingPulls(): Promise<number> {
  const answer = await fetch(new URL('/jsz?consumers=true', system.server.monitorUrl));
  const { account_details: accounts } = (await answer.json()) as {
    account_details: { stream_detail: { consumer_detail?: { num_waiting: number }[] }[] }[];
  };
  const consumers = accounts.flatMap((account) =>
    account.stream_detail.flatMap((stream) => stream.consumer_detail ?? []),
  );
  return consumers.reduce((sum, { num_waiting: waiting }) => sum + waiting, 0);
}

test('an account whose audit does not start is held by nobody: its requests wait for whoever holds it next', async () => {
  for (let time = 0; time < 3; time++) {
    await expect(hold(() => Promise.reject(new Error('no audit')))).rejects.toThrow('no audit');
  }
  expect(await answers()).toBe(false);
  await eventually(async () => (await waitingPulls()) === 0, { what: 'nobody pulls' });

  const audit: HeldAudit = {
    status: () => ({ catchingUp: false, differences: [], count: 0 }),
    stop: async () => undefined,
  };
  const held = await hold(async () => audit);
  expect(await answers()).toBe(true);
  await held.stop();
  expect(await answers()).toBe(false);
});
