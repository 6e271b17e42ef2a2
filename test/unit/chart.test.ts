import { expect, test } from 'vitest';
import { createReturn } from '../../actors/return/return.ts';
import type { Message } from '../../protocols/actor.ts';
import { DEFAULT_RETURNS } from '../../supervisor/node/returns-config.ts';

const returnActor = createReturn(DEFAULT_RETURNS);
type Snapshot = ReturnType<typeof returnActor.load>;

const command = (name: string, id: string, payload: object, hash = 'h'): Message => ({
  entity: 'return',
  id: 'R1',
  name,
  payload,
  sender: { kind: 'command', command: { id, origin: 'ops-anna', name, encoding: 'json', hash } },
  at: 0,
});

const REQUEST = command('request', 'c2', { order: 'A1', lines: [{ line: '1', quantity: 1 }], by: 'mail' });

function applied(step: ReturnType<typeof returnActor.handle>): Snapshot {
  if (step.kind !== 'applied') throw new Error(JSON.stringify(step));
  return step.snapshot;
}

const sizeOf = (snapshot: Snapshot): number =>
  returnActor.parts(snapshot as NonNullable<Snapshot>, undefined).reduce((sum, { bytes }) => sum + bytes.length, 0);

/** As after a passivation. */
function stored(snapshot: Snapshot): Snapshot {
  return snapshot && returnActor.load(returnActor.parts(snapshot, undefined));
}

test('no number of commands that are refused pushes out one that was applied, nor lets the record grow', () => {
  let snapshot = stored(applied(returnActor.handle(undefined, REQUEST)));
  let size = 0;
  for (let number = 0; number < 1500; number++) {
    const stranger = returnActor.handle(snapshot, command('hand-back', `x${number}`, { lines: [] }));
    expect(stranger.kind).toBe('refused');
    if ('snapshot' in stranger && stranger.snapshot) snapshot = stranger.snapshot;
    if (number === 700) size = sizeOf(snapshot);
  }
  expect(returnActor.handle(stored(snapshot), REQUEST)).toMatchObject({ kind: 'ignored' });
  expect(returnActor.handle(stored(snapshot), command('hand-back', 'x1499', { lines: [] }))).toMatchObject({
    kind: 'ignored',
  });
  expect(sizeOf(snapshot)).toBeLessThanOrEqual(size + 1000);
});

test('no number of requests that the order refuses lets the record grow', () => {
  const sender = { kind: 'actor', entity: 'order', id: 'A1' } as const;
  const payload = { code: 'exceeds-handed-over', reason: 'line 1: 1 of 0' };
  let snapshot: Snapshot;
  const sizeAfter = (from: number, to: number): number => {
    for (let number = from; number < to; number++) {
      const asked = applied(returnActor.handle(snapshot, command('request', `r${number}`, REQUEST.payload as object)));
      snapshot = applied(returnActor.handle(asked, { ...REQUEST, name: 'declare-refused', payload, sender }));
    }
    return sizeOf(snapshot);
  };
  const size = sizeAfter(0, 600);
  expect(sizeAfter(600, 1200)).toBeLessThanOrEqual(size + 1000);
  expect(returnActor.handle(stored(snapshot), command('request', 'r1199', {}))).toMatchObject({ kind: 'ignored' });
});

test('nor does any number of goods at the counter that it refuses; what was applied is still known', () => {
  const sender = { kind: 'actor', entity: 'order', id: 'A1' } as const;
  const fromOrder = (name: string, payload: object): Message => ({ ...REQUEST, name, payload, sender });
  const agrees = fromOrder('declared', { lines: [{ line: '1', sku: 'sku-1', store: 'store-a', quantity: 1 }] });
  const refuses = fromOrder('declare-refused', { code: 'unknown-line', reason: 'the order has no line 9' });
  const goods = (number: number, quantity = 1) =>
    command('receive', `r${number}`, { lines: [{ line: '9', quantity }] }, `${quantity}`);
  let snapshot = applied(returnActor.handle(applied(returnActor.handle(undefined, REQUEST)), agrees));
  const sizeAfter = (from: number, to: number): number => {
    for (let number = from; number < to; number++) {
      snapshot = applied(returnActor.handle(applied(returnActor.handle(snapshot, goods(number))), refuses));
    }
    return sizeOf(snapshot);
  };
  const size = sizeAfter(0, 600);
  expect(sizeAfter(600, 1200)).toBeLessThanOrEqual(size + 1000);
  expect(returnActor.handle(stored(snapshot), goods(1199))).toMatchObject({ kind: 'ignored' });
  expect(returnActor.handle(stored(snapshot), goods(1199, 2))).toMatchObject({
    refusal: { code: 'command-id-reused' },
  });
  expect(returnActor.handle(stored(snapshot), REQUEST)).toMatchObject({ kind: 'ignored' });
});

test('a command that was refused before its entity was there is not applied when it comes again', () => {
  const early = returnActor.handle(undefined, command('cancel', 'c1', {}));
  expect(early).toMatchObject({ kind: 'refused', refusal: { code: 'unknown-return' }, revision: 0 });
  const absent = stored('snapshot' in early ? early.snapshot : undefined);
  const requested = returnActor.handle(absent, REQUEST);
  expect(requested).toMatchObject({ kind: 'applied', revision: 0, deferred: true });
  const there = stored('snapshot' in requested ? requested.snapshot : undefined);
  expect(returnActor.handle(there, command('cancel', 'c1', {}))).toMatchObject({ kind: 'ignored' });
  expect(returnActor.handle(there, REQUEST)).toMatchObject({ kind: 'ignored' });
  const reused = returnActor.handle(there, command('cancel', 'c1', {}, 'other'));
  expect(reused).toMatchObject({ kind: 'refused', refusal: { code: 'command-id-reused' } });
});

test('a command that was remembered by its bytes is known by them', () => {
  const before = stored(applied(returnActor.handle(undefined, REQUEST)));
  const { payload, sender } = command('request', 'c2', REQUEST.payload as object, 'of its content');
  const again = (bytesHash: string) =>
    returnActor.handle(before, { ...REQUEST, payload, sender: { ...sender, bytesHash } as Message['sender'] });
  expect(again('h').kind).toBe('ignored');
  expect(again('other')).toMatchObject({ kind: 'refused', refusal: { code: 'command-id-reused' } });
});
