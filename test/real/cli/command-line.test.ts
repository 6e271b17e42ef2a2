import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../../fixture/eventually.ts';
import { ForeignTerminal } from './foreign-terminal.ts';
import { lanterns, openStore } from './orders.ts';
import { TillwireProcess, tillwire } from './tillwire-process.ts';

const HOW_TO_CONNECT =
  'say where it is with --nats or TILLWIRE_NATS, nats://[user:password@]host:port, or tls://; tillwire up starts one of its own';

describe('a wrong command line', () => {
  test('says what is wrong and exits 2', async () => {
    const wrong = 'tillwire: unknown command "dance"; see tillwire help\n';
    expect(await tillwire('dance')).toEqual({ code: 2, stdout: '', stderr: wrong });
  });

  test('nobody there: a clear message, and exit 1', async () => {
    const { code, stderr } = await tillwire('order', 'A1', '--nats', 'nats://127.0.0.1:1');
    expect([code, stderr]).toEqual([
      1,
      `tillwire: no NATS server answers at nats://127.0.0.1:1 (connection refused): ${HOW_TO_CONNECT}\n`,
    ]);
  });

  test.each([
    ['nats://127.0.0.1:1', 'no NATS server answers at nats://127.0.0.1:1 (connection refused)'],
    ['nats://me:secret@127.0.0.1:99999', 'nats://127.0.0.1:99999 is no address of a NATS server'],
  ])('a node that finds no server at %s says where it looked, and what to do', async (url, what) => {
    const { code, stderr } = await tillwire('node', '--nats', url);
    expect([code, stderr]).toEqual([1, `tillwire: ${what}: ${HOW_TO_CONNECT}\n`]);
  });
});

describe('commands for a running system', () => {
  let folder: string;
  let up: TillwireProcess;
  let nats: string;
  const json = async (...args: string[]) => JSON.parse((await tillwire(...args, '--nats', nats, '--json')).stdout);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tillwire-test-'));
    up = new TillwireProcess('up', '--port', '0', '--data', join(folder, 'data'), '--log-level', 'warn');
    nats = (await up.ready()).nats;
    const terminal = await ForeignTerminal.open(nats);
    await openStore(terminal, 'store-lyon');
    await terminal.close();
    await writeFile(join(folder, 'order.json'), JSON.stringify(lanterns('store-lyon')));
    await writeFile(join(folder, 'wrong.json'), JSON.stringify({ ...lanterns('store-lyon'), lines: [] }));
  });

  afterAll(async () => {
    await up.end();
    await rm(folder, { recursive: true, force: true });
  });

  test('order place sends the file, waits for the outcome, and order shows what came of it', async () => {
    const placed = await json('order', 'place', '--file', join(folder, 'order.json'), '--id', 'F1');
    expect(placed).toMatchObject({ order: 'F1', outcome: 'applied' });
    expect(await json('order', 'F1')).toMatchObject({ order: 'F1', state: 'fulfilling', totals: { ordered: 17_980 } });
    const { stdout } = await tillwire('order', 'F1', '--explain', '--nats', nats);
    expect(stdout).toMatch(/^order F1: fulfilling\n[\s\S]*179\.80 EUR[\s\S]*why these stores/);
  });

  test('an order that is rejected exits 1 and says why', async () => {
    const { code, stdout } = await tillwire('order', 'place', '--file', join(folder, 'wrong.json'), '--nats', nats);
    expect(code).toBe(1);
    expect(stdout).toMatch(/rejected: invalid-payload, lines: /);
  });

  test('send says to any entity what a terminal may, with a payload, from a file, or with none', async () => {
    await json('order', 'place', '--file', join(folder, 'order.json'), '--id', 'F2');
    const ready = join(folder, 'ready.json');
    await writeFile(ready, '\uFEFF{"lines":[{"line":"1","quantity":2}]}');
    const store = ['--origin', 'store-lyon'];
    expect(await json('send', 'order', 'F2', 'accept', ...store)).toMatchObject({ order: 'F2', outcome: 'applied' });
    expect(await json('send', 'order', 'F2', 'ready', ...store, '--file', ready)).toMatchObject({ outcome: 'applied' });
    const captured = async () => (await json('order', 'F2')).totals.captured === 17_980;
    await eventually(captured, { what: 'the capture' });
    const refund = '{"amount":500,"line":"1","reason":"late"}';
    const { code, stdout } = await tillwire('send', 'order', 'F2', 'refund', refund, '--nats', nats);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^order F2: applied \(revision \d+\)\n$/)]);
  });

  test('send exits 1 when the command is rejected, with the code and the reason', async () => {
    const { code, stdout } = await tillwire('send', 'return', 'R-none', 'receive', '{"lines":[]}', '--nats', nats);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^return R-none: rejected: \S+, .+\(revision 0\)\n$/);
  });

  test.each(['order', 'store', 'stock', 'return', 'gateway'])('%s of what is not there exits 1', async (entity) => {
    const { code, stderr } = await tillwire(entity, 'nobody', '--nats', nats);
    expect([code, stderr]).toEqual([1, `tillwire: there is no ${entity} nobody\n`]);
  });

  test('store, stock and gateway show what is there', async () => {
    expect(await json('store', 'store-lyon')).toMatchObject({ store: 'store-lyon', ownership: 'franchise' });
    expect(await json('stock', 'lantern')).toMatchObject({ sku: 'lantern', onHand: 10 });
    expect(await json('gateway', 'main')).toMatchObject({ account: 'main', circuit: 'closed' });
    for (const [entity, id] of [
      ['store', 'store-lyon'],
      ['stock', 'lantern'],
      ['gateway', 'main'],
    ] as const) {
      expect((await tillwire(entity, id, '--nats', nats)).code).toBe(0);
    }
  });

  test('watch prints what happens', async () => {
    const watch = new TillwireProcess('watch', 'event.order.*.placed', '--json', '--nats', nats);
    const file = join(folder, 'order.json');
    let placed = 0;
    const printed = async () => {
      await tillwire('order', 'place', '--file', file, '--id', `W${++placed}`, '--nats', nats);
      return watch.stdout.includes('\n');
    };
    await eventually(printed, { what: 'an event is printed', withinMs: 20_000 }).finally(() => watch.end());
    const [first] = watch.stdout.split('\n');
    expect(JSON.parse(first ?? '')).toMatchObject({ subject: expect.stringMatching(/^event\.order\.W\d+\.placed$/) });
  });

  test('a command that can not be read is listed among the dead, shown, sent again, and discarded', async () => {
    const terminal = await ForeignTerminal.open(nats);
    await terminal.sendBytes('in.channel-web.order.D1.place', Buffer.from('{"channel":'));
    await terminal.hear('out.channel-web.order.D1.place', ({ code }) => code === 'unreadable');
    await terminal.close();
    const listed = (except?: number) =>
      eventually(
        async () => (await json('dead', 'list')).find((letter: { sequence: number }) => letter.sequence !== except),
        { what: 'a dead letter is listed', withinMs: 20_000 },
      );
    const first = await listed();
    expect(first).toMatchObject({ text: '{"channel":' });
    const shown = await tillwire('dead', 'show', String(first.sequence), '--nats', nats);
    expect(shown.stdout).toContain('{"channel":');
    expect(await json('dead', 'replay', String(first.sequence))).toEqual({ sequence: first.sequence, replay: true });
    // It is no more readable than it was.
    const { sequence } = await listed(first.sequence);
    expect(await json('dead', 'discard', String(sequence))).toEqual({ sequence, discard: true });
    expect(await json('dead', 'list')).toEqual([]);
  });
});
