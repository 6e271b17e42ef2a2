import { describe, expect, test } from 'vitest';
import type { ActorKind, Message } from '../../../protocols/actor.ts';
import { decode, encode } from '../../../protocols/codec.ts';
import { partitionOf } from '../../../protocols/partition.ts';
import { Engine } from '../../../supervisor/turn/engine.ts';
import { eventually } from '../../fixture/eventually.ts';
import { counterActor } from './counter-actor.ts';
import { HandPorts, NOW } from './hand-ports.ts';

/** All that can happen without an answer of a port has happened. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function running(kind: ActorKind<number> = counterActor): Promise<{ ports: HandPorts; engine: Engine }> {
  const ports = new HandPorts();
  const options = { node: 'n1', run: 'r', partitions: 1, cache: { maxActors: 100, maxBytes: 1e6 } };
  const engine = new Engine(options, [kind as ActorKind], ports, ports.listener);
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

test('a partition whose log can not be read is given up before that is told, and goes on where it was once taken again', async () => {
  const { ports, engine } = await running();
  ports.failLog(new Error('no consumer'));
  await settled();
  expect([ports.unreadable, engine.owned]).toEqual([[0], []]);
  ports.command('R1', 'c1');
  await engine.acquire([0]);
  await settled();
  ports.accept();
  expect(ports.count('R1')).toBe(1);
  await engine.stop();
});

test('a message whose handling throws is kept with its trace', async () => {
  const throwing: ActorKind<number> = {
    ...counterActor,
    handle: () => {
      throw new Error('a defect');
    },
  };
  const { ports, engine } = await running(throwing);
  const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const delivered = engine.deliver({ ...toCounter('R1'), trace });
  await settled();
  const letter = ports.commits[0]?.commit.messages.find(({ key }) => key.includes('.dead.return.R1.'));
  expect(letter?.headers).toMatchObject({ traceparent: trace });
  ports.accept();
  await delivered;
  await engine.stop();
});

test('an actor hears when its message was stored, and when it is handled', async () => {
  const heard: Message[] = [];
  const handle: typeof counterActor.handle = (count, message) => {
    heard.push(message);
    return counterActor.handle(count, message);
  };
  const { ports, engine } = await running({ ...counterActor, handle });
  ports.command('R1', 'c1');
  await settled();
  expect(heard).toMatchObject([{ at: 0, handledAt: NOW }]);
  ports.accept();
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

test('a turn that a refused commit made void tells sourcing nothing of its stores', async () => {
  const tells: ActorKind<number> = {
    ...counterActor,
    entity: 'store',
    handle: (count = 0) => ({
      kind: 'applied',
      snapshot: count + 1,
      effects: [{ effect: 'event', name: 'said', payload: {} }],
      revision: count + 1,
    }),
  };
  const { ports, engine } = await running(tells);
  const told: string[] = [];
  ports.sourcing.observe = (store) => told.push(store);
  ports.sourcing.forget = () => told.push('forget');
  const open = (store: string) => {
    const bytes = encode({ name: store, ownership: 'company', country: 'FR' }, 'json');
    ports.entry({ subject: `cmd.0.store.${store}.open.ops-hq`, bytes, messageId: store });
  };
  open('store-a');
  await settled();
  let goOn = (): void => {};
  ports.beforeRecords = () => new Promise((resolve) => (goOn = resolve));
  open('store-b');
  await settled();
  ports.refuse();
  await settled();
  goOn();
  await settled();
  expect(told).toEqual(['store-a', 'forget', 'store-a', 'store-b']);
  ports.accept();
  await engine.stop();
});

test('who delivered a message hears of it when its turn fails before it is handled', async () => {
  const { ports, engine } = await running();
  ports.beforeRecords = () => Promise.reject(new Error('no answer'));
  await expect(engine.deliver(toCounter('R1'))).rejects.toThrow('no answer');
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
  await expect(engine.deliver(toCounter('R1'))).rejects.toThrow('broken');
  await settled();
  expect(ports.failures.map(({ message }) => message)).toEqual(['broken']);
  await engine.stop();
});

describe('an entry that no commit can hold', () => {
  /** Accepts what holds nothing of `R13`. */
  function poisoned(ports: HandPorts): void {
    ports.bucket.commit = async ({ messages }) => {
      if (messages.some(({ key }) => key === 'return.R13'))
        return { kind: 'unstorable', error: new Error('too large') };
      for (const { key, bytes } of messages) ports.stored.set(key, bytes);
      ports.revision++;
      return { kind: 'committed', revisions: new Map([[0, ports.revision]]) };
    };
  }

  const letters = (ports: HandPorts): string[] => [...ports.stored.keys()].filter((key) => key.includes('.dead.'));

  test('is a dead letter with an outcome, and those around it are handled', async () => {
    const { ports, engine } = await running();
    poisoned(ports);
    for (let number = 0; number < 40; number++) ports.command(`R${number}`, `c${number}`);
    await eventually(() => ports.count('R39') === 1, { what: 'the last one is handled' });
    const counts = Array.from({ length: 40 }, (_, number) => ports.count(`R${number}`));
    expect(counts).toEqual(counts.map((_, number) => (number === 13 ? 0 : 1)));
    expect(letters(ports)).toEqual([expect.stringMatching(/\.return\.R13\.cancel$/)]);
    const outcomes = [...ports.stored].filter(([key]) => key.includes('.out.ops-test.return.R13.'));
    expect(outcomes.map(([, bytes]) => decode(bytes, 'json'))).toMatchObject([{ code: 'internal-error' }]);
    expect(ports.failures).toEqual([]);
    await engine.stop();
  });

  test('is one also where a part of the node delivered it: who did is told that it is done', async () => {
    const { ports, engine } = await running();
    poisoned(ports);
    // The source delivers again what was not done.
    const delivered = async (): Promise<true> => {
      await engine.deliver(toCounter('R13'));
      return true;
    };
    await expect(delivered()).rejects.toThrow('too large');
    await eventually(delivered, { what: 'it is done' });
    expect([letters(ports).length, ports.count('R13')]).toEqual([1, 0]);
    await engine.stop();
  });

  test('may also say too much, or what can not be encoded', async () => {
    const odd: ActorKind<number> = {
      ...counterActor,
      handle: (count = 0, { id }) => ({
        kind: 'applied',
        snapshot: id === 'R5' ? Number.NaN : count + 1,
        effects: Array.from({ length: id === 'R3' ? 1200 : 1 }, () => ({ effect: 'event', name: 'said', payload: {} })),
        revision: 1,
      }),
      parts: (count, before) => {
        if (Number.isNaN(count)) throw new Error('not a number');
        return counterActor.parts(count, before);
      },
    };
    const { ports, engine } = await running(odd);
    poisoned(ports);
    for (let number = 0; number < 10; number++) ports.command(`R${number}`, `c${number}`);
    await eventually(() => ports.count('R9') === 1, { what: 'the last one is handled' });
    expect(letters(ports).map((key) => key.split('.').at(-2))).toEqual(['R3', 'R5']);
    await engine.stop();
  });

  test('ends the engine where not even its letter can be stored', async () => {
    const { ports, engine } = await running();
    ports.bucket.commit = async () => ({ kind: 'unstorable', error: new Error('no room for anything') });
    ports.command('R1', 'c1');
    await eventually(() => ports.failures.length > 0, { what: 'it ends' });
    expect(ports.failures.map(({ message }) => message)).toEqual(['no room for anything']);
    await engine.stop();
  });
});

