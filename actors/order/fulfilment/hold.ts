/** Fraud review: nothing new is offered and nothing gets ready or leaves; what stores have begun stays theirs. */
import { create } from 'mutative';
import type { Message } from '../../../protocols/actor.ts';
import type { OrderCommands } from '../../../protocols/commands.ts';
import type { Verdict } from '../../chart.ts';
import { lifecycle } from '../lifecycle.ts';
import { ask } from '../placing/question.ts';
import type { OrderRecord } from '../record.ts';

export function hold(record: OrderRecord, { payload }: Message<OrderCommands['hold']>): Verdict<OrderRecord> {
  const next = create(record, (draft) => {
    draft.held = true;
  });
  return { record: next, effects: [{ effect: 'event', name: 'held', payload: { ...payload } }] };
}

export function release(record: OrderRecord, { payload }: Message<OrderCommands['release']>): Verdict<OrderRecord> {
  const next = create(record, (draft) => {
    draft.held = false;
  });
  const waiting = new Map<number, number>();
  next.lines.forEach((line, position) => {
    if (line.waiting > 0) waiting.set(position, line.waiting);
  });
  return {
    record: next,
    effects: [{ effect: 'event', name: 'released', payload: { ...payload } }, ...ask(next, waiting)],
  };
}

/** A hold ends with what it stops: where nothing is to be delivered any more, nobody could release the order. */
export function withoutEndedHold(record: OrderRecord): OrderRecord {
  return record.held && lifecycle(record) !== 'held' ? { ...record, held: false } : record;
}
