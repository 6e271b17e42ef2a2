import { describe, expect, test } from 'vitest';
import { RIGHTS } from '../../../protocols/commands.ts';
import { parseCommandSubject } from '../../../protocols/subjects.ts';
import { type OriginKind, originKind } from '../../../protocols/token.ts';
import { permissionsOf, serverAccounts } from '../../../supervisor/nats/permissions.ts';

const ORIGINS = ['channel-web', 'store-a', 'ops-hq', 'gateway-main'];

const commandsOf = (origin: string) => permissionsOf(origin).publish.filter((subject) => subject.startsWith('in.'));

/** As the node judges it. */
function allowedTo(kind: OriginKind | undefined): string[] {
  return Object.entries(RIGHTS).flatMap(([entity, rights]) =>
    Object.entries<OriginKind[]>(rights)
      .filter(([, kinds]) => kinds.some((allowed) => allowed === kind))
      .map(([name]) => `${entity}.${name}`),
  );
}

describe('what an origin may publish', () => {
  test.each(ORIGINS)('%s: the commands that a node takes from its kind, as itself', (origin) => {
    const addresses = commandsOf(origin).map(parseCommandSubject);
    expect(addresses.map((to) => `${to?.entity}.${to?.name}`)).toEqual(allowedTo(originKind(origin)));
    expect(new Set(addresses.map((to) => to?.origin))).toEqual(new Set([origin]));
  });

  test('a store counts its own stock, ops count any', () => {
    expect(commandsOf('store-a')).toContain('in.store-a.store.store-a.stock');
    expect(commandsOf('ops-hq')).toContain('in.ops-hq.store.*.stock');
  });

  test.each(ORIGINS)('%s: of what is stored, only its own consumer', (origin) => {
    const others = permissionsOf(origin).publish.filter((subject) => !/^(in|query)\.|^\$SRV\./.test(subject));
    expect(others).toEqual([
      `$JS.tillwire.API.CONSUMER.INFO.EVENTS.${origin}`,
      `$JS.tillwire.API.CONSUMER.MSG.NEXT.EVENTS.${origin}`,
      `$JS.ACK.EVENTS.${origin}.>`,
    ]);
  });
});

test('an origin hears replies, events and what is for it', () => {
  expect(permissionsOf('channel-web').subscribe).toEqual(['_INBOX.>', 'out.channel-web.>', 'event.>']);
});

test('the configuration names passwords and has none', () => {
  const passwords = serverAccounts(['store-a', 'channel-web_2']).match(/password: \S+/g);
  expect(passwords).toEqual([
    'password: $TILLWIRE_PASSWORD',
    'password: $TILLWIRE_STORE_A,',
    'password: $TILLWIRE_CHANNEL_WEB_2,',
  ]);
});
