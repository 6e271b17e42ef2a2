/**
 * A return: units from the customer's word to the clerk's decision.
 *
 * Owns what was declared, received, accepted and rejected of each line, and where the goods are. Hears request, receive, inspect
 * and cancel; the order's word on what was declared. Says declarations and claims to the order, restocks to stores.
 *
 * T1  accepted + rejected ≤ received ≤ declared, for every line.
 * T2  A request has its outcome when the order has agreed or refused; a refused return may be requested again.
 * T3  Each inspection is one claim with a number of its own; a unit is claimed once.
 * T4  One place takes a return: the store that received first, or headquarters.
 */
import { setup } from 'xstate';
import { chartActor, existing, hears, type Stored, take } from '../chart.ts';
import { cancel } from './cancel.ts';
import { declared, declareRefused, request } from './declaration.ts';
import { inspect } from './inspect.ts';
import { receive } from './receive.ts';
import { allDecided, anyReceived, type ReturnRecord } from './record.ts';

interface Context {
  record: ReturnRecord | undefined;
}

const where =
  (holds: (record: ReturnRecord) => boolean) =>
  ({ context }: { context: Context }): boolean =>
    context.record !== undefined && holds(context.record);

const machine = setup({
  types: { context: {} as Context, events: {} as { type: string; record: unknown } },
  // The action is written for every chart; XState wants it written for this one.
  actions: { take: take as never },
}).createMachine({
  id: 'return',
  initial: 'absent',
  context: { record: undefined },
  states: {
    absent: { on: { request: { target: 'declaring', actions: 'take' } } },
    declaring: {
      on: {
        declared: { target: 'requested', actions: 'take' },
        'declare-refused': { target: 'refused', actions: 'take' },
      },
    },
    refused: { on: { request: { target: 'declaring', actions: 'take' } } },
    requested: {
      on: hears('receive', 'cancel'),
      always: [
        { guard: where(({ end }) => end === 'cancelled'), target: 'cancelled' },
        { guard: where(anyReceived), target: 'received' },
      ],
    },
    received: {
      on: hears('receive', 'inspect', 'cancel'),
      always: { guard: where(allDecided), target: 'inspected' },
    },
    inspected: {},
    cancelled: {},
  },
});

export const returnActor = chartActor<ReturnRecord>({
  entity: 'return',
  machine,
  judges: {
    request,
    declared: existing(declared),
    'declare-refused': existing(declareRefused),
    receive: existing(receive),
    inspect: existing(inspect),
    cancel: existing(cancel),
  },
  unknown: 'unknown-return',
  remembersCommands: true,
  stateEvents: {},
  join: ({ state: _, ...record }: Stored) => record as unknown as ReturnRecord,
});
