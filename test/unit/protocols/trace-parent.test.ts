import { expect, test } from 'vitest';
import { isTraceParent } from '../../../protocols/trace-parent.ts';

const [TRACE, PARENT] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];

test.each([
  ['the version of today', `00-${TRACE}-${PARENT}-01`],
  ['a later one', `01-${TRACE}-${PARENT}-00`],
  ['a later one that says more', `cc-${TRACE}-${PARENT}-01-beef`],
  ['ids that begin and end with zeros', `00-${'0'.repeat(31)}1-1${'0'.repeat(15)}-00`],
])('is one: %s', (_, text) => {
  expect(isTraceParent(text)).toBe(true);
});

test.each([
  ['nothing', ''],
  ['version ff', `ff-${TRACE}-${PARENT}-01`],
  ['a trace id of zeros', `00-${'0'.repeat(32)}-${PARENT}-01`],
  ['a parent id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['a version of today that says more', `00-${TRACE}-${PARENT}-01-beef`],
  ['capitals', `00-${TRACE.toUpperCase()}-${PARENT}-01`],
  ['too short an id', `00-${TRACE.slice(1)}-${PARENT}-01`],
  ['more than the rest may be', `01-${TRACE}-${PARENT}-01-${'a'.repeat(65)}`],
  ['a rest that does not begin as one', `01-${TRACE}-${PARENT}-01beef`],
  ['a line break at its end', `00-${TRACE}-${PARENT}-01\n`],
])('is none: %s', (_, text) => {
  expect(isTraceParent(text)).toBe(false);
});
