import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { describe, expect, test } from 'vitest';
import { type EmbeddedServerOptions, startNatsServer } from '../../supervisor/embedded/nats-server.ts';
import { obtainNatsServer } from '../../supervisor/embedded/obtain-nats-server.ts';
import { eventually } from '../fixture/eventually.ts';
import { withServer } from '../fixture/real-server.ts';

async function connected<T>(url: string, use: (connection: NatsConnection) => Promise<T>): Promise<T> {
  const connection = await connect({ servers: url, reconnect: false });
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tillwire-embedded-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const logOf = (storeDir: string): string => readFileSync(join(storeDir, 'nats-server.log'), 'utf8');
const monitored = async (url: string): Promise<unknown> => (await fetch(url)).json();
const here = { port: 0, syncInterval: 'always' } as const;
const installed = async (): Promise<string> => (await obtainNatsServer(() => {})).binary;

describe('an embedded server', () => {
  test('serves JetStream that syncs every write, on the loopback only', () =>
    withServer(async ({ monitorUrl, url }) => {
      // The disk is the bound: by itself the server would refuse writes long before, and say that it is well.
      const config = { sync_always: true, max_storage: 2 ** 50 };
      expect(await monitored(`${monitorUrl}/jsz?config=1`)).toMatchObject({ config });
      const limits = { host: '127.0.0.1', max_payload: 8 * 1024 * 1024, ping_interval: 2e9, ping_max: 2 };
      expect(await monitored(`${monitorUrl}/varz`)).toMatchObject(limits);
      expect(await connected(url, async (connection) => connection.info?.jetstream)).toBe(true);
    }));

  test('killed with -9 and started again, it serves the same data on the same port', () =>
    withServer(async (server) => {
      await connected(server.url, async (connection) => {
        await (await jetstreamManager(connection)).streams.add({ name: 'KEPT', subjects: ['kept.*'] });
        await jetstream(connection).publish('kept.1', 'still here');
      });
      const first = server.pid;
      await server.kill();
      await server.restart();
      expect(server.pid).not.toBe(first);
      await connected(server.url, async (connection) => {
        const manager = await jetstreamManager(connection);
        expect((await manager.streams.getMessage('KEPT', { last_by_subj: 'kept.1' }))?.string()).toBe('still here');
      });
    }));

  test('stops in order, and tells how it ended', () =>
    withFolder(async (storeDir) => {
      const server = await startNatsServer({ binary: await installed(), storeDir, ...here });
      expect(await server.stop()).toEqual(await server.exited);
      expect(logOf(storeDir)).toMatch(/Server is ready[\s\S]*Server Exiting/);
    }));

  test('that can not have its port says so first, then the end of its log', () =>
    withServer(({ port }) =>
      withFolder(async (storeDir) => {
        const start = startNatsServer({ binary: await installed(), storeDir, ...here, port });
        await expect(start).rejects.toThrow(/does not serve: [^\n]*address already in use"\nthe end of /);
      }),
    ));

  test('a folder that can not be made is named, and that it can not be written', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'file');
      await writeFile(file, '');
      const start = startNatsServer({ binary: await installed(), storeDir: join(file, 'data'), ...here });
      await expect(start).rejects.toThrow(`${join(file, 'data')} can't be written: `);
    }));

  test('without room on its disk it is not started: what it has in part it could not complete', () =>
    withFolder(async (storeDir) => {
      const start = startNatsServer({ binary: await installed(), storeDir, ...here, leastRoomBytes: 2 ** 60 });
      await expect(start).rejects.toThrow(
        /^the disk of .* has \d+ MB left and nats-server needs \d+: free space first$/,
      );
      expect(() => logOf(storeDir)).toThrow('ENOENT');
    }));

  test('a binary that does not start is an error, not a crash', () =>
    withFolder(async (storeDir) => {
      const start = startNatsServer({ binary: join(storeDir, 'nothing'), storeDir, ...here });
      await expect(start).rejects.toThrow(/ENOENT/);
    }));
});

describe('a store folder', () => {
  test('is not given to a second server while the first one serves', () =>
    withServer(async ({ storeDir, pid }) => {
      const second = startNatsServer({ binary: await installed(), storeDir, ...here });
      await expect(second).rejects.toThrow(new RegExp(`in use by process ${process.pid} and its nats-server ${pid}`));
    }));

  test('is one folder by every path to it, a link included', () =>
    withServer(({ storeDir, pid }) =>
      withFolder(async (folder) => {
        const link = join(folder, 'link');
        await symlink(storeDir, link);
        const second = startNatsServer({ binary: await installed(), storeDir: link, ...here });
        await expect(second).rejects.toThrow(`in use by process ${process.pid} and its nats-server ${pid}`);
      }),
    ));

  test('is given to one of several that start at once', () =>
    withFolder(async (storeDir) => {
      const binary = await installed();
      const starts = [1, 2, 3].map(() => startNatsServer({ binary, storeDir, ...here }));
      const results = await Promise.allSettled(starts);
      const served = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      await Promise.all(served.map((server) => server.kill()));
      expect(served).toHaveLength(1);
      const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.message] : []));
      expect(reasons).toEqual([1, 2].map(() => expect.stringMatching(/^\S+ is in use by /)));
    }));

  test.each(['the folder', 'a link'])(
    'is taken over, by %s, from the server of an owner that was killed with -9',
    (path) =>
      withOrphan(async (options, orphan) => {
        const link = `${options.storeDir}-link`;
        await symlink(options.storeDir, link);
        const server = await startNatsServer({ ...options, storeDir: path === 'a link' ? link : options.storeDir });
        await rm(link);
        try {
          expect(server.pid).not.toBe(orphan);
          expect(logOf(options.storeDir)).toMatch(/Server Exiting[\s\S]*Server is ready/);
        } finally {
          await server.kill();
        }
      }),
  );

  test('is not given to a second server though nobody knows any more which one runs', () =>
    withOrphan(async (options, orphan) => {
      await rm(join(options.storeDir, 'owner.json'));
      try {
        await expect(startNatsServer(options)).rejects.toThrow(`${options.storeDir} is in use by another process: `);
      } finally {
        process.kill(orphan, 'SIGKILL');
      }
      const freed = () => startNatsServer(options).catch(() => undefined);
      const server = await eventually(freed, { what: 'the folder is free', withinMs: 20_000 });
      await server.kill();
    }));
});

/** With a server whose owner was killed with -9. */
async function withOrphan(use: (options: EmbeddedServerOptions, orphan: number) => Promise<void>): Promise<void> {
  await withFolder(async (storeDir) => {
    const options = { binary: await installed(), storeDir, ...here };
    const program = `
      import { startNatsServer } from ${JSON.stringify(new URL('../../supervisor/embedded/nats-server.ts', import.meta.url).href)};
      const { pid } = await startNatsServer(${JSON.stringify(options)});
      console.log(pid);`;
    const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program]);
    let said = '';
    owner.stdout.on('data', (bytes) => {
      said += bytes;
    });
    const orphan = Number(
      await eventually(() => /^\d+\n/.exec(said)?.[0], { what: 'its server runs', withinMs: 20_000 }),
    );
    owner.kill('SIGKILL');
    await eventually(() => owner.signalCode !== null, { what: 'the owner is dead' });
    await use(options, orphan);
  });
}
