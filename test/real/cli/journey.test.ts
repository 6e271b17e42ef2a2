import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OrderView, ReturnView, StockView } from '../../../protocols/views.ts';
import type { Explanation } from '../../../supervisor/explain/explain.ts';
import { ForeignTerminal } from './foreign-terminal.ts';
import { lanterns, openStore } from './orders.ts';
import { TillwireProcess, tillwire } from './tillwire-process.ts';

let data: string;
let up: TillwireProcess;
let url: string;

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'tillwire-test-'));
  up = new TillwireProcess('up', '--port', '0', '--data', data, '--log-level', 'warn');
  url = (await up.ready()).nats;
});

afterAll(async () => {
  await up.end();
  await rm(data, { recursive: true, force: true });
});

describe.each(['json', 'msgpack'] as const)('a foreign client that speaks %s', (encoding) => {
  const store = `store-${encoding}`;
  const order = `O-${encoding}`;
  const returned = `R-${encoding}`;

  test('takes an order from its placement to its return', async () => {
    const terminal = await ForeignTerminal.open(url, encoding);
    try {
      await openStore(terminal, store);
      const placed = await terminal.ask(`in.channel-web.order.${order}.place`, lanterns(store));
      expect(placed).toMatchObject({ outcome: 'applied' });
      const { fulfilment } = await terminal.hear(`out.${store}.order.${order}.assigned`);
      const clerk = (name: string) => terminal.ask(`in.${store}.order.${order}.${name}`, { fulfilment });
      expect(await clerk('accept')).toMatchObject({ outcome: 'applied' });
      expect(await clerk('ready')).toMatchObject({ outcome: 'applied' });
      expect(await terminal.hear(`event.order.${order}.captured`)).toMatchObject({ amount: 17_980 });
      expect(await clerk('collect')).toMatchObject({ outcome: 'applied' });
      await terminal.hear(`event.order.${order}.paid-out`);

      const desk = (name: string, payload: object) => terminal.ask(`in.${store}.return.${returned}.${name}`, payload);
      const lines = [{ line: '1', quantity: 1 }];
      expect(await desk('request', { order, lines, by: 'store' })).toMatchObject({ outcome: 'applied' });
      expect(await desk('receive', { lines })).toMatchObject({ outcome: 'applied' });
      const accepted = [{ line: '1', accepted: 1, rejected: 0, restock: 1 }];
      expect(await desk('inspect', { lines: accepted })).toMatchObject({ outcome: 'applied' });
      expect(await terminal.hear(`event.order.${order}.refunded`)).toMatchObject({ amount: 8990 });
      await terminal.hear(`event.order.${order}.payout-reversed`);
    } finally {
      await terminal.close();
    }
  });

  test('finds order, return and stock as they were left', async () => {
    const terminal = await ForeignTerminal.open(url, encoding);
    try {
      const view = await terminal.query<OrderView>(`query.order.${order}`);
      expect(view?.totals).toMatchObject({ captured: 17_980, refunded: 8990 });
      // 89.90 less 15 % of its 74.92 net.
      expect(view?.parties).toEqual({ headquarters: 1124, [store]: 7866 });
      expect(await terminal.query<ReturnView>(`query.return.${returned}`)).toMatchObject({
        order,
        lines: [{ declared: 1, received: 1, accepted: 1, rejected: 0 }],
      });
      const stock = await terminal.query<StockView>('query.stock.lantern');
      expect(stock?.stores.find((held) => held.store === store)).toMatchObject({ onHand: 9, reserved: 0 });
      expect(await terminal.query('query.order.nobody')).toBeUndefined();
    } finally {
      await terminal.close();
    }
  });

  test('is told how the payout came about, down to its command and what reached the gateway', async () => {
    const { code, stdout, stderr } = await tillwire('explain', order, `${order}-p1`, '--json', '--nats', url);
    if (code !== 0) throw new Error(stderr);
    const { figures, causes, calls, rows, linked }: Explanation = JSON.parse(stdout);
    expect(figures).toMatchObject([
      { amount: 15_733, of: [{ amount: 15_733, of: [{ amount: 17_980 }, { amount: -2247 }] }] },
    ]);
    expect(causes.at(-1)?.command).toMatchObject({ origin: store, entity: 'order', of: order, name: 'ready' });
    expect(calls).toMatchObject([{ key: `${order}-p1`, kind: 'payout', amount: 15_733, outcome: 'ok' }]);
    expect(rows.reduce((sum, { settled }) => sum + settled, 0)).toBe(15_733);
    expect(linked.map(({ entry }) => entry)).toEqual([`${order}-b1`]);
  });

  test('is told how a row and a refund came about', async () => {
    const refund = await tillwire('explain', order, `${order}-r1`, '--nats', url);
    expect(refund.stdout).toContain(`${order}-r1 of order ${order}: refund of 89.90 EUR, party customer, confirmed`);
    expect(refund.stdout).toContain(`in.${store}.return.${returned}.inspect`);
    const [row = ''] = refund.stdout.match(new RegExp(`${order}-\\d+-\\d+`)) ?? [];
    const ofRow = await tillwire('explain', order, row, '--nats', url);
    expect(ofRow.stdout).toContain(`row ${row} of order ${order}: refund of line 1, -89.90 EUR`);
    const unknown = await tillwire('explain', order, 'nothing', '--nats', url);
    expect(unknown).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has no entry, row or gateway reference'),
    });
  });

  test('hears why a command is rejected', async () => {
    const terminal = await ForeignTerminal.open(url, encoding);
    try {
      const wrong = { ...lanterns(store), currency: 'XXX' };
      expect(await terminal.ask(`in.channel-web.order.${order}-2.place`, wrong)).toMatchObject({
        outcome: 'rejected',
        code: 'unknown-currency',
      });
    } finally {
      await terminal.close();
    }
  });
});
