import { describe, expect, test } from 'vitest';
import type { Message } from '../../../protocols/actor.ts';
import { Outbox } from '../../../supervisor/turn/outbox.ts';
import type { CommitMessage } from '../../../supervisor/turn/ports.ts';

const about: Message = { entity: 'order', id: 'A1', name: 'ready', payload: {}, sender: { kind: 'timer' }, at: 0 };
const record = (name: string): CommitMessage => ({ key: name, bytes: new Uint8Array(3) });
const start = (timer: string) => ({ effect: 'timer', timer, at: 5000, name: 'due', payload: {} }) as const;
const stop = (timer: string) => ({ effect: 'cancel-timer', timer }) as const;

function outboxOf(...effects: (ReturnType<typeof start> | ReturnType<typeof stop>)[]): Outbox {
  const outbox = new Outbox('b1', 4);
  for (const effect of effects) outbox.effect(about, effect);
  return outbox;
}

const brief = ({ key, schedule, cancelsSchedule }: CommitMessage) => ({
  key,
  ...(schedule && { at: schedule.at }),
  ...(cancelsSchedule && { cancels: cancelsSchedule }),
});

describe('the timers of a turn', () => {
  test('that end are said by the records of the commit, and by messages of their own where those do not suffice', () => {
    const outbox = outboxOf(start('a'), stop('b'), stop('c'));
    expect(outbox.size).toBe(3);
    const records = [record('order.A1')];
    expect(outbox.takeTimers(records).map(brief)).toEqual([
      { key: 'timer.order.A1.a', at: 5000 },
      { key: 'timer.order.A1.c-cancel', cancels: 'timer.order.A1.c' },
    ]);
    expect(records.map(brief)).toEqual([{ key: 'order.A1', cancels: 'timer.order.A1.b' }]);
    expect(outbox.size).toBe(0);
    expect(outbox.takeTimers(records)).toEqual([]);
  });

  test('are as the last word on each has it', () => {
    const records = [record('order.A1')];
    const started = outboxOf(stop('a'), start('a'));
    expect(started.takeTimers(records).map(brief)).toEqual([{ key: 'timer.order.A1.a', at: 5000 }]);
    expect(records.map(brief)).toEqual([{ key: 'order.A1' }]);
    const ended = outboxOf(start('a'), stop('a'));
    expect(ended.takeTimers(records)).toEqual([]);
    expect(records.map(brief)).toEqual([{ key: 'order.A1', cancels: 'timer.order.A1.a' }]);
  });
});
