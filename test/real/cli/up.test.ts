import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { OrderView } from '../../../protocols/views.ts';
import { obtainNatsServer } from '../../../supervisor/embedded/obtain-nats-server.ts';
import { eventually } from '../../fixture/eventually.ts';
import { withServer } from '../../fixture/real-server.ts';
import { writeServerShortOfRoom } from '../../fixture/short-of-room.ts';
import { ForeignTerminal } from './foreign-terminal.ts';
import { lanterns, openStore } from './orders.ts';
import { TillwireProcess, tillwire } from './tillwire-process.ts';

const STOPS_WITHIN_MS = 10_000;
/** Less than a drain may take. */
const ENDS_WITHIN_MS = 5_000;

let data: string;
const started: TillwireProcess[] = [];

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'tillwire-test-'));
});

afterEach(async () => {
  for (const running of started.splice(0)) await running.end();
  vi.unstubAllEnvs();
  await rm(data, { recursive: true, force: true });
});

function up(...args: string[]): TillwireProcess {
  const running = new TillwireProcess('up', '--port', '0', '--data', data, '--log-level', 'warn', ...args);
  started.push(running);
  return running;
}

async function withTerminal<Result>(url: string, use: (terminal: ForeignTerminal) => Promise<Result>): Promise<Result> {
  const terminal = await ForeignTerminal.open(url);
  try {
    return await use(terminal);
  } finally {
    await terminal.close();
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const placeAndReadBack = (url: string, order: string): Promise<OrderView | undefined> =>
  withTerminal(url, async (terminal) => {
    await terminal.ask(`in.channel-web.order.${order}.place`, lanterns('store-lyon'));
    return terminal.query<OrderView>(`query.order.${order}`);
  });

describe('tillwire up', () => {
  test('SIGTERM drains it: exit 0 in time, nothing left running, and the next start finds the order', async () => {
    const first = up();
    const { nats, nodes } = await first.ready();
    await withTerminal(nats, (terminal) => openStore(terminal, 'store-lyon'));
    const before = await placeAndReadBack(nats, 'A1');
    const asked = performance.now();
    first.signal('SIGTERM');
    expect(await first.exit()).toBe(0);
    expect(performance.now() - asked).toBeLessThan(STOPS_WITHIN_MS);
    expect(nodes.filter(isRunning)).toEqual([]);

    const { nats: again } = await up().ready();
    const after = await withTerminal(again, (terminal) => terminal.query<OrderView>('query.order.A1'));
    expect(before?.order).toBe('A1');
    expect(after).toEqual(before);
  });

  test('SIGHUP, as of a terminal that is closed, drains it too: its nats-server does not stay behind', async () => {
    const running = up();
    const { nodes } = await running.ready();
    const { server } = JSON.parse(await readFile(join(data, 'owner.json'), 'utf8'));
    expect([server, ...nodes].filter(isRunning)).toEqual([server, ...nodes]);
    for (const signal of ['SIGHUP', 'SIGHUP'] as const) running.signal(signal);
    expect(await running.exit()).toBe(0);
    expect([server, ...nodes].filter(isRunning)).toEqual([]);
  });

  test('a second signal ends it at once, with all that it runs', async () => {
    const running = up();
    const { nodes } = await running.ready();
    const { server } = JSON.parse(await readFile(join(data, 'owner.json'), 'utf8'));
    // In order it would end late.
    for (const pid of nodes) process.kill(pid, 'SIGSTOP');
    expect(await running.interrupt(ENDS_WITHIN_MS)).toBe(130);
    expect([server, ...nodes].filter(isRunning)).toEqual([]);
  });

  test('one that is stopped before it serves says so, and starts no server', async () => {
    const { binary } = await obtainNatsServer(() => {});
    const [slow, asked, go] = ['slow-nats-server', 'asked', 'go'].map((name) => join(data, name));
    const wait = `touch "${asked}"; while [ ! -e "${go}" ]; do sleep 0.05; done`;
    await writeFile(slow ?? '', `#!/bin/sh\n${wait}\nexec "${binary}" "$@"\n`, { mode: 0o755 });
    vi.stubEnv('NATS_SERVER', slow);
    const running = up('--log-level', 'info');
    await eventually(async () => (await readdir(data)).includes('asked'), { what: 'it looks for a server' });
    running.signal('SIGTERM');
    await writeFile(go ?? '', '');
    expect(await running.exit()).toBe(0);
    expect(running.stderr).toContain('stopped (SIGTERM) before it served');
    expect(await readdir(data)).toEqual(['asked', 'go', 'slow-nats-server']);
  });

  test('one that is stopped while its server starts ends at once, and the server with it', async () => {
    const { binary } = await obtainNatsServer(() => {});
    const slow = join(data, 'slow-nats-server');
    // Of a large store, one is as silent for long.
    const start = `[ "$1" = -c ] && exec tail -f /dev/null\nexec "${binary}" "$@"`;
    await writeFile(slow, `#!/bin/sh\n${start}\n`, { mode: 0o755 });
    vi.stubEnv('NATS_SERVER', slow);
    const running = up('--log-level', 'info');
    const owner = () => readFile(join(data, 'owner.json'), 'utf8').then(JSON.parse);
    const { server } = await eventually(owner, { what: 'its server starts' });
    const asked = performance.now();
    running.signal('SIGTERM');
    expect(await running.exit()).toBe(0);
    expect(performance.now() - asked).toBeLessThan(STOPS_WITHIN_MS);
    expect(running.stderr).toContain('stopped (SIGTERM) before it served');
    expect(isRunning(server)).toBe(false);
  });

  test('a node that is killed comes back, and goes on with what was sent meanwhile', async () => {
    const { nats, nodes } = await up().ready();
    expect(nodes).toHaveLength(1);
    await withTerminal(nats, (terminal) => openStore(terminal, 'store-lyon'));
    process.kill(nodes[0] ?? 0, 'SIGKILL');
    expect(await placeAndReadBack(nats, 'A2')).toMatchObject({ order: 'A2', state: 'fulfilling' });
  });

  test('a server that is killed comes back on its port, with what it had', async () => {
    const { nats } = await up().ready();
    await withTerminal(nats, (terminal) => openStore(terminal, 'store-lyon'));
    await placeAndReadBack(nats, 'A4');
    const { server } = JSON.parse(await readFile(join(data, 'owner.json'), 'utf8'));
    process.kill(server, 'SIGKILL');
    const view = await eventually(() => withTerminal(nats, (terminal) => terminal.query<OrderView>('query.order.A4')), {
      what: 'the order is found again',
      withinMs: 20_000,
    });
    expect(view).toMatchObject({ order: 'A4' });
    expect(await placeAndReadBack(nats, 'A5')).toMatchObject({ order: 'A5' });
  });

  test('a server that could not write is started again once there is room, and says what was wrong', async () => {
    vi.stubEnv('NATS_SERVER', await writeServerShortOfRoom(data));
    const running = up('--log-level', 'info');
    const { nats } = await running.ready();
    await withTerminal(nats, async (terminal) => {
      await openStore(terminal, 'store-lyon');
      const large = { note: 'x'.repeat(60_000) };
      for (let sent = 0; sent < 4; sent++) terminal.send('in.channel-web.order.A7.place', large).catch(() => undefined);
      await eventually(() => running.stderr.includes('nats-server serves again'), {
        what: 'the server is started again',
        withinMs: 20_000,
      });
    });
    expect(running.stderr).toMatch(/nats-server can't go on: [^"]*write error[^"]*file too large/);
    expect(await placeAndReadBack(nats, 'A8')).toMatchObject({ order: 'A8' });
  });

  test('joins a server that is there, and leaves it running', async () => {
    await withServer(async (server) => {
      const joined = new TillwireProcess('up', '--nats', server.url, '--monitor', server.monitorUrl);
      started.push(joined);
      const { nats } = await joined.ready();
      expect(nats).toBe(server.url);
      await withTerminal(nats, (terminal) => openStore(terminal, 'store-lyon'));
      const period = ['--from', '2026-11-01', '--to', '2026-12-01', '--nats', nats];
      const report = await tillwire('report', 'attribution', ...period);
      expect([report.code, report.stderr]).toEqual([
        1,
        expect.stringMatching(/none of them has a folder for it.*--data/),
      ]);
      joined.signal('SIGTERM');
      expect(await joined.exit()).toBe(0);
      await withTerminal(server.url, (terminal) => terminal.send('in.channel-web.order.A6.place', {}));
    });
  });

  test('joins a server under a login that no command line shows', async () => {
    const more = 'authorization { user: me, password: hush }';
    await withServer(
      async ({ url, monitorUrl }) => {
        vi.stubEnv('TILLWIRE_NATS', url.replace('//', '//me:hush@'));
        const joined = new TillwireProcess('up', '--nats', url, '--monitor', monitorUrl, '--log-level', 'warn');
        started.push(joined);
        const { nats, nodes } = await joined.ready();
        expect(nats).toBe(url);
        for (const pid of [joined.pid, ...nodes]) {
          const shown = execFileSync('ps', ['-o', 'args=', '-p', String(pid)]).toString();
          expect(shown).toContain('tillwire.js');
          expect(shown).not.toContain('hush');
        }
        joined.signal('SIGTERM');
        expect(await joined.exit()).toBe(0);
      },
      { more },
    );
  });

  test('a server that does not sync each write ends it: exit 1, and it says why', async () => {
    await withServer(
      async ({ url, monitorUrl }) => {
        const { code, stdout, stderr } = await tillwire('up', '--nats', url, '--monitor', monitorUrl);
        expect([code, stdout]).toEqual([1, '']);
        expect(stderr).toContain('sync_interval: always');
      },
      { syncInterval: '2m' },
    );
  });

  test('whose own process is killed takes its nodes along, and the next start takes the store over', async () => {
    const killed = up();
    const { nodes } = await killed.ready();
    killed.signal('SIGKILL');
    await killed.exit();
    await eventually(() => !nodes.some(isRunning), { what: 'its nodes stop', withinMs: STOPS_WITHIN_MS });
    const { nats } = await up().ready();
    await withTerminal(nats, (terminal) => openStore(terminal, 'store-lyon'));
    expect(await placeAndReadBack(nats, 'A3')).toMatchObject({ order: 'A3' });
  });

  test('three nodes share the work', async () => {
    const { nats, nodes } = await up('--nodes', '3').ready();
    expect(new Set(nodes).size).toBe(3);
    await withTerminal(nats, (terminal) => openStore(terminal, 'store-lyon'));
    for (const order of ['B1', 'B2', 'B3', 'B4']) {
      expect(await placeAndReadBack(nats, order)).toMatchObject({ order });
      // Its store may be another node's: then it reserves after the outcome.
      const isAssigned = async (): Promise<boolean> =>
        (await withTerminal(nats, (terminal) => terminal.query<OrderView>(`query.order.${order}`)))?.state ===
        'fulfilling';
      await eventually(isAssigned, { what: `${order} has its store`, withinMs: 15_000 });
    }
  });

  test('a folder that another one runs on is refused, and the other one goes on', async () => {
    const { nats } = await up().ready();
    const second = await tillwire('up', '--port', '0', '--data', data);
    expect([second.code, second.stdout]).toEqual([1, '']);
    expect(second.stderr).toMatch(/is in use by process \d+/);
    await withTerminal(nats, (terminal) => openStore(terminal, 'store-lyon'));
  });
});
