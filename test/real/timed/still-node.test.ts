/** A node that stands still is one of those that share the queries, until the server gives its connection up. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connection, openConnection } from '../../../supervisor/nats/connection.ts';
import { eventually } from '../../fixture/eventually.ts';
import { useSystem } from '../spine/system.ts';

/** Three pings of the server, one of them just missed, and time to ask. */
const ANSWERED_AGAIN_WITHIN_MS = 10_000;
/** Of two nodes, one never is the one that is asked: once in a million. */
const QUESTIONS = 20;
const ANSWERED_WITHIN_MS = 1000;
const LIVE_WITHIN_MS = 30_000;

const system = useSystem('node-1', 'node-2');
let connection: Connection;

beforeAll(async () => {
  connection = await openConnection({ servers: system.server.url, name: 'asking' });
});

afterAll(async () => {
  await connection?.drain();
});

/** An order that nobody knows: an answer all the same. */
const isAnswered = () =>
  connection.nats.request('query.order.none', '', { timeout: ANSWERED_WITHIN_MS }).then(
    () => true,
    () => false,
  );

async function answered(): Promise<number> {
  const answers = await Promise.all(Array.from({ length: QUESTIONS }, isAnswered));
  return answers.filter(Boolean).length;
}

const allAnswered = async () => (await answered()) === QUESTIONS;

test('it loses no queries after a few seconds, and answers again once it goes on', async () => {
  const [still, other] = system.nodes;
  expect(await answered()).toBe(QUESTIONS);
  const stopped = performance.now();
  still?.signal('SIGSTOP');
  await eventually(async () => (await answered()) < QUESTIONS, { what: 'it stands still' });
  await eventually(allAnswered, { what: 'all queries are answered', withinMs: ANSWERED_AGAIN_WITHIN_MS });
  console.info(`SIGSTOP of a node to all queries answered: ${Math.round(performance.now() - stopped)} ms`);
  still?.signal('SIGCONT');
  other?.signal('SIGKILL');
  await eventually(allAnswered, { what: 'the one that goes on answers', withinMs: LIVE_WITHIN_MS });
  expect(still?.running).toBe(true);
});
