import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OrderView } from '../../../protocols/views.ts';
import { baseOrder, franchise, openStore } from './base-order.ts';
import { type Ack, ForeignClient, type Payload } from './foreign-client.ts';
import { useSystem } from './system.ts';

const system = useSystem('node-1');
const WEB = 'channel-web';
const A = 'store-a';
const B = 'store-b';
const RACES = 12;

/** Each origin has a connection of its own. */
const clients = new Map<string, ForeignClient>();
let web: ForeignClient;

beforeAll(async () => {
  for (const origin of [WEB, A, B]) clients.set(origin, await ForeignClient.connect(system.server.url));
  web = clientOf(WEB);
  await openStore(web, A, franchise(A, true), { lantern: 100 });
  await openStore(web, B, franchise(B, true), { teapot: 100 });
});

afterAll(() => Promise.all([...clients.values()].map((client) => client.close())));

function clientOf(origin: string): ForeignClient {
  const client = clients.get(origin);
  if (!client) throw new Error(`${origin} has no connection`);
  return client;
}

interface Said {
  origin: string;
  name: string;
  payload?: object;
}

interface Answer {
  what: string;
  ack: Ack;
  outcome: Payload;
}

const ready = (origin: string): Said => ({ origin, name: 'ready' });
const decline = (origin: string): Said => ({ origin, name: 'decline' });
const cancel: Said = { origin: WEB, name: 'cancel' };
const cancelLine2: Said = { ...cancel, payload: { lines: [{ line: '2', quantity: 1 }] } };

async function place(order: string): Promise<void> {
  await web.ask(`in.channel-web.order.${order}.place`, baseOrder(order, ['lantern', 'teapot']));
  await web.until<OrderView>(`query.order.${order}`, ({ fulfilments }) =>
    fulfilments.every(({ state }) => state === 'accepted'),
  );
}

async function say(order: string, { origin, name, payload = {} }: Said): Promise<Answer> {
  const by = clientOf(origin);
  const id = by.newId();
  const ack = await by.send(`in.${origin}.order.${order}.${name}`, payload, id);
  return { what: `${name} by ${origin}`, ack, outcome: (await by.outcome(id)).payload };
}

/** All at once, each by its own connection; in the order in which the server took them. */
async function race(order: string, ...said: Said[]): Promise<Answer[]> {
  const answers = await Promise.all(said.map((one) => say(order, one)));
  return answers.sort((one, other) => one.ack.seq - other.ack.seq);
}

const brief = (answers: readonly Answer[]) =>
  answers.map(({ what, outcome }) => `${what}: ${outcome.code ?? outcome.outcome}`);
const money = ({ totals: { captured, refunded, voided } }: OrderView) => ({ captured, refunded, voided });

/** What is settled: no request is open, and the parties hold what was captured and not given back. */
async function settled(order: string): Promise<OrderView> {
  const view = await web.until<OrderView>(`query.order.${order}`, ({ totals, ledger }) => {
    const { captured, voided } = totals;
    return captured + voided === 12980 && ledger.every(({ state }) => state === 'confirmed') && !owes(totals);
  });
  const held = Object.values(view.parties).reduce((sum, amount) => sum + amount, 0);
  expect(held).toBe(view.totals.captured - view.totals.refunded);
  return view;
}

const owes = ({ open }: OrderView['totals']) => Object.values(open).some((amount) => amount > 0);

const BOTH_WAYS = {
  readyFirst: {
    said: [`ready by ${A}: applied`, 'cancel by channel-web: applied'],
    ends: { captured: 8814, refunded: 8814, voided: 4166 },
  },
  cancelFirst: {
    said: ['cancel by channel-web: applied', `ready by ${A}: wrong-state`],
    ends: { captured: 0, refunded: 0, voided: 12980 },
  },
};

describe('a store that is ready, and a channel that cancels everything', () => {
  test('in that order: the money is taken, and given back', async () => {
    await place('O1');
    const said = [await say('O1', ready(A)), await say('O1', cancel)];
    expect({ said: brief(said), ends: money(await settled('O1')) }).toEqual(BOTH_WAYS.readyFirst);
  });

  test('the other way round: the store comes too late, and nothing is taken', async () => {
    await place('O2');
    const said = [await say('O2', cancel), await say('O2', ready(A))];
    expect({ said: brief(said), ends: money(await settled('O2')) }).toEqual(BOTH_WAYS.cancelFirst);
  });

  test('at once: as if it had been one after the other, in the order of the log', async () => {
    const orders = Array.from({ length: RACES }, (_, index) => `O3-${index}`);
    await Promise.all(orders.map(place));
    await Promise.all(
      orders.map(async (order, index) => {
        const said = [ready(A), cancel];
        const answers = await race(order, ...(index % 2 === 0 ? said : said.reverse()));
        const story = { said: brief(answers), ends: money(await settled(order)) };
        expect(Object.values(BOTH_WAYS)).toContainEqual(story);
      }),
    );
  });
});

describe('two stores and a channel', () => {
  test('at once end as the order of the log says', async () => {
    const orders = Array.from({ length: RACES }, (_, index) => `O4-${index}`);
    await Promise.all(orders.map(place));
    await Promise.all(
      orders.map(async (order, index) => {
        const said = [ready(A), ready(B), cancelLine2];
        const answers = await race(order, ...said.slice(index % 3), ...said.slice(0, index % 3));
        const names = answers.map(({ what }) => what);
        const inTime = names.indexOf(`ready by ${B}`) < names.indexOf('cancel by channel-web');
        expect(brief(answers)).toEqual(
          names.map((what) => `${what}: ${what === `ready by ${B}` && !inTime ? 'unknown-fulfilment' : 'applied'}`),
        );
        const view = await settled(order);
        expect(money(view)).toEqual(
          inTime ? { captured: 12980, refunded: 4166, voided: 0 } : { captured: 8814, refunded: 0, voided: 4166 },
        );
        expect(view.parties).toMatchObject({ headquarters: 1531, [A]: 7283 });
        expect(view.parties[B] ?? 0).toBe(0);
      }),
    );
  });

  test.each([
    ['O5', 'cancelled by the channel and then declined by its store', [cancelLine2, decline(B)]],
    ['O6', 'declined by its store and then cancelled by the channel', [decline(B), cancelLine2]],
  ])('%s: a line that is %s leaves the same books', async (order, _, said) => {
    await place(order);
    const outcomes: unknown[] = [];
    for (const one of said) outcomes.push((await say(order, one)).outcome.outcome);
    expect(outcomes).toEqual(['applied', 'rejected']);
    expect((await say(order, ready(A))).outcome).toMatchObject({ outcome: 'applied' });
    const view = await settled(order);
    expect(money(view)).toEqual({ captured: 8814, refunded: 0, voided: 4166 });
    expect(view.parties).toMatchObject({ headquarters: 1531, [A]: 7283 });
  });
});
