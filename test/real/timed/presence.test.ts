import { expect, test } from 'vitest';
import { Presence } from '../../../supervisor/nats/presence.ts';
import { eventually } from '../../fixture/eventually.ts';
import { rejectFailure, useSystem } from '../nats/nats-fixture.ts';

const system = useSystem();
const TIMING = { refreshMs: 100, expireMs: 600 };

async function join(node: string) {
  const connection = await system.connect(node);
  const presence = new Presence(connection, node, TIMING);
  const views: string[] = [];
  await presence.join((live) => views.push(live.join()), rejectFailure);
  return { connection, presence, views };
}

test('nodes see each other come, leave at once, die within the time to expire, and live through a restart of the server', async () => {
  const n1 = await join('n1');
  expect(n1.views).toEqual(['n1']);
  const n2 = await join('n2');
  const n3 = await join('n3');
  expect(n3.views[0]).toBe('n1,n2,n3');
  await eventually(() => n1.views.at(-1) === 'n1,n2,n3', { what: 'n1 sees all' });

  const left = performance.now();
  await n2.presence.leave();
  await eventually(() => n1.views.at(-1) === 'n1,n3', { what: 'n2 left' });
  expect(performance.now() - left).toBeLessThan(TIMING.expireMs);

  // Away for longer than a node that says nothing is live: who has no connection can't tell.
  const before = n1.views.length;
  await system.server.kill();
  const killed = performance.now();
  await eventually(() => performance.now() - killed > 2 * TIMING.expireMs, { what: 'the server was away' });
  await system.server.restart();
  await eventually(() => n1.connection.connected && n3.connection.connected, { what: 'reconnected' });
  await n1.connection.nats.flush();

  n3.presence.stop();
  const died = performance.now();
  await eventually(() => n1.views.at(-1) === 'n1', { what: 'n3 expired' });
  expect(performance.now() - died).toBeGreaterThan(TIMING.expireMs / 2);
  expect(performance.now() - died).toBeLessThan(2000);
  expect(n1.views.slice(before)).toEqual(['n1']);
  await n1.presence.leave();
});
