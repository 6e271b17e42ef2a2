/**
 * `receive`: what came in, in as many parts as it likes. Units that were not declared are declared on the spot: the outcome waits
 * until the order agrees that the customer has them, and its refusal is that of the whole command.
 */
import type { Effect, Message } from '../../protocols/actor.ts';
import type { ReturnCommands } from '../../protocols/commands.ts';
import { extended } from '../../protocols/extended.ts';
import type { ToReturn } from '../../protocols/internal.ts';
import type { Verdict } from '../chart.ts';
import { goodsElsewhere, speakingStore } from './clerk.ts';
import { answer, declare, NOTHING_YET, origins } from './declaration.ts';
import { duplicateLine, withLines } from './named-lines.ts';
import { type ReturnPolicy, unknownReason } from './policy.ts';
import {
  type Arrival,
  type ArrivedLine,
  about,
  anyReceived,
  lineOf,
  type ReturnLine,
  type ReturnRecord,
} from './record.ts';

export function receive(
  policy: ReturnPolicy,
  record: ReturnRecord,
  message: Message<ReturnCommands['receive']>,
): Verdict<ReturnRecord> {
  const { payload, sender } = message;
  const refusal =
    (anyReceived(record) ? goodsElsewhere(record, message) : undefined) ??
    duplicateLine(payload.lines) ??
    unknownReason(policy, payload.lines, { isRequired: false });
  if (refusal) return refusal;
  const place = speakingStore(message) ?? record.store;
  const arrival: Arrival = { lines: payload.lines, ...(place === undefined ? {} : { store: place }) };
  const extra = undeclared(record, payload.lines);
  if (extra.length === 0) return arrived(record, arrival, []);
  if (sender.kind !== 'command') throw new Error('receive is not from a command');
  return {
    record: { ...record, arrival, waiting: sender.command },
    effects: [declare(policy, record, extra)],
    deferred: true,
  };
}

/** The order agrees to what was not declared. */
export function extrasDeclared(
  record: ReturnRecord,
  arrival: Arrival,
  { payload }: Message<ToReturn['declared']>,
): Verdict<ReturnRecord> {
  const { waiting: _, arrival: __, ...rest } = record;
  const extra = undeclared(record, arrival.lines);
  const origin = origins(record, payload);
  const grown = extra.map(({ line, quantity, reason }): ReturnLine => {
    const { sku, sentBy } = origin(line);
    const known = lineOf(record, line);
    if (known) return { ...known, declared: known.declared + quantity, sentBy: [...known.sentBy, ...sentBy] };
    const added = { ...NOTHING_YET, line, sku, sentBy, declared: quantity };
    return reason === undefined ? added : { ...added, reason };
  });
  const added = grown.filter(({ line }) => !lineOf(record, line));
  const lines = [...withLines(record, grown).lines, ...added];
  const { record: next, effects } = arrived({ ...rest, lines }, arrival, extra);
  return { record: next, effects: [...answer(record), ...effects] };
}

/** What came beyond what was declared and is still to come. Of a line that is declared already, under the reason given then. */
function undeclared(record: ReturnRecord, lines: readonly ArrivedLine[]): ArrivedLine[] {
  return lines.flatMap(({ line, quantity, reason }) => {
    const known = lineOf(record, line);
    const extra = quantity - (known ? known.declared - known.received : 0);
    return extra > 0 ? [{ line, quantity: extra, reason: known ? known.reason : reason }] : [];
  });
}

/** All of it is declared by now. */
function arrived(
  record: ReturnRecord,
  { lines, store }: Arrival,
  extra: readonly ArrivedLine[],
): { record: ReturnRecord; effects: Effect[] } {
  const came = new Map(lines.map(({ line, quantity }) => [line, quantity]));
  const received = record.lines.map((line) => ({ ...line, received: line.received + (came.get(line.line) ?? 0) }));
  const where = store === undefined ? {} : { store };
  const payload = extended(extended(about(record), where), {
    lines: lines.map(units),
    ...(extra.length === 0 ? {} : { extra: extra.map(units) }),
  });
  return {
    record: extended({ ...record, lines: received }, where),
    effects: [{ effect: 'event', name: 'received', payload }],
  };
}

const units = ({ line, quantity }: ArrivedLine): { line: string; quantity: number } => ({ line, quantity });
