/** `request` and the order's word on it: the outcome waits until the order agrees that the customer has these units. */
import type { Effect, Message, Refusal } from '../../protocols/actor.ts';
import type { ReturnCommands } from '../../protocols/commands.ts';
import { extended } from '../../protocols/extended.ts';
import type { ToOrder, ToReturn } from '../../protocols/internal.ts';
import type { Verdict } from '../chart.ts';
import { duplicateLine } from './named-lines.ts';
import { type ReturnPolicy, unknownReason, windowDaysFor } from './policy.ts';
import { about, type ReturnLine, type ReturnRecord, SCHEMA_VERSION, type SentUnits } from './record.ts';

export function request(
  policy: ReturnPolicy,
  { id, payload, sender }: Message<ReturnCommands['request']>,
): Verdict<ReturnRecord> {
  if (sender.kind !== 'command') throw new Error('request is not from a command');
  const refusal = duplicateLine(payload.lines) ?? unknownReason(policy, payload.lines, { isRequired: true });
  if (refusal) return refusal;
  return {
    record: {
      v: SCHEMA_VERSION,
      id,
      revision: 0,
      handled: [],
      order: payload.order,
      by: payload.by,
      requestedBy: sender.command.origin,
      ...(payload.exchange === undefined ? {} : { exchange: payload.exchange }),
      lines: payload.lines.map(requestedLine),
      claims: 0,
      waiting: sender.command,
    },
    effects: [declare(policy, { id, order: payload.order }, payload.lines)],
    deferred: true,
  };
}

/** Asks the order whether the customer has these units, and has not had them for too long. */
export function declare(
  policy: ReturnPolicy,
  { id, order }: Pick<ReturnRecord, 'id' | 'order'>,
  lines: readonly { line: string; quantity: number; reason?: string | undefined }[],
): Effect {
  const payload: ToOrder['declare'] = {
    return: id,
    lines: lines.map(({ line, quantity, reason }) => ({ line, quantity, windowDays: windowDaysFor(policy, reason) })),
  };
  return { effect: 'send', entity: 'order', id: order, name: 'declare', payload };
}

function requestedLine({ line, quantity, reason }: ReturnCommands['request']['lines'][number]): ReturnLine {
  return extended({ ...NOTHING_YET, line, declared: quantity }, reason === undefined ? {} : { reason });
}

export const NOTHING_YET: ReturnLine = {
  sku: '',
  sentBy: [],
  received: 0,
  accepted: 0,
  rejected: 0,
  handedBack: 0,
  line: '',
  declared: 0,
};

export function declared(record: ReturnRecord, { payload }: Message<ToReturn['declared']>): Verdict<ReturnRecord> {
  const origin = origins(record, payload);
  const lines = record.lines.map((line) => ({ ...line, ...origin(line.line) }));
  const { waiting: _, ...rest } = record;
  const { currency } = payload;
  const said = lines.map(({ line, sku, declared: quantity }) => ({ line, sku, quantity }));
  return {
    record: extended({ ...rest, lines }, currency === undefined ? {} : { currency }),
    effects: [
      ...answer(record),
      { effect: 'event', name: 'requested', payload: extended(about(record), { by: record.by, lines: said }) },
    ],
  };
}

/** What the order tells of each line: its sku, and who sent the units that it agrees to. */
export function origins(
  record: ReturnRecord,
  { lines }: ToReturn['declared'],
): (line: string) => Pick<ReturnLine, 'sku' | 'sentBy'> {
  const byLine = new Map<string, { sku: string; sentBy: SentUnits[] }>();
  for (const { line, sku, store, quantity } of lines) {
    const told = byLine.get(line) ?? { sku, sentBy: [] };
    told.sentBy.push({ store, quantity });
    byLine.set(line, told);
  }
  return (line) => {
    const told = byLine.get(line);
    if (!told) throw new Error(`order ${record.order} agreed to ${record.id} without line ${line}`);
    return { sku: told.sku, sentBy: [...told.sentBy] };
  };
}

/** With a request, there is no return; with units that were not declared, nothing was received. */
export function declareRefused(
  record: ReturnRecord,
  { payload }: Message<ToReturn['declare-refused']>,
): Verdict<ReturnRecord> {
  const { waiting: _, arrival: __, ...rest } = record;
  return { record: rest, effects: answer(record, payload) };
}

export function answer({ waiting }: ReturnRecord, refusal?: Refusal): Effect[] {
  if (!waiting) throw new Error('no command waits for an outcome');
  return [{ effect: 'answer', command: waiting, ...(refusal ? { refusal } : {}) }];
}
