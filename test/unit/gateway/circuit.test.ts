import { expect, test } from 'vitest';
import { admit, type Circuit, CLOSED, circuitState, observe } from '../../../actors/gateway/circuit.ts';

const policy = { faults: 3, cooldownMs: 1000 };
const opened = [1, 2, 3].reduce<Circuit>((circuit) => observe(circuit, true, 0, policy), CLOSED);

test('faults in a row open it, others in between do not', () => {
  expect(circuitState(opened, 0)).toBe('open');
  const twice = observe(observe(CLOSED, true, 0, policy), true, 0, policy);
  expect(circuitState(observe(observe(twice, false, 0, policy), true, 0, policy), 0)).toBe('closed');
});

test('an open one says how long to wait', () => {
  expect(admit(opened, 400)).toEqual({ admission: 'wait', waitMs: 600 });
});

test('after the cooldown one probe goes, and only one', () => {
  expect(circuitState(opened, 1000)).toBe('half-open');
  const probe = admit(opened, 1000);
  if (probe.admission !== 'yes') throw new Error('the probe was refused');
  expect(admit(probe.circuit, 1001)).toEqual({ admission: 'probing' });
  expect(observe(probe.circuit, false, 1002, policy)).toEqual(CLOSED);
  expect(circuitState(observe(probe.circuit, true, 1002, policy), 1003)).toBe('open');
});
