import { afterEach, describe, expect, test, vi } from 'vitest';
import { NATS_VARIABLE, natsUrl, withTerminal } from '../../../supervisor/cli/terminal-options.ts';

const UNREADABLE = 'nats://me:50%@a:4222';
const WHY = 'the login for nats://a:4222: user and password must be percent-encoded where they have a %';

describe('the server to ask', () => {
  afterEach(() => vi.unstubAllEnvs());

  test.each([
    ['nats://me:pw@a:4222', {}, 'nats://me:pw@a:4222'],
    ['nats://me:pw@a:4222', { nats: 'nats://a:4222' }, 'nats://me:pw@a:4222'],
    ['nats://me:pw@a:4222', { nats: 'nats://b:4222' }, 'nats://b:4222'],
    [UNREADABLE, { nats: 'nats://b:4222' }, 'nats://b:4222'],
  ])('variable %s, options %o: %s', (variable, options, url) => {
    vi.stubEnv(NATS_VARIABLE, variable);
    expect(natsUrl(options)).toBe(url);
  });

  test.each([{}, { nats: 'nats://a:4222' }])('a login that is needed must be readable: options %o', async (options) => {
    vi.stubEnv(NATS_VARIABLE, UNREADABLE);
    await expect(withTerminal(options, () => Promise.resolve())).rejects.toThrow(WHY);
  });
});
