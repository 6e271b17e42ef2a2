import { expect, test } from 'vitest';
import type { ActorKind, Message } from '../../../protocols/actor.ts';
import { partitionOf } from '../../../protocols/partition.ts';
import { Engine } from '../../../supervisor/turn/engine.ts';
import { counterActor } from './counter-actor.ts';
import { HandPorts } from './hand-ports.ts';

/** All that can happen without an answer of a port has happened. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function running(): Promise<{ ports: HandPorts; engine: Engine }> {
  const ports = new HandPorts();
  const options = { node: 'n1', run: 'r', partitions: 1, cache: { maxActors: 100, maxBytes: 1e6 } };
  const engine = new Engine(options, [counterActor as ActorKind], ports, ports.listener);
  engine.start();
  await engine.acquire([0]);
  return { ports, engine };
}

const toCounter = (id: string): Message => ({
  entity: 'return',
  id,
  name: 'hint',
  payload: {},
  sender: { kind: 'timer' },
  at: 0,
});

test('a command is handled once, with its cursor in the same commit', async () => {
  const { ports, engine } = await running();
  ports.command('R1', 'c1');
  await settled();
  const keys = ports.commits[0]?.commit.messages.map(({ key }) => key.split('.')[0]);
  expect(keys?.sort()).toEqual(['cursor', 'live', 'return', 'seen']);
  ports.accept();
  ports.command('R1', 'c1');
  await settled();
  ports.accept();
  expect(ports.count('R1')).toBe(1);
  await engine.stop();
});

test('what a turn did that a refused commit made void is unknown to the turns after it', async () => {
  const { ports, engine } = await running();
  ports.command('R1', 'c1');
  await settled();
  // The next turn is being computed, and waits for a record, when the commit is refused.
  let goOn = (): void => {};
  ports.beforeRecords = () => new Promise((resolve) => (goOn = resolve));
  ports.command('R2', 'c2');
  await settled();
  ports.refuse();
  await settled();
  goOn();
  await settled();
  while (ports.commits.length > 0) {
    ports.accept();
    await settled();
  }
  expect([ports.count('R1'), ports.count('R2')]).toEqual([1, 1]);
  await engine.stop();
});

test('who delivered a message hears of it when its turn fails before it is handled', async () => {
  const { ports, engine } = await running();
  ports.beforeRecords = () => Promise.reject(new Error('no answer'));
  await expect(engine.deliver(toCounter('R1'))).rejects.toThrow();
  expect(ports.failures.map(({ message }) => message)).toEqual(['no answer']);
  await engine.stop();
});

test('a partition can be given up after a turn failed, and while it fails', async () => {
  const { ports, engine } = await running();
  let fail = (_: Error): void => {};
  ports.beforeRecords = () => new Promise((_, reject) => (fail = reject));
  ports.command('R1', 'c1');
  await settled();
  const given = engine.release(0);
  fail(new Error('no answer'));
  await given;
  expect(engine.owned).toEqual([]);
  await engine.stop();
});

test('a turn that cannot be committed ends the engine, which says so', async () => {
  const { ports, engine } = await running();
  ports.bucket.commit = () => Promise.reject(new Error('broken'));
  await expect(engine.deliver(toCounter('R1'))).rejects.toThrow();
  await settled();
  expect(ports.failures.map(({ message }) => message)).toEqual(['broken']);
  await engine.stop();
});

test('an actor that hears something and changes nothing is fenced too: another owner may have changed it', async () => {
  const ids = Array.from({ length: 20 }, (_, number) => `R${number}`);
  const [one, other] = [0, 1].map((partition) => ids.find((id) => partitionOf('return', id, 2) === partition) ?? '');
  const tells: ActorKind<number> = {
    ...counterActor,
    handle: (count = 0, { sender }) =>
      sender.kind === 'actor'
        ? { kind: 'ignored', reason: 'there is no such thing' }
        : {
            kind: 'applied',
            snapshot: count + 1,
            effects: [{ effect: 'send', entity: 'return', id: other ?? '', name: 'release', payload: {} }],
            revision: count + 1,
          },
  };
  const ports = new HandPorts();
  const options = { node: 'n1', run: 'r', partitions: 2, cache: { maxActors: 100, maxBytes: 1e6 } };
  const engine = new Engine(options, [tells as ActorKind], ports, ports.listener);
  engine.start();
  await engine.acquire([0, 1]);
  ports.command(one ?? '', 'c1');
  await settled();
  expect([...(ports.commits[0]?.commit.revisions.keys() ?? [])].sort()).toEqual([0, 1]);
  ports.accept();
  await engine.stop();
});
