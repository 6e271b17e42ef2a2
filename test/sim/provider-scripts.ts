import type { GatewayCommands } from '../../protocols/commands.ts';
import { ACCOUNT } from './gateway-host.ts';
import type { Random } from './random.ts';
import type { Terminal } from './terminal.ts';
import type { World } from './world.ts';

const UNTIL_MS = 40_000;

const KINDS = ['capture', 'capture', 'reauthorisation', 'refund', 'void', 'payout', 'payout-reversal'] as const;
const BEHAVIOURS = [
  'decline',
  'error-500',
  'rate-limit',
  'timeout-before',
  'timeout-after',
  'late-failure',
  'late-recapture',
  'ok',
] as const;

const CODES = ['insufficient-balance', 'insufficient-balance', 'account-closed'] as const;

/** What ops says of a method now and then; orders keep what they were placed under. */
const CHANGES: GatewayCommands['capabilities'][] = [
  { method: 'visa', validFor: { customer: 24, merchant: 24 } },
  { method: 'visa' },
  { method: 'klarna', reauthorise: false },
  { method: 'own-voucher' },
  { method: 'bancontact', partialRefund: false },
  { method: 'swish', partialRefund: false, refundWithin: 1 },
  { method: 'visa', captures: 1 },
  { method: 'visa', captures: 2 },
  { method: 'visa', partialReleasesRest: true },
  { method: 'visa', delayedCapture: 'full' },
];

export function changeCapabilities(world: World, terminal: Terminal, random: Random, most: number): void {
  for (let count = random.between(0, most); count > 0; count--) {
    const change = random.pick(CHANGES);
    world.expect(random.between(0, UNTIL_MS), () =>
      terminal.send({ origin: 'ops-sim', entity: 'gateway', id: ACCOUNT, name: 'capabilities' }, change),
    );
  }
}

/** How the provider misbehaves, said as ops would say it. */
export function scriptProvider(world: World, terminal: Terminal, random: Random, most: number): void {
  for (let count = random.between(0, most); count > 0; count--) {
    const script: GatewayCommands['script'] = {
      kind: random.pick(KINDS),
      behave: random.pick(BEHAVIOURS),
      ...(random.chance(0.5) ? { code: random.pick(CODES), available: random.between(0, 3000) } : {}),
      times: random.between(1, 4),
      ...(random.chance(0.4) ? { delayMs: random.between(1, 5000) } : {}),
      ...(random.chance(0.3) ? { order: `A${random.between(1, 9)}` } : {}),
    };
    world.expect(random.between(0, UNTIL_MS), () =>
      terminal.send({ origin: 'ops-sim', entity: 'gateway', id: ACCOUNT, name: 'script' }, script),
    );
  }
}
