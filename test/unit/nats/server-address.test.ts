import { describe, expect, test } from 'vitest';
import { NotConnected, serverAddress } from '../../../supervisor/nats/server-address.ts';

describe('the address of a server', () => {
  test.each([
    ['nats://a:4222', { server: 'nats://a:4222' }],
    ['127.0.0.1:4222', { server: '127.0.0.1:4222' }],
    ['nats://me:pw@a:4222', { server: 'nats://a:4222', login: { user: 'me', pass: 'pw' } }],
    [
      'tls://store-a:1%40%3A2:3@[::1]:4222',
      { server: 'tls://[::1]:4222', login: { user: 'store-a', pass: '1@:2:3' }, encrypted: true },
    ],
    [' tls://a\n', { server: 'tls://a', encrypted: true }],
    ['TLS://a', { server: 'TLS://a', encrypted: true }],
    ['nats://me:p@ss@a', { server: 'nats://a', login: { user: 'me', pass: 'p@ss' } }],
    ['me:@a', { server: 'a', login: { user: 'me', pass: '' } }],
    ['nats://secret@a', { server: 'nats://a', login: { token: 'secret' } }],
  ])('%s', (url, address) => {
    expect(serverAddress(url)).toEqual(address);
  });

  test.each(['http', 'https', 'ws', 'wss', 'nat', 'tls+nats', 'nats+tls', 'ws-x'])('%s:// is none', (scheme) => {
    const wrong = `${scheme}://a:4222 is no address of a NATS server`;
    expect(() => serverAddress(`${scheme}://me:secret@a:4222`)).toThrow(new NotConnected(wrong));
  });

  test('a login that can’t be read is not told', () => {
    const wrong = 'the login for nats://a: user and password must be percent-encoded where they have a %';
    expect(() => serverAddress('nats://me:50%@a')).toThrow(new Error(wrong));
  });
});
