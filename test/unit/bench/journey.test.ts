import { describe, expect, test } from 'vitest';
import { readCommand } from '../../../protocols/read-command.ts';
import { Journey, STEPS } from '../../bench/journey.ts';
import { type BenchStore, openings, storeOf } from '../../bench/network.ts';

const COMPANY = 0;
const FRANCHISE = 1;

describe('a journey of the bench', () => {
  test('every command it sends is one that the contract takes', () => {
    const sent = [...STEPS.map(({ name }) => new Journey('run', FRANCHISE).command(name)), ...openings()];
    for (const { subject, id, payload } of sent) {
      const [, origin = '', entity = '', target = '', name = ''] = subject.split('.');
      const read = readCommand({
        address: { origin, entity, id: target, name },
        bytes: Buffer.from(payload),
        messageId: id,
        contentType: undefined,
        sequence: 1,
      });
      expect(read, subject).toMatchObject({ kind: 'command' });
    }
  });

  test('goods are collected once both the outcome of ready and the capture were heard', () => {
    const journey = new Journey('run', COMPANY);
    expect(journey.takeDue()).toBe('place');
    journey.hear('order.assigned');
    expect(journey.takeDue()).toBeUndefined();
    journey.hear('order.place');
    expect(journey.takeDue()).toBe('ready');
    journey.hear('order.captured');
    expect(journey.waitingFor).toEqual(['order.ready']);
    journey.hear('order.ready');
    expect(journey.takeDue()).toBe('collect');
    expect(journey.takeDue()).toBeUndefined();
  });

  test('an order is over when its money is at rest: for a franchise with its payout reversed', () => {
    expect(untilRefunded(COMPANY).over).toBe(true);
    const journey = untilRefunded(FRANCHISE);
    expect(journey.over).toBe(false);
    journey.hear('order.payout-reversed');
    expect(journey.over).toBe(true);
  });

  test('half of the stores are franchises', () => {
    const stores: BenchStore[] = Array.from({ length: 10 }, (_, index) => storeOf(index));
    expect(stores.filter(({ franchise }) => franchise)).toHaveLength(5);
  });
});

function untilRefunded(number: number): Journey {
  const journey = new Journey('run', number);
  const heard = ['order.place', 'order.assigned', 'order.ready', 'order.captured', 'order.collect'];
  for (const signal of [...heard, 'return.request', 'return.receive', 'return.inspect', 'order.refunded']) {
    journey.hear(signal);
  }
  while (journey.takeDue() !== undefined);
  return journey;
}
