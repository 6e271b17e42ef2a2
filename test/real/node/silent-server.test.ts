import { expect, test } from 'vitest';
import { withServer } from '../../fixture/real-server.ts';
import { NodeProcess } from '../spine/node-process.ts';

test('a node whose server stands still stops when it is asked to', () =>
  withServer(async (server) => {
    const node = await NodeProcess.start(server, 'left-alone');
    await node.ready();
    process.kill(server.pid, 'SIGSTOP');
    node.signal('SIGTERM');
    expect(await node.exit()).toBe(0);
  }));
