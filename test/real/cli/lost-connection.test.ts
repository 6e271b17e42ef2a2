import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTerminal } from '../../../supervisor/cli/open-terminal.ts';
import { type Connection, openConnection } from '../../../supervisor/nats/connection.ts';
import { queryPages } from '../../../supervisor/nats/query-pages.ts';
import { type RealServer, startRealServer } from '../../fixture/real-server.ts';
import { type DeafProxy, startDeafProxy } from '../nats/deaf-proxy.ts';

const PAGES = 3;
const SUBJECT = 'query.gateway.main.journal';

describe('a query whose connection is lost', () => {
  let server: RealServer;
  let line: DeafProxy;
  let node: Connection;
  let asked: number[];
  /** How often the line breaks when the second page is asked for. */
  let cuts: number;

  beforeAll(async () => {
    server = await startRealServer();
    line = await startDeafProxy(server.port);
    node = await openConnection({ servers: server.url, name: 'node' });
    node.nats.subscribe(SUBJECT, {
      callback: (_, message) => {
        const { after } = message.json<{ after: number }>();
        asked.push(after);
        if (after === 1 && cuts-- > 0) return line.cut();
        message.respond(JSON.stringify({ page: after, ...(after + 1 < PAGES && { next: after + 1 }) }));
      },
    });
    await node.nats.flush();
  });
  beforeEach(() => {
    asked = [];
  });
  afterAll(async () => {
    line?.close();
    await node?.drain();
    await server?.remove();
  });

  async function readAll(): Promise<number[]> {
    const terminal = await openTerminal(line.url);
    try {
      const read: number[] = [];
      for await (const { page } of queryPages<{ page: number }>(terminal, SUBJECT)) read.push(page);
      return read;
    } finally {
      await terminal.close();
    }
  }

  test('is asked once more when there is one again: no page is missing', async () => {
    cuts = 1;
    expect(await readAll()).toEqual([0, 1, 2]);
    expect(asked).toEqual([0, 1, 1, 2]);
  });

  test('is not asked for ever', async () => {
    cuts = 2;
    await expect(readAll()).rejects.toThrow(`${SUBJECT} is not answered (the connection was lost): is a node running?`);
    expect(asked).toEqual([0, 1, 1]);
  });

  test('waits for the next one if it was lost before', async () => {
    cuts = 0;
    const terminal = await openTerminal(line.url);
    const lost = new Promise<void>((resolve) => terminal.onDisconnect(resolve));
    line.cut();
    await lost;
    expect(await terminal.query(SUBJECT, { after: 2 })).toEqual({ page: 2 });
    await terminal.close();
  });
});
