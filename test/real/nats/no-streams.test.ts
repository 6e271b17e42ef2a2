/** What begins and fails, on a server that has none of Tillwire's streams yet, leaves nothing behind. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { KEY_PREFIX, key } from '../../../protocols/subjects.ts';
import { AccountRecords } from '../../../supervisor/nats/account-records.ts';
import { type Connection, openConnection } from '../../../supervisor/nats/connection.ts';
import { Presence } from '../../../supervisor/nats/presence.ts';
import { RuleVersions } from '../../../supervisor/nats/rule-versions.ts';
import { eventually } from '../../fixture/eventually.ts';
import { type RealServer, startRealServer } from '../../fixture/real-server.ts';
import { rejectFailure } from './nats-fixture.ts';

let server: RealServer;
let connection: Connection;
let observer: Connection;

beforeEach(async () => {
  server = await startRealServer();
  connection = await openConnection({ servers: server.url, name: 'begins' });
  observer = await openConnection({ servers: server.url, name: 'observes' });
});
afterEach(async () => {
  await Promise.all([connection, observer].map((opened) => opened.drain()));
  await server.remove();
});

async function subscriptions(): Promise<number> {
  await connection.nats.flush();
  const answer = await fetch(new URL('/connz', server.monitorUrl));
  const { connections } = (await answer.json()) as { connections: { name: string; subscriptions: number }[] };
  return connections.find(({ name }) => name === 'begins')?.subscriptions ?? 0;
}

test.each<[string, () => Promise<unknown>]>([
  ['rules', () => new RuleVersions(connection).published()],
  ['accounts', () => new AccountRecords(connection).stored(() => undefined)],
  ['nodes', () => new Presence(connection, 'n1').join(() => undefined, rejectFailure)],
])('whoever asks for %s and fails listens no more', async (_, ask) => {
  await expect(ask()).rejects.toThrow('direct get');
  const before = await subscriptions();
  for (let time = 0; time < 3; time++) await expect(ask()).rejects.toThrow('direct get');
  expect(await subscriptions()).toBe(before);
});

test('a node that can not see the others announces itself no more', async () => {
  const timing = { refreshMs: 20, expireMs: 1000 };
  const heard: string[] = [];
  observer.nats.subscribe(KEY_PREFIX + key.node('*'), {
    callback: (_, { subject }) => void heard.push(subject.slice(subject.lastIndexOf('.') + 1)),
  });
  await observer.nats.flush();
  const blind = new Presence(connection, 'blind', timing);
  await expect(blind.join(() => undefined, rejectFailure)).rejects.toThrow('direct get');
  await connection.nats.flush();
  await observer.nats.flush();
  const before = heard.length;
  const clock = setInterval(() => observer.nats.publish(KEY_PREFIX + key.node('clock')), timing.refreshMs);
  await eventually(() => heard.filter((node) => node === 'clock').length >= 5, { what: 'five times to announce' });
  clearInterval(clock);
  expect(heard.slice(before).filter((node) => node === 'blind')).toEqual([]);
});
