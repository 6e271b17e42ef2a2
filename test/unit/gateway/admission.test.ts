import { expect, test } from 'vitest';
import type { Fault } from '../../../actors/gateway/answer.ts';
import { Admission } from '../../../supervisor/gateway/admission.ts';

const POLICY = { faults: 3, cooldownMs: 1000 };

/** With a burst of ten saved up at 1000 ms. */
const saved = (): Admission => new Admission({ requestsPerSecond: 100, burst: 10, concurrency: 10 }, POLICY, 0);

/** A call at that time, answered at once. */
function called(admission: Admission, fault: Fault, now: number): void {
  expect(admission.take(now)).toEqual({ decision: 'go' });
  admission.answered({ answer: 'fault', fault }, now);
}

test('many 429s leave the circuit closed', () => {
  const admission = saved();
  for (let call = 1; call <= 20; call++) called(admission, 'rate-limit', 1000 * call);
  expect(admission.circuitState(20_000)).toBe('closed');
});

test.each<Fault>(['timeout', 'error-500', 'connection'])('so many faults in a row open it: %s', (fault) => {
  const admission = saved();
  for (let call = 1; call <= POLICY.faults; call++) called(admission, fault, 1000 + call);
  expect(admission.circuitState(1100)).toBe('open');
});

test('a 429 says that the provider is there: faults before it do not count', () => {
  const admission = saved();
  const faults: Fault[] = ['timeout', 'timeout', 'rate-limit', 'timeout'];
  for (const [index, fault] of faults.entries()) called(admission, fault, 1000 * (index + 1));
  expect(admission.circuitState(4000)).toBe('closed');
});

test('after a 429 the saved-up burst is not spent', () => {
  const admission = saved();
  called(admission, 'rate-limit', 1000);
  expect(admission.take(1000)).toEqual({ decision: 'ask-again', waitMs: 10 });
});

test('after any other fault it is', () => {
  const admission = saved();
  called(admission, 'timeout', 1000);
  expect(admission.take(1000)).toEqual({ decision: 'go' });
});
