/** `request` and the order's word on it: the outcome waits until the order agrees that the customer has these units. */
import type { Effect, Message, Refusal } from '../../protocols/actor.ts';
import type { ReturnCommands } from '../../protocols/commands.ts';
import type { ToOrder, ToReturn } from '../../protocols/internal.ts';
import type { Verdict } from '../chart.ts';
import { duplicateLine } from './named-lines.ts';
import { about, type ReturnRecord, SCHEMA_VERSION } from './record.ts';

/** Creates the return, or asks again after a refusal: then only the handled commands are kept. */
export function request(
  record: ReturnRecord | undefined,
  { id, payload, sender }: Message<ReturnCommands['request']>,
): Verdict<ReturnRecord> {
  if (sender.kind !== 'command') throw new Error('request is not from a command');
  const duplicate = duplicateLine(payload.lines);
  if (duplicate) return duplicate;
  const declare: ToOrder['declare'] = {
    return: id,
    lines: payload.lines.map(({ line, quantity }) => ({ line, quantity })),
  };
  return {
    record: {
      v: SCHEMA_VERSION,
      id,
      revision: record?.revision ?? 0,
      handled: record?.handled ?? [],
      order: payload.order,
      by: payload.by,
      lines: payload.lines.map(requestedLine),
      claims: 0,
      waiting: sender.command,
    },
    effects: [{ effect: 'send', entity: 'order', id: payload.order, name: 'declare', payload: declare }],
    deferred: true,
  };
}

function requestedLine({ line, quantity, reason }: ReturnCommands['request']['lines'][number]) {
  const nothingYet = { received: 0, accepted: 0, rejected: 0, sku: '', sentBy: '' };
  return { line, declared: quantity, ...nothingYet, ...(reason === undefined ? {} : { reason }) };
}

export function declared(record: ReturnRecord, { payload }: Message<ToReturn['declared']>): Verdict<ReturnRecord> {
  const lines = record.lines.map((line) => {
    const known = payload.lines.find((told) => told.line === line.line);
    if (!known) throw new Error(`order ${record.order} agreed to ${record.id} without line ${line.line}`);
    return { ...line, sku: known.sku, sentBy: known.store };
  });
  const { waiting: _, ...rest } = record;
  const said = lines.map(({ line, sku, declared: quantity }) => ({ line, sku, quantity }));
  return {
    record: { ...rest, lines },
    effects: [
      ...answer(record),
      { effect: 'event', name: 'requested', payload: { ...about(record), by: record.by, lines: said } },
    ],
  };
}

export function declareRefused(
  record: ReturnRecord,
  { payload }: Message<ToReturn['declare-refused']>,
): Verdict<ReturnRecord> {
  const { waiting: _, ...rest } = record;
  return { record: { ...rest, end: 'refused' }, effects: answer(record, payload) };
}

function answer({ waiting }: ReturnRecord, refusal?: Refusal): Effect[] {
  if (!waiting) throw new Error('no request waits for an outcome');
  return [{ effect: 'answer', command: waiting, ...(refusal ? { refusal } : {}) }];
}
