/** What is read again although its sender wrote into the headers what it liked. */
import type { MsgHdrs } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BUCKET, COMMANDS, KEY_PREFIX } from '../../../protocols/subjects.ts';
import { DirectReader } from '../../../supervisor/nats/direct-get.ts';
import { rawHeaders } from '../../../supervisor/nats/raw-headers.ts';
import { bytes, text, useSystem } from './nats-fixture.ts';

const system = useSystem();
let commands: DirectReader;
let bucket: DirectReader;

beforeEach(() => {
  commands = new DirectReader(system.connection, COMMANDS);
  bucket = new DirectReader(system.connection, BUCKET);
});
afterEach(() => {
  commands.close();
  bucket.close();
});

const MALFORMED = rawHeaders('Nats-Msg-Id:bad1\r\nStore Name: Lyon\r\n');
const withStatus = (status: string) =>
  ({ encode: () => Buffer.from(`NATS/1.0 ${status}\r\n\r\n`) }) as unknown as MsgHdrs;

async function store(subject: string, payload: string, headers = rawHeaders('')): Promise<number> {
  const ack = await system.connection.nats.request(subject, bytes(payload), { headers, timeout: 5000 });
  return ack.json<{ seq: number }>().seq;
}

const read = async (order: string) =>
  (await commands.all(`cmd.*.order.${order}.*.*`)).map((found) => text(found.bytes));

describe('of what somebody sent', () => {
  test('a message with malformed headers is left out, and all others are read', async () => {
    await store('in.channel-web.order.O1.place', 'first');
    await store('in.channel-web.order.O1.cancel', 'bad', MALFORMED);
    await store('in.channel-web.order.O1.cancel', 'last');
    expect(await read('O1')).toEqual(['first', 'last']);
    await store('in.channel-web.order.O1.cancel', 'bad again', MALFORMED);
    expect(await read('O1')).toEqual(['first', 'last']);
    expect(await read('O2')).toEqual([]);
  });

  test('a message with a status ends no answer', async () => {
    for (const status of ['204 EOB', '404 Message Not Found', '413 Too Many Results', '503']) {
      await store('in.channel-web.order.S1.cancel', status, withStatus(status));
    }
    expect(await read('S1')).toEqual(['204 EOB', '404 Message Not Found', '413 Too Many Results', '503']);
  });

  test('where and when it was stored is what the server says, and nothing makes it a marker', async () => {
    const lines = [
      'Nats-Subject:cmd.0.order.N2.cancel.ops-hq',
      'Nats-Sequence:1',
      'Nats-Time-Stamp:soon',
      'KV-Operation:DEL',
    ];
    const said = rawHeaders(`${lines.join('\r\n')}\r\n`);
    const sequence = await store('in.channel-web.order.N1.cancel', 'x', said);
    const [found] = await commands.all('cmd.*.order.N1.*.*');
    expect(found?.sequence).toBe(sequence);
    expect(Date.parse(found?.at ?? '')).toBeGreaterThan(0);
    expect(found?.subject).toMatch(/^cmd\.\d\.order\.N1\.cancel\.channel-web$/);
  });
});

test('a key with malformed headers is not said to be absent: whoever asks for it hears why', async () => {
  await store(`${KEY_PREFIX}order.K1`, 'x', MALFORMED);
  await store(`${KEY_PREFIX}order.K2`, 'y');
  await expect(bucket.lastOf(['K1', 'K2'].map((id) => `${KEY_PREFIX}order.${id}`))).rejects.toThrow(
    /malformed headers/,
  );
  expect(await bucket.lastOf([`${KEY_PREFIX}order.K2`])).toHaveLength(1);
});
