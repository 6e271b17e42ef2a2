import type { GatewayCommands } from '../../protocols/commands.ts';
import { ACCOUNT } from './gateway-host.ts';
import type { Random } from './random.ts';
import type { Terminal } from './terminal.ts';
import type { World } from './world.ts';

const MOST = 15;
const UNTIL_MS = 40_000;

const KINDS = ['capture', 'capture', 'refund', 'void', 'payout', 'payout-reversal'] as const;
const BEHAVIOURS = [
  'decline',
  'error-500',
  'rate-limit',
  'timeout-before',
  'timeout-after',
  'late-failure',
  'ok',
] as const;

/** How the provider misbehaves, said as ops would say it. */
export function scriptProvider(world: World, terminal: Terminal, random: Random): void {
  for (let count = random.between(0, MOST); count > 0; count--) {
    const script: GatewayCommands['script'] = {
      kind: random.pick(KINDS),
      behave: random.pick(BEHAVIOURS),
      times: random.between(1, 4),
      ...(random.chance(0.4) ? { delayMs: random.between(1, 5000) } : {}),
      ...(random.chance(0.3) ? { order: `A${random.between(1, 9)}` } : {}),
    };
    world.expect(random.between(0, UNTIL_MS), () =>
      terminal.send({ origin: 'ops-sim', entity: 'gateway', id: ACCOUNT, name: 'script' }, script),
    );
  }
}
