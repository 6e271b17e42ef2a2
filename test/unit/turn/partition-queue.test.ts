import { describe, expect, test } from 'vitest';
import { PartitionQueue, QUEUE_BOUNDS } from '../../../supervisor/turn/partition-queue.ts';
import type { LogEntry } from '../../../supervisor/turn/ports.ts';

const BOUNDS = { maxEntries: 4, maxBytes: 1000 };

function queueOf(bounds = BOUNDS): PartitionQueue {
  return new PartitionQueue(0, { cursor: { commands: 0, sends: 0, batch: '', node: '' }, revision: 0 }, bounds);
}

/** Tells its name once there is room behind what it brings. */
function reader(log: LogEntry['log'], queue: PartitionQueue, resumed: string[]): (bytes?: number) => void {
  return (bytes = 1) => {
    const entry = { log, bytes: new Uint8Array(bytes) } as LogEntry;
    void queue.push({ kind: 'entry', entry })?.then(() => resumed.push(log));
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a queue that is full', () => {
  test('holds both logs of its partition, and lets both go on once half of it is taken', async () => {
    const queue = queueOf();
    const resumed: string[] = [];
    const [command, send] = [reader('commands', queue, resumed), reader('sends', queue, resumed)];
    for (let count = 0; count < 4; count++) command();
    send();
    expect(queue.take(3, 1000)).toHaveLength(3);
    await settled();
    expect(resumed).toEqual([]);
    expect(queue.take(9, 1000)).toHaveLength(2);
    await settled();
    expect(resumed).toEqual(['commands', 'sends']);
  });

  test('by its bytes, it holds too', async () => {
    const queue = queueOf();
    const resumed: string[] = [];
    reader('commands', queue, resumed)(2000);
    await settled();
    expect(resumed).toEqual([]);
    expect(queue.take(1, 1)).toHaveLength(1);
    await settled();
    expect(resumed).toEqual(['commands']);
  });

  test('that is closed lets both logs go on, to be stopped', async () => {
    const queue = queueOf({ maxEntries: 1, maxBytes: 1000 });
    const resumed: string[] = [];
    reader('commands', queue, resumed)();
    reader('sends', queue, resumed)();
    await queue.close(new Error('given up'));
    await settled();
    expect(resumed).toEqual(['commands', 'sends']);
    expect(queue.take(1, 1)).toEqual([]);
  });
});

test('a queue with room holds nobody', () => {
  const queue = queueOf(QUEUE_BOUNDS);
  expect(queue.push({ kind: 'entry', entry: { bytes: new Uint8Array(9) } as LogEntry })).toBeUndefined();
});
