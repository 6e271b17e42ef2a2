import { afterEach, expect, test } from 'vitest';
import { noDepths } from '../../../actors/gateway/priority.ts';
import type { GatewayStatus } from '../../../supervisor/gateway/account-status.ts';
import { HeardStatuses, tellStatus } from '../../../supervisor/nats/account-status.ts';
import type { Connection } from '../../../supervisor/nats/connection.ts';
import { eventually } from '../../fixture/eventually.ts';
import { useSystem } from './nats-fixture.ts';

const WITHIN_MS = 10_000;
const CLOSED: GatewayStatus = {
  account: 'main',
  limits: { requestsPerSecond: 1, burst: 1, concurrency: 1 },
  queue: noDepths(),
  circuit: 'closed',
  inFlight: 0,
  lastErrors: [],
};

const system = useSystem();
const end = { current: () => {} };
afterEach(() => end.current());

/** One that holds the account, and one that listens from before it said anything. */
async function start(): Promise<{
  holder: Connection;
  listener: Connection;
  statuses: HeardStatuses;
  show(status: GatewayStatus): void;
}> {
  const [holder, listener] = [await system.connect('holder'), await system.connect('listener')];
  const statuses = new HeardStatuses(listener);
  statuses.listen(['main']);
  await listener.nats.flush();
  let shown = CLOSED;
  end.current = tellStatus(holder, 'main', async () => shown);
  await holder.nats.flush();
  const show = (status: GatewayStatus): void => {
    shown = status;
  };
  return { holder, listener, statuses, show };
}

const circuitOf = async (statuses: HeardStatuses) => (await statuses.of('main'))?.circuit;

test('what the holder says is told as it changes, and nobody asks it', async () => {
  const { statuses, show } = await start();
  await eventually(async () => (await circuitOf(statuses)) === 'closed', { what: 'it is heard', withinMs: WITHIN_MS });
  let asked = 0;
  const questions = system.connection.nats.subscribe('tillwire.account.main', {
    callback: () => {
      asked += 1;
    },
  });
  await system.connection.nats.flush();
  show({ ...CLOSED, circuit: 'open' });
  await eventually(async () => (await circuitOf(statuses)) === 'open', { what: 'it is open', withinMs: WITHIN_MS });
  show(CLOSED);
  await eventually(async () => (await circuitOf(statuses)) === 'closed', { what: 'it closed', withinMs: WITHIN_MS });
  await system.connection.nats.flush();
  questions.unsubscribe();
  expect(asked).toBe(0);
});

test('who has not heard the holder asks it', async () => {
  await start();
  const late = new HeardStatuses(system.connection);
  expect(await late.of('main')).toEqual(CLOSED);
});

test('nothing is told of a holder that ended, at once', async () => {
  const { holder, listener, statuses } = await start();
  await eventually(async () => (await circuitOf(statuses)) === 'closed', { what: 'it is heard', withinMs: WITHIN_MS });
  end.current();
  await holder.nats.flush();
  await listener.nats.flush();
  expect(await statuses.of('main')).toBeUndefined();
});

test('nothing is told of a holder that is gone without a word, once it was silent for long', async () => {
  const { holder, statuses } = await start();
  await eventually(async () => (await circuitOf(statuses)) === 'closed', { what: 'it is heard', withinMs: WITHIN_MS });
  await holder.nats.close();
  await eventually(async () => (await statuses.of('main')) === undefined, {
    what: 'nobody holds it',
    withinMs: WITHIN_MS,
  });
});
