/**
 * A provider account as ops sees it: scripts for its simulator, capability records of its methods. The account's part
 * (supervisor) acts on them; here they get their outcome, once, and everybody hears of them.
 */
import { setup } from 'xstate';
import type { Effect, Message } from '../../protocols/actor.ts';
import { type ChartRecord, chartActor, hears, refuse, type Stored, take, type Verdict } from '../chart.ts';

const SCHEMA_VERSION = 1;

export interface GatewayAccountPolicy {
  /** Gateway accounts that are configured. */
  accounts: readonly string[];
}

const CONTROLS = hears('script', 'capabilities');
const EVENTS = { script: 'scripted', capabilities: 'capabilities-replaced' } as const;

const machine = setup({
  // The action is written for every chart; XState wants it written for this one.
  actions: { take: take as never },
}).createMachine({
  id: 'gateway',
  initial: 'absent',
  context: { record: undefined },
  states: {
    absent: {
      on: { script: { target: 'known', actions: 'take' }, capabilities: { target: 'known', actions: 'take' } },
    },
    known: { on: CONTROLS },
  },
});

export function createGatewayAccount({ accounts }: GatewayAccountPolicy) {
  function control(record: ChartRecord | undefined, name: keyof typeof EVENTS, message: Message): Verdict<ChartRecord> {
    const { id: account, payload } = message;
    if (!accounts.includes(account)) return refuse('unknown-gateway-account', `no gateway account ${account}`);
    const known = record ?? { v: SCHEMA_VERSION, id: account, revision: 0, handled: [] };
    return { record: known, effects: [asked(account, name, payload), said(known, name, payload)] };
  }
  return chartActor<ChartRecord>({
    entity: 'gateway',
    machine,
    judges: {
      script: (record, message) => control(record, 'script', message),
      capabilities: (record, message) => control(record, 'capabilities', message),
    },
    unknown: 'unknown-gateway-account',
    remembersCommands: false,
    stateEvents: {},
    join: ({ state: _, ...record }: Stored) => record as unknown as ChartRecord,
  });
}

const asked = (account: string, control: string, payload: unknown): Effect => ({
  effect: 'gateway-control',
  account,
  control,
  payload,
});

function said({ id: account, revision }: ChartRecord, control: keyof typeof EVENTS, payload: unknown): Effect {
  const content = { account, revision: revision + 1, [control]: payload };
  return { effect: 'event', name: EVENTS[control], payload: content };
}
