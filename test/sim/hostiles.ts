/** What nobody should send, and somebody does. */
import { encode, MSGPACK_CONTENT_TYPE } from '../../protocols/codec.ts';
import { MAX_COMMAND_BYTES } from '../../protocols/commands.ts';
import type { Published } from './memory-server.ts';
import type { Random } from './random.ts';
import type { Terminal } from './terminal.ts';
import type { World } from './world.ts';

const UNTIL_MS = 40_000;

const text = (content: string): Uint8Array => new TextEncoder().encode(content);
const json = (value: unknown): Uint8Array => encode(value, 'json');

type Attack = (random: Random) => Partial<Published> & Pick<Published, 'bytes'>;

const ATTACKS: readonly Attack[] = [
  () => ({ bytes: text('{"channel":') }),
  () => ({ bytes: new Uint8Array([0xff, 0xfe, 0x00]) }),
  () => ({ bytes: new Uint8Array([0xc1]), contentType: MSGPACK_CONTENT_TYPE }),
  () => ({ bytes: new Uint8Array(MAX_COMMAND_BYTES + 1) }),
  () => ({ bytes: json({}) }),
  () => ({ bytes: json([]) }),
  () => ({ bytes: json(null), name: 'cancel' }),
  () => ({ bytes: json({ lines: [{ line: '1', quantity: -5 }] }), name: 'cancel' }),
  () => ({ bytes: json({ lines: [{ line: '1', quantity: 1e9 }] }), name: 'cancel' }),
  () => ({ bytes: json({ lines: [{ line: 'constructor', quantity: 1 }] }), name: 'cancel' }),
  () => ({ bytes: json({ amount: Number.MAX_SAFE_INTEGER, reason: 'x' }), name: 'refund', origin: 'ops-evil' }),
  () => ({ bytes: json({ amount: 0.5, reason: 'x' }), name: 'refund', origin: 'ops-evil' }),
  () => ({ bytes: json({ amount: 100, reason: 'x' }), name: 'refund', origin: 'store-1' }),
  () => ({ bytes: json({}), id: 'A*', name: 'cancel' }),
  () => ({ bytes: json({}), id: '__proto__', name: 'cancel' }),
  () => ({ bytes: json({}), entity: 'constructor', name: 'place' }),
  () => ({ bytes: json({}), name: 'gateway-result', origin: 'ops-evil' }),
  () => ({ bytes: json({}), name: 'collect', origin: 'store-none' }),
  (random) => ({ bytes: json({ fulfilment: `A${random.between(1, 9)}-1` }), name: 'collect', origin: 'store-1' }),
  (random) => ({ bytes: json({ fulfilment: `A${random.between(1, 9)}-1` }), name: 'accept', origin: 'store-2' }),
  () => ({ bytes: json({ fulfilment: 'A1-99' }), name: 'ready', origin: 'ops-evil' }),
  () => ({
    bytes: json({ items: [{ sku: 'lamp', quantity: 0 }] }),
    entity: 'store',
    id: 'store-1',
    name: 'stock',
    origin: 'store-2',
  }),
  () => ({
    bytes: json({ items: [{ sku: 'lamp', delta: -1e6 }] }),
    entity: 'store',
    id: 'store-1',
    name: 'adjust',
    origin: 'store-1',
  }),
  () => ({
    bytes: json({ items: [{ sku: 'l.*', quantity: 1 }] }),
    entity: 'store',
    id: 'store-1',
    name: 'stock',
    origin: 'store-1',
  }),
  () => ({
    bytes: json({ order: 'A1', lines: [{ line: '1', quantity: 999 }], by: 'mail' }),
    entity: 'return',
    id: 'R1',
    name: 'request',
  }),
  () => ({
    bytes: json({ order: 'none', lines: [{ line: '1', quantity: 1 }], by: 'mail' }),
    entity: 'return',
    id: 'R99',
    name: 'request',
  }),
  () => ({
    bytes: json({ lines: [{ line: '1', accepted: 50 }] }),
    entity: 'return',
    id: 'R1',
    name: 'inspect',
    origin: 'store-1',
  }),
];

/** Another content under the id of a command that was sent before, to the same address. */
function reused({ published }: Terminal, random: Random): Published | undefined {
  if (published.length === 0) return undefined;
  return { ...random.pick(published), contentType: undefined, bytes: json({ reason: 'under an id that was used' }) };
}

export function sendHostileCommands(world: World, terminal: Terminal, random: Random, most: number): void {
  for (let count = random.between(0, most); count > 0; count--) {
    if (random.chance(0.2)) {
      const again = random.fork(`reused ${count}`);
      world.expect(again.between(UNTIL_MS / 2, UNTIL_MS), () => {
        const message = reused(terminal, again);
        if (!message) return;
        world.faults.count('reused id');
        terminal.sendRaw(message);
      });
      continue;
    }
    const attack = random.pick(ATTACKS)(random);
    const message: Published = {
      origin: 'channel-evil',
      entity: 'order',
      id: `A${random.between(1, 9)}`,
      name: 'place',
      messageId: random.chance(0.8) ? `evil${count}` : undefined,
      contentType: undefined,
      ...attack,
    };
    world.expect(random.between(0, UNTIL_MS), () => terminal.sendRaw(message));
  }
}
