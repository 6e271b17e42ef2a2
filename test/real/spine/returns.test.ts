/** Returns and goods that nobody comes for, on a real server, with a policy and deadlines of a few seconds. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OrderView, ReturnView, StockView } from '../../../protocols/views.ts';
import { baseOrder, franchise, openStore } from './base-order.ts';
import { ForeignClient, type Payload } from './foreign-client.ts';
import { useConfiguredSystem } from './system.ts';

const SECONDS = 1 / 3600;

const system = useConfiguredSystem(
  {
    collectWithinHours: 2 * SECONDS,
    reserveForHours: 2 * SECONDS,
    returns: {
      reasons: [
        { code: 'too-small', name: 'Too small', fee: { EUR: 250, JPY: 400 } },
        { code: 'damaged', name: 'Damaged', shipping: true },
        { code: 'unfit', name: 'Does not fit in' },
      ],
      stockGoesTo: 'sender',
    },
  },
  'node-1',
  'node-2',
);

const [A, B] = ['store-a', 'store-b'];
const [LANTERN, TEAPOT] = ['85123A', '71053'];
let client: ForeignClient;

beforeAll(async () => {
  client = await ForeignClient.connect(system.server.url);
  for (const store of [A, B]) await openStore(client, store, franchise(store, true), { [LANTERN]: 10, [TEAPOT]: 10 });
});
afterAll(() => client?.close());

/** The outcome of a command. */
async function command(origin: string, entity: string, id: string, name: string, payload: object): Promise<Payload> {
  const commandId = client.newId();
  await client.send(`in.${origin}.${entity}.${id}.${name}`, payload, commandId);
  return (await client.outcome(commandId)).payload;
}

async function applied(...asked: Parameters<typeof command>): Promise<void> {
  expect(await command(...asked)).toMatchObject({ outcome: 'applied' });
}

const ordered = (id: string, holds: (view: OrderView) => boolean) =>
  client.until<OrderView>(`query.order.${id}`, holds);
const stock = (sku: string, store: string, available: number) =>
  client.until<StockView>(`query.stock.${sku}`, ({ stores }) =>
    stores.some((known) => known.store === store && known.available === available),
  );
const isQuiet = ({ totals: { open } }: OrderView): boolean => open.capture + open.refund + open.payout === 0;

describe('a return at another store', () => {
  const [order, returned] = ['A1', 'R1'];
  const atReturn = (origin: string, name: string, payload: object) =>
    command(origin, 'return', returned, name, payload);

  beforeAll(async () => {
    const place = baseOrder(order, [LANTERN, TEAPOT]);
    const [lantern, teapot] = place.lines.map((line) => ({ ...line, quantity: 2, store: A }));
    const payment = { ...place.payment, authorised: 26_470 };
    await applied('channel-web', 'order', order, 'place', { ...place, lines: [lantern, teapot], payment });
    await client.hear(`out.${A}.order.${order}.assigned`);
    await applied(A, 'order', order, 'ready', {});
    await client.hear(`event.order.${order}.captured`);
    await applied(A, 'order', order, 'ship', {});
  });

  test('is asked for a reason that is on the list', async () => {
    const ask = (reason?: string) => ({ order, lines: [{ line: '1', quantity: 1, reason }], by: 'store' });
    expect(await atReturn(B, 'request', ask('ugly'))).toMatchObject({
      code: 'unknown-reason',
      reason: 'lines[0].reason: must be one of too-small, damaged, unfit',
    });
    expect(await atReturn(B, 'request', ask(undefined))).toMatchObject({ code: 'unknown-reason' });
    expect(await atReturn(B, 'request', ask('too-small'))).toMatchObject({ outcome: 'applied' });
  });

  test('takes extra items that the customer has, and none that he has not', async () => {
    const receive = (quantity: number) => ({
      lines: [
        { line: '1', quantity: 1 },
        { line: '2', quantity },
      ],
    });
    const before = await client.query<ReturnView>(`query.return.${returned}`);
    const refused = await atReturn(B, 'receive', receive(3));
    expect(refused).toMatchObject({ code: 'exceeds-handed-over', revision: before?.revision });
    expect(await client.query<ReturnView>(`query.return.${returned}`)).toEqual(before);
    expect(await atReturn(B, 'receive', receive(2))).toMatchObject({ outcome: 'applied' });
  });

  test('refunds what is accepted less the fee, restocks the sender, and hands the rest back', async () => {
    const lines = [
      { line: '1', accepted: 1, rejected: 0, restock: 1 },
      { line: '2', accepted: 1, rejected: 1, restock: 1 },
    ];
    expect(await atReturn(B, 'inspect', { lines })).toMatchObject({ outcome: 'applied' });
    const after = await ordered(order, (view) => view.totals.refunded > 0 && isQuiet(view));
    // Two lanterns are 173.14 after discount and two teapots 86.66; one of each costs 86.57 and 43.33.
    expect(after).toMatchObject({ totals: { captured: 26_470, refunded: 8657 + 4333 - 250 }, attention: [] });
    await stock(LANTERN, A, 9);
    await stock(TEAPOT, A, 9);
    await stock(TEAPOT, B, 10);

    const back = { lines: [{ line: '2', quantity: 1 }] };
    expect(await atReturn(A, 'hand-back', back)).toMatchObject({ code: 'not-allowed' });
    expect(await atReturn(B, 'hand-back', back)).toMatchObject({ outcome: 'applied' });
    expect(await atReturn(B, 'hand-back', back)).toMatchObject({ code: 'exceeds-rejected' });
    await client.hear(`event.return.${returned}.handed-back`);
    expect(await client.query<ReturnView>(`query.return.${returned}`)).toMatchObject({
      state: 'inspected',
      store: B,
      lines: [
        { line: '1', declared: 1, received: 1, accepted: 1, toHandBack: 0 },
        { line: '2', declared: 2, received: 2, accepted: 1, rejected: 1, handedBack: 1, toHandBack: 0 },
      ],
    });
  });
});

