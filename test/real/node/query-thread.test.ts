import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { pino } from 'pino';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { storeActor } from '../../../actors/store/store.ts';
import { key } from '../../../protocols/subjects.ts';
import { bundledProgram } from '../../../supervisor/cli/bundle.js';
import { NatsBucket } from '../../../supervisor/nats/bucket.ts';
import { DEFAULT_ACCOUNTS } from '../../../supervisor/node/accounts-config.ts';
import { startQueryThread } from '../../../supervisor/node/query-thread.ts';
import { Supervisor } from '../../../supervisor/node/supervise.ts';
import type { NodeAnswers } from '../../../supervisor/node/thread-messages.ts';
import { eventually } from '../../fixture/eventually.ts';
import { startDeafProxy } from '../nats/deaf-proxy.ts';
import { rejectFailure, useSystem } from '../nats/nats-fixture.ts';

const WITHIN_MS = 20_000;
const ASK = fileURLToPath(new URL('ask.js', import.meta.url));

const system = useSystem();
let program: URL;
const supervisor = { current: undefined as Supervisor | undefined };

beforeAll(async () => {
  program = new URL('query-worker.js', await bundledProgram());
  await openStore('store-lyon');
});

afterEach(async () => {
  await supervisor.current?.stop();
  supervisor.current = undefined;
});

const nothing = async () => undefined;
const SILENT: NodeAnswers = { journal: nothing, movements: nothing };

const trueWorker = (options: object, _count: number): Worker =>
  new Worker(program, { workerData: options, execArgv: [] });

const THROWS = `
  require('node:worker_threads').parentPort.postMessage({ say: 'ready' });
  setImmediate(() => { throw new Error('a defect'); });
`;

/** The thread as a part of a node; resolves when it answers. Each worker that is started is kept, the last one last. */
async function start(answers = SILENT, newWorker = trueWorker, natsUrl = system.server.url): Promise<Worker[]> {
  const workers: Worker[] = [];
  const options = {
    node: 'node-1',
    natsUrl,
    version: '1.2.3',
    accounts: DEFAULT_ACCOUNTS,
    goesFirst: false,
  };
  const startWorker = () => {
    const worker = newWorker(options, workers.length);
    workers.push(worker);
    return worker;
  };
  supervisor.current = new Supervisor({
    now: Date.now,
    random: () => 0,
    after(_ms, run) {
      queueMicrotask(run);
      return () => undefined;
    },
    log: pino({ level: 'silent' }),
    escalate: (_part, error) => rejectFailure(error),
  });
  await supervisor.current.add('queries', (failed) => startQueryThread(options, answers, failed, startWorker));
  return workers;
}

async function openStore(id: string): Promise<void> {
  const payload = { name: id, ownership: 'company', country: 'FR', priority: 0, autoAccept: false };
  const command = { id: 'c1', origin: 'ops-hq', name: 'open', encoding: 'json' as const, hash: 'x' };
  const sender = { kind: 'command' as const, command };
  const step = storeActor.handle(undefined, { entity: 'store', id, name: 'open', payload, sender, at: 0 });
  if (step.kind !== 'applied') throw new Error(`the store is not opened: ${JSON.stringify(step)}`);
  const messages = storeActor
    .parts(step.snapshot, undefined)
    .map(({ name, bytes }) => ({ key: name ? key.part('store', id, name) : key.record('store', id), bytes }));
  const outcome = await new NatsBucket(system.connection).commit({ batch: id, messages, revisions: new Map() });
  expect(outcome.kind).toBe('committed');
}

const query = async (subject: string): Promise<unknown> =>
  (await system.connection.nats.request(subject, '', { timeout: WITHIN_MS })).json();

test('a question is answered while the thread of the node does not come to anything', async () => {
  await start();
  // This thread stands still until the other process has its answer.
  const answer = execFileSync(process.execPath, [ASK, system.server.url, 'query.store.store-lyon'], {
    timeout: WITHIN_MS,
  });
  expect(JSON.parse(answer.toString())).toMatchObject({ store: 'store-lyon' });
});

test('a query thread that dies is started again, and answers', async () => {
  const workers = await start();
  await workers[0]?.terminate();
  await eventually(() => workers.length === 2, { what: 'another thread is started', withinMs: WITHIN_MS });
  const answered = () => query('query.store.store-lyon');
  expect(await eventually(answered, { what: 'it answers', withinMs: WITHIN_MS })).toMatchObject({
    store: 'store-lyon',
  });
});

test('a query thread that throws is started again, and answers', async () => {
  await start(SILENT, (options, count) =>
    count === 0 ? new Worker(THROWS, { eval: true }) : trueWorker(options, count),
  );
  const answered = () => query('query.store.store-lyon');
  expect(await eventually(answered, { what: 'it answers', withinMs: WITHIN_MS })).toMatchObject({
    store: 'store-lyon',
  });
});

test('what only the node knows is asked of it, and what it throws is a service error', async () => {
  const size = { calls: 0, moved: 0 };
  await start({
    journal: async (account, { limit }) => ({ calls: [], moved: [], totals: [], size, account, fits: limit > 1000 }),
    movements: () => Promise.reject(new Error('the books are closed')),
  });
  expect(await query('query.gateway.main.journal')).toMatchObject({ account: 'main', fits: true, size });
  const { headers } = await system.connection.nats.request('query.gateway.main.movements', '', { timeout: WITHIN_MS });
  expect(headers?.get('Nats-Service-Error')).toBe('the books are closed');
});

test('what was asked before it is stopped is answered', async () => {
  const answers: (() => void)[] = [];
  const journal = () => new Promise<undefined>((resolve) => answers.push(() => resolve(undefined)));
  await start({ journal, movements: nothing });
  const reply = system.connection.nats.request('query.gateway.main.journal', '', { timeout: WITHIN_MS });
  await eventually(() => answers.length === 1, { what: 'the node is asked', withinMs: WITHIN_MS });
  const stopped = supervisor.current?.stop();
  const refused = () =>
    query('query.store.store-lyon').then(
      () => false,
      () => true,
    );
  await eventually(refused, { what: 'no more questions are taken', withinMs: WITHIN_MS });
  answers[0]?.();
  expect((await reply).headers?.get('Nats-Service-Error-Code')).toBe('404');
  await stopped;
});

test('a question that comes while the thread can not read is answered once it can', async () => {
  const proxy = await startDeafProxy(system.server.port);
  await start(SILENT, trueWorker, proxy.url);
  const letIn = proxy.shutOut('node-1-query-reads');
  const ask = (subject: string) => system.connection.nats.request(subject, '', { timeout: WITHIN_MS });
  const answered = ask('query.store.store-lyon');
  // It comes the same way and needs no read: by its answer, the one before has come.
  await ask('query.stock.lantern');
  letIn();
  expect((await answered).headers?.get('Nats-Service-Error')).toBeFalsy();
  expect((await answered).json()).toMatchObject({ store: 'store-lyon' });
  await supervisor.current?.stop();
  proxy.close();
});
