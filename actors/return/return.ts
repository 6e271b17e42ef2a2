/**
 * A return: units from the customer's word to the clerk's decision.
 *
 * Owns what was declared, received, accepted, rejected and handed back of each line, and where the goods are. Hears request,
 * receive, inspect, hand-back and cancel; the order's word on what was declared. Says declarations and claims to the order,
 * restocks to stores.
 *
 * T1  accepted + rejected ≤ received ≤ declared and handed back ≤ rejected, for every line.
 * T2  A request has its outcome when the order has agreed or refused; until then, and when it was refused, there is no return for
 *     anybody, and it may be requested again. So has a `receive` of units that were not declared; until then, and when it was
 *     refused, the return is shown as it was, at the same revision.
 * T3  Each inspection is one claim with a number of its own; a unit is claimed once.
 * T4  One place takes a return: the store that received first, or headquarters.
 */
import { setup } from 'xstate';
import { chartActor, chartRecords, existing, hears, type Judge, PENDING } from '../chart.ts';
import { cancel } from './cancel.ts';
import { declared, declareRefused, request } from './declaration.ts';
import { handBack } from './hand-back.ts';
import { inspect } from './inspect.ts';
import type { ReturnPolicy } from './policy.ts';
import { extrasDeclared, receive } from './receive.ts';
import { allDecided, anyReceived, join, type ReturnRecord } from './record.ts';

interface Context {
  record: ReturnRecord | undefined;
}

const where =
  (holds: (record: ReturnRecord) => boolean) =>
  ({ context }: { context: Context }): boolean =>
    context.record !== undefined && holds(context.record);

/** Undeclared units are on the counter, and the order is asked. */
const isExtending = ({ arrival }: ReturnRecord): boolean => arrival !== undefined;

const machine = setup({
  types: { context: {} as Context, events: {} as { type: string } },
}).createMachine({
  id: 'return',
  initial: 'absent',
  context: { record: undefined },
  states: {
    absent: { on: { request: { target: 'declaring' } } },
    declaring: {
      tags: PENDING,
      on: {
        declared: { target: 'requested' },
        'declare-refused': { target: 'absent' },
      },
    },
    requested: {
      on: hears('receive', 'cancel'),
      always: [
        { guard: where(isExtending), target: 'extending' },
        { guard: where(({ end }) => end === 'cancelled'), target: 'cancelled' },
        { guard: where(anyReceived), target: 'received' },
      ],
    },
    received: {
      on: hears('receive', 'inspect', 'hand-back', 'cancel'),
      always: [
        { guard: where(isExtending), target: 'extending' },
        { guard: where(allDecided), target: 'inspected' },
      ],
    },
    extending: {
      on: hears('declared', 'declare-refused'),
      always: [
        { guard: where((record) => !isExtending(record) && anyReceived(record)), target: 'received' },
        { guard: where((record) => !isExtending(record)), target: 'requested' },
      ],
    },
    inspected: { on: hears('hand-back') },
    cancelled: {},
  },
});

const STORED = { entity: 'return', machine, absentToo: ['refused'], join };

/** Returns as they are stored: enough to show one. */
export const returnRecords = chartRecords<ReturnRecord>(STORED);

export function createReturn(policy: ReturnPolicy) {
  const judges: Record<string, Judge<ReturnRecord>> = {
    request: (_, message) => request(policy, message),
    declared: existing((record, message) =>
      record.arrival ? extrasDeclared(record, record.arrival, message) : declared(record, message),
    ),
    'declare-refused': existing(declareRefused),
    receive: existing((record, message) => receive(policy, record, message)),
    inspect: existing((record, message) => inspect(policy, record, message)),
    'hand-back': existing(handBack),
    cancel: existing(cancel),
  };
  return chartActor<ReturnRecord>({
    ...STORED,
    judges,
    unknown: 'unknown-return',
    remembersCommands: true,
    stateEvents: {},
  });
}