describe('goods that nobody comes for', () => {
  test('are refunded and back on the shelf when they were paid', async () => {
    const order = 'C1';
    const place = { ...baseOrder(order, [LANTERN, TEAPOT]), fulfilment: 'click-and-collect', collectAt: B };
    await applied('channel-web', 'order', order, 'place', place);
    await client.hear(`out.${B}.order.${order}.assigned`);
    await applied(B, 'order', order, 'ready', {});
    await client.hear(`event.order.${order}.not-collected`);
    await client.hear(`out.${B}.order.${order}.withdrawn`);
    const after = await ordered(order, ({ totals }) => totals.refunded === 12_980 && totals.attributed === 0);
    expect(after).toMatchObject({ state: 'cancelled', totals: { captured: 12_980 }, attention: [] });
    await stock(LANTERN, B, 10);
  });

  test('are sold after all when a till tells of it late', async () => {
    const order = 'T1';
    const { payment: _, shipping: __, ...unpaid } = baseOrder(order, [LANTERN, TEAPOT]);
    const place = { ...unpaid, fulfilment: 'reserve-and-collect', collectAt: B };
    await applied('channel-web', 'order', order, 'place', place);
    await client.hear(`event.order.${order}.reservation-expired`);
    await ordered(order, ({ state }) => state === 'cancelled');
    const sale = {
      ticket: 'T-77',
      lines: [{ line: '1', quantity: 1, amount: 8324 }],
      tenders: [{ kind: 'cash', amount: 8324 }],
    };
    await applied(B, 'order', order, 'sell', sale);
    const after = await ordered(order, (view) => view.state === 'fulfilled' && isQuiet(view));
    expect(after.totals.captured).toBe(8324);
    expect(after.attention.map(({ code }) => code)).toContain('late-ticket');
    await stock(LANTERN, B, 9);
    await stock(TEAPOT, B, 10);
  });
});

test('a return pays for another order, on whatever node: the gateway gives back the difference only', async () => {
  const [old, fresh, returned] = ['X1', 'X2', 'RX'];
  const place = baseOrder(old, [LANTERN, TEAPOT]);
  const [lantern, teapot] = place.lines.map((line) => ({ ...line, store: A }));
  await applied('channel-web', 'order', old, 'place', { ...place, lines: [lantern, teapot] });
  await client.hear(`out.${A}.order.${old}.assigned`);
  await applied(A, 'order', old, 'ready', {});
  await client.hear(`event.order.${old}.captured`);
  await applied(A, 'order', old, 'ship', {});

  const lines = [{ line: lantern?.line, quantity: 1 }];
  const asked = lines.map((line) => ({ ...line, reason: 'unfit' }));
  await applied('channel-web', 'return', returned, 'request', {
    order: old,
    lines: asked,
    by: 'store',
    exchange: fresh,
  });
  await applied(B, 'return', returned, 'receive', { lines });
  const accepted = [{ line: lantern?.line, accepted: 1, restock: 0 }];
  await applied(B, 'return', returned, 'inspect', { lines: accepted });

  const { payment: _, shipping: __, discount: ___, ...rest } = place;
  const exchange = { order: old, return: returned, amount: 4500 };
  const instead = { ...rest, lines: [{ ...teapot, store: B }], exchange };
  await applied('channel-web', 'order', fresh, 'place', instead);
  await client.hear(`out.${B}.order.${fresh}.assigned`);
  await applied(B, 'order', fresh, 'ready', {});
  const paid = await ordered(fresh, (view) => view.fulfilments.some(({ funded }) => funded) && isQuiet(view));
  expect(paid).toMatchObject({ totals: { captured: 4500 }, exchange: { ...exchange, paid: 4500 } });
  await applied(B, 'order', fresh, 'ship', {});

  const settled = await ordered(old, (view) => view.totals.refunded === 8324 && isQuiet(view));
  expect(settled.exchanges).toEqual([{ return: returned, order: fresh, paid: 4500 }]);
  const refunds = settled.ledger.filter(({ kind }) => kind === 'refund');
  expect(refunds.map(({ amount, exchange: other }) => [amount, other])).toEqual([
    [4500, fresh],
    [3824, undefined],
  ]);
  expect(
    refunds.every(
      ({ gatewayReference, exchange: other }) => (other === undefined) === (gatewayReference !== undefined),
    ),
  ).toBe(true);
});
