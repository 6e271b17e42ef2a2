import { connect, nanos } from 'nats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OrderView, ReturnView, StockView } from '../../../protocols/views.ts';
import type { Journal } from '../../../supervisor/gateway/simulator-journal.ts';
import { eventually } from '../../fixture/eventually.ts';
import { baseOrder, franchise, openStore } from './base-order.ts';
import { ForeignClient, type Payload } from './foreign-client.ts';
import { useSystem } from './system.ts';

const system = useSystem('node-1');

/** The shortest that the server allows. */
const CLOSED_WINDOW_MS = 100;
const WINDOW_MS = 120_000;

async function setWindow(ms: number): Promise<void> {
  const admin = await connect({ servers: system.server.url });
  const { streams } = await admin.jetstreamManager();
  await streams.update('COMMANDS', { duplicate_window: nanos(ms) });
  await admin.close();
}

/** From then on only the actors know what was sent before. */
async function closeWindow(): Promise<void> {
  await setWindow(CLOSED_WINDOW_MS);
  const closed = performance.now() + 3 * CLOSED_WINDOW_MS;
  await eventually(() => performance.now() > closed, { what: 'the window closes' });
}

interface Sent {
  id: string;
  subject: string;
  payload: object;
}

describe.each(['json', 'msgpack'] as const)('BASE by a foreign client that speaks %s', (encoding) => {
  const [a, b] = [`store-a-${encoding}`, `store-b-${encoding}`];
  const [order, returned] = [`A1001-${encoding}`, `R1001-${encoding}`];
  const [lantern, teapot] = [`85123A-${encoding}`, `71053-${encoding}`];
  const sent: Sent[] = [];
  let client: ForeignClient;
  let another: ForeignClient;

  beforeAll(async () => {
    client = await ForeignClient.connect(system.server.url, encoding);
    another = await ForeignClient.connect(system.server.url, encoding);
    await openStore(client, a, franchise(a), { [lantern]: 1 });
    await openStore(client, b, franchise(b), { [teapot]: 1 });
  });

  afterAll(async () => {
    await setWindow(WINDOW_MS);
    await client?.close();
    await another?.close();
  });

  /** Everything is sent three times under one id, by two connections; the outcome of the one command is returned. */
  async function command(origin: string, entity: string, id: string, name: string, payload: object): Promise<Payload> {
    const subject = `in.${origin}.${entity}.${id}.${name}`;
    const commandId = client.newId();
    sent.push({ id: commandId, subject, payload });
    const [first, again] = await Promise.all([
      client.send(subject, payload, commandId),
      client.send(subject, payload, commandId),
    ]);
    const elsewhere = await another.send(subject, payload, commandId);
    expect([first.duplicate, again.duplicate, elsewhere.duplicate]).toEqual([undefined, true, true]);
    return (await client.outcome(commandId)).payload;
  }

  const atOrder = (origin: string, name: string, payload: object) => command(origin, 'order', order, name, payload);
  const atReturn = (origin: string, name: string, payload: object) =>
    command(origin, 'return', returned, name, payload);
  const view = (holds: (view: OrderView) => boolean) => client.until<OrderView>(`query.order.${order}`, holds);
  const moved = async () => {
    const journal = await client.query<Journal>('query.gateway.main.journal');
    return (journal?.moved ?? []).filter((row) => row.order === order);
  };

  test('two franchises are assigned, each captured and paid when it is ready, and both ship', async () => {
    expect(await atOrder('channel-web', 'place', baseOrder(order, [lantern, teapot]))).toMatchObject({
      outcome: 'applied',
      revision: 1,
    });
    const [ofA, ofB] = await Promise.all([a, b].map((store) => client.hear(`out.${store}.order.${order}.assigned`)));
    expect(ofA).toMatchObject({ order, accepted: false, lines: [{ line: '1', sku: lantern, quantity: 1 }] });
    expect(ofB).toMatchObject({ order, accepted: false, lines: [{ line: '2', sku: teapot, quantity: 1 }] });

    for (const [store, { fulfilment }] of [
      [a, ofA as Payload],
      [b, ofB as Payload],
    ] as const) {
      const asked = client.heard.length;
      expect(await atOrder(store, 'accept', { fulfilment })).toMatchObject({ outcome: 'applied' });
      expect(await atOrder(store, 'ready', {})).toMatchObject({ outcome: 'applied' });
      await client.hear(`event.order.${order}.captured`, (payload) => payload.fulfilment === fulfilment);
      await client.hear(`event.order.${order}.paid-out`, (payload) => payload.store === store);
      expect(client.heard.slice(asked).filter(({ subject }) => subject.endsWith('.captured'))).toHaveLength(1);
    }
    expect(await atOrder(a, 'ship', { carrier: 'la-poste', tracking: 'T1' })).toMatchObject({ outcome: 'applied' });
    expect(await atOrder(b, 'ship', { carrier: 'la-poste', tracking: 'T2' })).toMatchObject({ outcome: 'applied' });

    const shipped = await view(({ state }) => state === 'fulfilled');
    expect(shipped).toMatchObject({
      totals: { ordered: 12980, authorised: 12980, captured: 12980, refunded: 0, voided: 0, attributed: 10928 },
      lines: [
        { line: '1', handedOver: 1, gross: 8324, net: 6937, tax: 1387 },
        { line: '2', handedOver: 1, gross: 4166, net: 3472, tax: 694 },
      ],
      parties: { headquarters: 2052, [a]: 7283, [b]: 3645 },
      attention: [],
    });
    expect(shipped.totals.open).toEqual({ capture: 0, refund: 0, payout: 0 });
  });

  test('line 2 comes back to the counter of the other store, is inspected in parts, and refunded to the cent', async () => {
    const lines = [
      { line: '1', quantity: 1 },
      { line: '2', quantity: 1 },
    ];
    expect(await atReturn(a, 'request', { order, lines, by: 'store' })).toMatchObject({ outcome: 'applied' });
    expect(await atReturn(b, 'receive', { lines })).toMatchObject({ outcome: 'applied' });
    const good = { lines: [{ line: '2', accepted: 1, rejected: 0, restock: 1 }] };
    expect(await atReturn(a, 'inspect', good)).toMatchObject({ outcome: 'rejected', code: 'not-allowed' });
    expect(await atReturn(b, 'inspect', good)).toMatchObject({ outcome: 'applied' });
    const worn = { lines: [{ line: '1', accepted: 0, rejected: 1 }] };
    expect(await atReturn(b, 'inspect', worn)).toMatchObject({ outcome: 'applied' });
    await client.hear(`event.order.${order}.refunded`);
    await client.hear(`event.order.${order}.payout-reversed`);

    const after = await view(({ totals }) => totals.refunded > 0 && totals.attributed === 7283);
    expect(after).toMatchObject({
      totals: { captured: 12980, refunded: 4166, voided: 0, open: { capture: 0, refund: 0, payout: 0 } },
      parties: { headquarters: 1531, [a]: 7283, [b]: 0 },
      attention: [],
    });
    expect(after.ledger.map(({ kind, amount, state, party }) => [kind, amount, state, party])).toEqual([
      ['capture', 8814, 'confirmed', 'customer'],
      ['payout', 7283, 'confirmed', a],
      ['capture', 4166, 'confirmed', 'customer'],
      ['payout', 3645, 'confirmed', b],
      ['refund', 4166, 'confirmed', 'customer'],
      ['payout-reversal', 3645, 'confirmed', b],
    ]);
    const back = await client.query<ReturnView>(`query.return.${returned}`);
    expect(back?.lines).toMatchObject([
      { line: '1', declared: 1, received: 1, accepted: 0, rejected: 1 },
      { line: '2', declared: 1, received: 1, accepted: 1, rejected: 0 },
    ]);
    const stock = await client.until<StockView>(`query.stock.${teapot}`, ({ stores }) =>
      stores.some(({ store, onHand }) => store === b && onHand === 1),
    );
    expect(stock.stores.find(({ store }) => store === b)).toMatchObject({ onHand: 1, reserved: 0, available: 1 });
  });

  test('the gateway moved exactly that, each under one key and by one call', async () => {
    const rows = await moved();
    expect(rows.map(({ kind, amount, party }) => [kind, amount, party])).toEqual([
      ['capture', 8814, undefined],
      ['payout', 7283, a],
      ['capture', 4166, undefined],
      ['payout', 3645, b],
      ['refund', 4166, undefined],
      ['payout-reversal', 3645, b],
    ]);
    const journal = await client.query<Journal>('query.gateway.main.journal');
    const calls = journal?.calls.filter((row) => row.order === order) ?? [];
    expect(calls.map(({ key }) => key)).toEqual(rows.map(({ key }) => key));
    expect(new Set(rows.map(({ key }) => key)).size).toBe(6);
  });

  test('each command had one outcome, in its own encoding; what was not asked for is JSON', () => {
    for (const { id, subject } of sent) {
      const outcomes = client.outcomes(id);
      expect(outcomes.map((outcome) => [outcome.subject, outcome.encoding])).toEqual([
        [subject.replace('in.', 'out.'), encoding],
      ]);
    }
    const told = client.heard.filter(({ subject, payload }) => subject.includes(order) && !('outcome' in payload));
    expect(new Set(told.map((said) => said.encoding))).toEqual(new Set(['json']));
  });

  test('the whole journey sent again months later changes nothing and is answered no more', async () => {
    await closeWindow();
    const before = await client.query<OrderView>(`query.order.${order}`);
    for (const { id, subject, payload } of sent) {
      expect((await another.send(subject, payload, id)).duplicate).toBe(undefined);
    }
    // Handled behind them, in every partition they are in.
    await another.ask(`in.channel-web.order.${order}.cancel`, {});
    await another.ask(`in.channel-web.return.${returned}.cancel`, {});
    for (const { id } of sent) expect(client.outcomes(id)).toHaveLength(1);
    expect(await client.query<OrderView>(`query.order.${order}`)).toEqual(before);
    expect(await moved()).toHaveLength(6);
  });

  test('the id of a command with other content is refused, however late', async () => {
    const [place] = sent;
    if (!place) throw new Error('nothing was sent');
    const other = async () =>
      (await client.send(place.subject, { ...place.payload, channel: 'app' }, place.id)).duplicate;
    await eventually(async () => (await other()) === undefined, { what: 'the server stores it' });
    const [, reused] = await eventually(() => client.outcomes(place.id).length === 2 && client.outcomes(place.id), {
      what: 'it is answered',
    });
    expect(reused?.payload).toMatchObject({ outcome: 'rejected', code: 'command-id-reused' });
  });
});
