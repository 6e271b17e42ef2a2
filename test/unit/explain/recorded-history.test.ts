/** The history of an order out of what is stored: its own, and that of the returns that its rows name. */
import { expect, test } from 'vitest';
import type { AttributionRow } from '../../../protocols/attribution.ts';
import { explain } from '../../../supervisor/explain/explain.ts';
import { recordedHistory } from '../../../supervisor/explain/recorded-history.ts';
import { A, assignedBase, BASE, confirmed, plan, reserved, scenario, shop } from '../order/scenario.ts';
import { factsOf } from './wrong-figures.ts';

const order = assignedBase().given(A.ready(), confirmed('A1001-c1'));
const handling = { ...(order.rows[0] as AttributionRow), movement: 'handling-fee' as const, return: 'R1' };

const STORED: Record<string, [subject: string, payload: object, headers?: Record<string, string>][]> = {
  'event.attribution.A1001.booked': [
    ['', { order: 'A1001', at: handling.at, revision: 6, rows: [handling], heard: { from: 'timer', name: 'x' } }],
  ],
  'out.*.order.A1001.*': [
    ['', { command: 'id-ready', outcome: 'applied', revision: 5 }],
    ['', { fulfilment: 'A1001-1' }],
  ],
  'cmd.*.order.A1001.*.*': [
    ['cmd.3.order.A1001.ready.store-a', {}, { 'Nats-Msg-Id': 'id-ready', traceparent: '00-a-b-01' }],
    ['cmd.3.order.A1001.ready.store-a', {}, { 'Nats-Msg-Id': 'id-ready' }],
  ],
  'out.*.return.R1.*': [
    ['', { command: 'id-early', outcome: 'rejected', revision: 1 }],
    ['', { command: 'id-inspect', outcome: 'applied', revision: 3 }],
    ['', { command: 'id-inspect', outcome: 'rejected', code: 'command-id-reused', revision: 3 }],
  ],
  'cmd.*.return.R1.*.*': [
    ['cmd.4.return.R1.inspect.store-b', {}, { 'Nats-Msg-Id': 'id-early' }],
    ['cmd.4.return.R1.inspect.store-b', {}, { 'Nats-Msg-Id': 'id-inspect' }],
  ],
};

async function stored(filter: string) {
  return (STORED[filter] ?? []).map(([subject, payload, headers = {}], index) => ({
    subject,
    sequence: index + 1,
    at: handling.at,
    bytes: Buffer.from(JSON.stringify(payload)),
    headers: { get: (name: string) => headers[name] ?? '' },
  }));
}

test('holds the commands of returns that only a row names, each once, and none that was refused', async () => {
  const query = async <Reply>(subject: string) =>
    (subject === 'query.order.A1001.facts' ? factsOf(order) : undefined) as Reply | undefined;
  const history = await recordedHistory('A1001', { query, said: stored, asked: stored });
  expect(history?.commands.map(({ id, of, trace }) => [id, of, trace])).toEqual([
    ['id-ready', 'A1001', '00-a-b-01'],
    ['id-inspect', 'R1', undefined],
  ]);
  expect(history?.outcomes.map(({ command }) => command)).toEqual(['id-ready']);
  expect(history?.steps).toEqual([{ revision: 6, at: handling.at, heard: { from: 'timer', name: 'x' } }]);
});

test('holds what reached the gateway of an order that was paid at a till', async () => {
  const { payment: _, shipping: __, discount: ___, ...rest } = BASE;
  const lines = [{ line: '1', sku: 'S', quantity: 1, unitPrice: 5000, taxRate: '0.2' }];
  const ofTill = scenario().given(
    shop.place({ ...rest, fulfilment: 'reserve-and-collect', collectAt: 'store-a', lines }),
    plan({ 'store-a': { '1': 1 } }),
    reserved('A1-1'),
    A.sell([['1', 1, 5000]]),
    confirmed('A1-b1'),
  );
  const booked = { order: 'A1', at: handling.at, revision: 4, rows: ofTill.archive.rows };
  const bytes = Buffer.from(JSON.stringify(booked));
  const answers: Record<string, object> = {
    'query.order.A1.facts': factsOf(ofTill),
    'query.gateway.main.journal': { calls: [{ key: 'A1-b1' }] },
  };
  const history = await recordedHistory('A1', {
    query: async <Reply>(subject: string) => answers[subject] as Reply | undefined,
    said: async (subject) =>
      subject === 'event.attribution.A1.booked'
        ? [{ subject, sequence: 1, at: handling.at, bytes, headers: { get: () => '' } }]
        : [],
    asked: async () => [],
  });
  expect(history?.calls.map(({ key }) => key)).toEqual(['A1-b1']);
  expect(history && explain('A1-b1', history)?.entry).toMatchObject({ account: 'main' });
});

test('holds all that reached the gateway of the order, also where that is more than a reply', async () => {
  const asked: object[] = [];
  const query = async <Reply>(subject: string, request: { after?: number } = {}) => {
    if (subject === 'query.order.A1001.facts') return factsOf(order) as Reply;
    if (subject !== 'query.gateway.main.journal') return undefined;
    asked.push(request);
    const { after = 0 } = request;
    return { calls: [{ key: `call-${after}` }], ...(after < 2 ? { next: after + 1 } : {}) } as Reply;
  };
  const history = await recordedHistory('A1001', { query, said: stored, asked: stored });
  expect(history?.calls.map(({ key }) => key)).toEqual(['call-0', 'call-1', 'call-2']);
  expect(asked).toEqual([0, 1, 2].map((after) => ({ order: 'A1001', after })));
});

test('there is none of an order that is not there', async () => {
  const query = async () => undefined;
  expect(await recordedHistory('A1', { query, said: stored, asked: stored })).toBeUndefined();
});