test('what an actor says to hundreds is handled as far as a commit has room, and the rest is stored for later turns', async () => {
  const RECEIVERS = 700;
  const tells: ActorKind<number> = {
    ...counterActor,
    handle: (count = 0, { sender }) => ({
      kind: 'applied',
      snapshot: count + 1,
      effects:
        sender.kind === 'actor'
          ? Array.from({ length: 3 }, () => ({ effect: 'event', name: 'heard', payload: {} }))
          : Array.from({ length: RECEIVERS }, (_, to) => {
              return { effect: 'send', entity: 'return', id: `R${to + 2}`, name: 'release', payload: {} };
            }),
      revision: count + 1,
    }),
  };
  const { ports, engine } = await running(tells);
  ports.command('R1', 'c1');
  await eventually(() => ports.commits.length > 0, { what: 'it is to be committed' });
  const { messages = [] } = ports.commits[0]?.commit ?? {};
  expect(messages.length).toBeLessThan(1000);
  const named = (kind: string) => messages.filter(({ key }) => key.startsWith(kind)).map(({ key }) => key);
  const handled = named('return.').map((key) => key.split('.')[1]);
  const stored = named('send.').map((key) => key.split('.')[3]);
  expect(handled.length).toBeGreaterThan(1);
  const receivers = Array.from({ length: RECEIVERS + 1 }, (_, number) => `R${number + 1}`);
  expect([...handled, ...stored].sort()).toEqual(receivers.sort());
  expect(named('live.').filter((key) => key.includes('.dead.'))).toEqual([]);
  ports.accept();
  await engine.stop();
});

test('two messages of one actor to another keep their order where the turn has no room for the second', async () => {
  const send = (id: string, name: string) => ({ effect: 'send', entity: 'return', id, name, payload: {} }) as const;
  const heard: string[] = [];
  const tells: ActorKind<number> = {
    ...counterActor,
    handle: (count = 0, { id, name, sender }) => {
      if (id === 'R2') heard.push(name);
      const first = sender.kind === 'command' ? [send('R1', 'release'), send('R2', 'first')] : [];
      const many = Array.from({ length: 900 }, (_, number) => send(`R${number + 3}`, 'release'));
      const effects = id === 'R1' && sender.kind === 'actor' ? [...many, send('R2', 'second')] : first;
      return { kind: 'applied', snapshot: count + 1, effects, revision: count + 1 };
    },
  };
  const { ports, engine } = await running(tells);
  ports.command('R1', 'c1');
  await eventually(() => ports.commits.length > 0, { what: 'it is to be committed' });
  const { messages = [] } = ports.commits[0]?.commit ?? {};
  const stored = messages.flatMap(({ key }) => (key.startsWith('send.0.return.R2.') ? [key.split('.')[4]] : []));
  expect([...heard, ...stored]).toEqual(['first', 'second']);
  ports.accept();
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
