import { pino } from 'pino';
import { expect, test } from 'vitest';
import { PlacedParts } from '../../../supervisor/node/placed-parts.ts';
import { Supervisor } from '../../../supervisor/node/supervise.ts';
import { eventually } from '../../fixture/eventually.ts';

function placedOn(node: string) {
  const running = new Set<string>();
  let letStart = (): void => undefined;
  const slow = new Promise<void>((resolve) => {
    letStart = resolve;
  });
  const supervisor = new Supervisor({
    now: () => 0,
    random: () => 0,
    after: () => () => undefined,
    log: pino({ level: 'silent' }),
    escalate: () => undefined,
  });
  let letStop = (): void => undefined;
  const busy = new Promise<void>((resolve) => {
    letStop = resolve;
  });
  const idle = Promise.resolve();
  const part = (name: string, started: Promise<void>, stopped = idle) => {
    return async () => {
      await started;
      running.add(name);
      return { stop: () => stopped.then(() => void running.delete(name)) };
    };
  };
  const parts = new PlacedParts(node, supervisor, [
    { name: 'report', start: part('report', slow), essential: false },
    { name: 'account-busy', start: part('account-busy', idle, busy) },
    { name: 'account-main', start: part('account-main', idle) },
  ]);
  return { parts, running, letStart, letStop };
}

test('a part that the node can do without holds up no other, and is waited for by whoever asks', async () => {
  const { parts, running, letStart, letStop } = placedOn('node-1');
  letStop();
  parts.viewChanged(['node-1']);
  await eventually(() => running.has('account-main'), { what: 'the account is held' });
  expect(running.has('report')).toBe(false);
  letStart();
  await parts.settled();
  expect([...running].sort()).toEqual(['account-busy', 'account-main', 'report']);
  await parts.stop();
  expect([...running]).toEqual([]);
});

test('parts leave a node that placement takes them from', async () => {
  const { parts, running, letStart, letStop } = placedOn('node-1');
  letStart();
  letStop();
  parts.viewChanged(['node-1']);
  await parts.settled();
  parts.viewChanged(['node-2']);
  await parts.settled();
  expect([...running]).toEqual([]);
});

test('a part that takes long to stop keeps no other from stopping', async () => {
  const { parts, running, letStart, letStop } = placedOn('node-1');
  letStart();
  parts.viewChanged(['node-1']);
  await parts.settled();
  const stopped = parts.stop();
  await eventually(() => running.size === 1, { what: 'the others have stopped' });
  expect([...running]).toEqual(['account-busy']);
  letStop();
  await stopped;
  expect([...running]).toEqual([]);
});
