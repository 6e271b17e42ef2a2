import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { threadId } from '../../../supervisor/node/thread-priority.ts';
import { startMeasuredNode } from '../../fixture/measured-node.ts';
import { useSystem } from '../nats/nats-fixture.ts';

const system = useSystem();

/** Of each thread of a process: Linux tells it as the 19th field of its status, the 17th behind the name. */
function nicenesses(pid: number): number[] {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.map((thread) => {
    const status = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    return Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[16]);
  });
}

test('every thread of a node gives way to the one that answers queries, where threads have a niceness', async () => {
  const isLinux = process.platform === 'linux';
  expect(threadId() !== undefined).toBe(isLinux);
  const node = await startMeasuredNode(system.server, 'main');
  try {
    await node.ready;
    if (!isLinux) return;
    const own = nicenesses(process.pid)[0] ?? 0;
    const [first, ...others] = nicenesses(node.pid).sort((a, b) => a - b);
    expect(first).toBe(own);
    expect(others.length).toBeGreaterThan(1);
    for (const other of others) expect(other).toBeGreaterThan(own);
  } finally {
    await node.stop();
  }
});
