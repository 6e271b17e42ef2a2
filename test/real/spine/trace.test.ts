import { connect, headers } from 'nats';
import { describe, expect, test } from 'vitest';
import { eventually } from '../../fixture/eventually.ts';
import { baseOrder, franchise, openStore } from './base-order.ts';
import { ForeignClient } from './foreign-client.ts';
import { useSystem } from './system.ts';

const system = useSystem('node-1');
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

test('a traceparent goes from the command through the gateway call to the last event', async () => {
  const client = await ForeignClient.connect(system.server.url, 'json');
  await openStore(client, 'store-t', franchise('store-t', true), { one: 1, two: 1 });
  const terminal = await connect({ servers: system.server.url });
  const traces = new Map<string, string | undefined>();
  const heard = terminal.subscribe('event.order.T1.>', {
    callback: (_error, message) => {
      traces.set(message.subject.split('.').at(-1) ?? '', message.headers?.get('traceparent'));
    },
  });
  await terminal.flush();
  const publish = async (origin: string, name: string, payload: object, traced: boolean): Promise<void> => {
    const sent = headers();
    sent.set('Nats-Msg-Id', `T1-${name}`);
    if (traced) sent.set('traceparent', TRACE);
    await terminal.request(`in.${origin}.order.T1.${name}`, JSON.stringify(payload), { headers: sent, timeout: 5000 });
  };
  await publish('channel-web', 'place', baseOrder('T1', ['one', 'two']), false);
  await eventually(() => traces.has('assigned'), { what: 'the order is assigned' });
  await publish('store-t', 'ready', {}, true);
  await eventually(() => traces.has('paid-out'), { what: 'the store is paid' });
  for (const event of ['ready', 'captured', 'paid-out']) expect(traces.get(event), event).toBe(TRACE);
  expect(traces.get('placed') ?? '').toBe('');
  heard.unsubscribe();
  await terminal.close();
  await client.close();
});

describe('of a command that is rejected', () => {
  const rejected = async (id: string, bytes: string, traceparent: string): Promise<Map<string, string>> => {
    const terminal = await connect({ servers: system.server.url });
    const traces = new Map<string, string>();
    for (const subject of [`out.channel-web.order.${id}.cancel`, `dead.order.${id}.cancel`]) {
      terminal.subscribe(subject, {
        callback: (_error, message) => {
          traces.set(subject.split('.', 1).join(), message.headers?.get('traceparent') ?? '');
        },
      });
    }
    await terminal.flush();
    const sent = headers();
    sent.set('traceparent', traceparent);
    await terminal.request(`in.channel-web.order.${id}.cancel`, bytes, { headers: sent, timeout: 5000 });
    await eventually(() => traces.has('out'), { what: 'the outcome' });
    await terminal.close();
    return traces;
  };

  test('its outcome has it, and so has what is kept of one that can not be read', async () => {
    expect(await rejected('none', '{}', TRACE)).toEqual(new Map([['out', TRACE]]));
    const kept = await rejected('torn', '{', TRACE);
    expect([...kept].sort()).toEqual([
      ['dead', TRACE],
      ['out', TRACE],
    ]);
  });

  test.each([
    ['a trace id of zeros', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
    ['a parent id of zeros', `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`],
    ['version ff', 'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
  ])('%s is none, and is left out', async (_, none) => {
    expect(await rejected('none', '{}', none)).toEqual(new Map([['out', '']]));
  });
});
