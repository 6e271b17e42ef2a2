import { expect, test } from 'vitest';
import { messageLine } from '../../../supervisor/cli/views/message-line.ts';

const now = new Date('2026-11-23T09:00:00.123Z');

test.each([
  [
    'event.order.A1.captured',
    { order: 'A1', at: '2026-11-23T09:00:00Z', amount: 100, lines: [1, 2] },
    '09:00:00.123  event.order.A1.captured  amount=100 lines=[2]',
  ],
  ['event.order.A1.closed', {}, '09:00:00.123  event.order.A1.closed'],
  ['event.x.y.z', 'text', '09:00:00.123  event.x.y.z  text'],
])('a line of %s says what its payload adds', (subject, payload, line) => {
  expect(messageLine(now, subject, payload)).toBe(line);
});

test('a long value is cut', () => {
  expect(messageLine(now, 'a', { reason: 'x'.repeat(100) })).toMatch(/reason=x{60}…$/);
});
