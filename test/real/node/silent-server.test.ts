import { expect, test } from 'vitest';
import { eventually } from '../../fixture/eventually.ts';
import { withServer } from '../../fixture/real-server.ts';
import { NodeProcess } from '../spine/node-process.ts';

const WITHIN_MS = 30_000;

test('a node whose server stands still stops when it is asked to', () =>
  withServer(async (server) => {
    const node = await NodeProcess.start(server, 'left-alone');
    await node.ready();
    process.kill(server.pid, 'SIGSTOP');
    node.signal('SIGTERM');
    await eventually(() => !node.running, { what: 'it has ended', withinMs: WITHIN_MS });
    expect(await node.exit()).toBe(0);
  }));
