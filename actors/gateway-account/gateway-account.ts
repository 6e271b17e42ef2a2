/**
 * A payment gateway account, as far as commands speak of it: scripts and capability records for the provider behind it. Hears
 * them from ops in every state; says them to the part that serves the account.
 */
import { setup } from 'xstate';
import type { Message } from '../../protocols/actor.ts';
import { type ChartRecord, chartActor, hears, refuse, type Stored, take, type Verdict } from '../chart.ts';

const SCHEMA_VERSION = 1;

const machine = setup({
  types: { context: {} as { record: ChartRecord | undefined }, events: {} as { type: string; record: unknown } },
  // The action is written for every chart; XState wants it written for this one.
  actions: { take: take as never },
}).createMachine({
  id: 'gateway',
  initial: 'absent',
  context: { record: undefined },
  states: {
    absent: {
      always: { guard: ({ context }) => context.record !== undefined, target: 'known' },
      on: hears('script', 'capabilities'),
    },
    known: { on: hears('script', 'capabilities') },
  },
});

/** `accounts`: those that are configured. */
export function createGatewayAccount({ accounts }: { accounts: readonly string[] }) {
  const control =
    (event: string) =>
    (record: ChartRecord | undefined, { id, name, payload }: Message): Verdict<ChartRecord> => {
      if (!accounts.includes(id)) return refuse('unknown-gateway-account', `the account ${id} is not configured`);
      return {
        record: record ?? { v: SCHEMA_VERSION, id, revision: 0, handled: [] },
        effects: [
          { effect: 'gateway-control', account: id, control: name, payload },
          { effect: 'event', name: event, payload: { ...(payload as object) } },
        ],
      };
    };
  return chartActor<ChartRecord>({
    entity: 'gateway',
    machine,
    judges: { script: control('scripted'), capabilities: control('capabilities-replaced') },
    unknown: 'unknown-gateway-account',
    remembersCommands: false,
    stateEvents: {},
    join: ({ state: _, ...stored }: Stored) => stored as unknown as ChartRecord,
  });
}
