import { expect, test } from 'vitest';
import type { Fault, LookupAnswer } from '../../../actors/gateway/answer.ts';
import { type Attempt, type AttemptPolicy, begin, decide, proceed } from '../../../actors/gateway/attempt.ts';
import type { GatewayRequest, GatewayResult } from '../../../protocols/gateway.ts';
import { sampleRequest } from './sample-request.ts';

const HOUR = 3_600_000;
const policy: AttemptPolicy = { maxFaults: 3, maxKeyAgeMs: 24 * HOUR, backoff: { baseMs: 100, capMs: 1000 } };
const request = sampleRequest();
const start = Date.parse(request.requestedAt);
const fault = (of: Fault): LookupAnswer => ({ answer: 'fault', fault: of });

test('an answer ends it', () => {
  const paid = run(request, [{ answer: 'ok', gatewayReference: 'ch_1' }]);
  expect(paid.steps).toEqual(['send']);
  expect(paid.result).toMatchObject({ key: 'A1-c1', kind: 'capture', outcome: 'confirmed', gatewayReference: 'ch_1' });
  const refused = run(request, [{ answer: 'declined', code: 'card-expired', reason: 'expired' }]);
  expect(refused.result).toMatchObject({ outcome: 'failed', code: 'card-expired', reason: 'expired' });
});

test.each(['timeout', 'error-500', 'connection'] as const)(
  'after %s the provider is asked, and unknown is said once',
  (of) => {
    const { steps, reports, result } = run(request, [fault(of), fault(of), { answer: 'ok', gatewayReference: 'ch_1' }]);
    expect(steps).toEqual(['send', 'look-up', 'look-up']);
    expect(reports).toEqual([expect.objectContaining({ outcome: 'unknown', code: of })]);
    expect(result.outcome).toBe('confirmed');
  },
);

test('only a positive not-found sends again', () => {
  const answers = [fault('timeout'), { answer: 'not-found' }, { answer: 'ok', gatewayReference: 'ch_1' }] as const;
  expect(run(request, [...answers]).steps).toEqual(['send', 'look-up', 'send']);
});

test('too many requests is neither unknown nor a fault: it waits and sends', () => {
  const limited = Array.from({ length: 10 }, () => fault('rate-limit'));
  const { steps, reports, result } = run(request, [...limited, { answer: 'ok', gatewayReference: 'ch_1' }]);
  expect(steps).toEqual(Array.from({ length: 11 }, () => 'send'));
  expect(reports).toEqual([]);
  expect(result.outcome).toBe('confirmed');
});

test('without an answer after so many faults it stays unknown, for a person', () => {
  const { steps, result } = run(request, [fault('timeout'), fault('timeout'), fault('timeout')]);
  expect(steps).toHaveLength(3);
  expect(result).toMatchObject({ outcome: 'unknown', code: 'attempts-exhausted', givenUp: true });
});

test('a provider that was not there, and said so, is a failure, not a doubt', () => {
  const denied: Attempt = { next: 'send', inDoubt: false, unknownReported: true, faults: 3, waits: 3 };
  const { step, result } = { result: undefined, ...decide(request, denied, start, policy) };
  expect(step).toBe('finish');
  expect(result).toMatchObject({ outcome: 'failed', code: 'gateway-unavailable' });
});

test('after the last moment of an authorisation nothing is sent', () => {
  const notAfter = '2026-11-22T10:00:00Z';
  const expiring = sampleRequest({ notAfter });
  expect(decide(expiring, begin(false), Date.parse(notAfter), policy).step).toBe('send');
  const late = run(expiring, [], policy, Date.parse(notAfter) + 1);
  expect(late.steps).toEqual([]);
  expect(late.result).toMatchObject({ outcome: 'failed', code: 'authorisation-expired' });
});

test('an expired one that somebody else may have sent is asked for first', () => {
  const expired = sampleRequest({ notAfter: '2026-11-22T08:00:00Z' });
  const found = run(expired, [{ answer: 'ok', gatewayReference: 'ch_1' }], policy, start, 0, true);
  expect(found.steps).toEqual(['look-up']);
  expect(found.result.outcome).toBe('confirmed');
  const denied = run(expired, [{ answer: 'not-found' }], policy, start, 0, true);
  expect(denied.result).toMatchObject({ outcome: 'failed', code: 'authorisation-expired' });
});

test('a key older than the provider keeps is never sent again', () => {
  expect(decide(request, begin(false), start + 24 * HOUR - 1, policy).step).toBe('send');
  const old = run(request, [], policy, start + 24 * HOUR);
  expect(old.steps).toEqual([]);
  expect(old.result).toMatchObject({ outcome: 'unknown', code: 'key-too-old' });
  const doubtful = run(request, [fault('timeout'), { answer: 'not-found' }], policy, start + 24 * HOUR - 1, 1);
  expect(doubtful.steps).toEqual(['send', 'look-up']);
  expect(doubtful.result).toMatchObject({ outcome: 'unknown', code: 'key-too-old' });
});

test('news is dated when the provider was asked, and what is said without asking when it was requested', () => {
  const asked = new Date(start + 7).toISOString();
  const at = { askedAt: start + 7, random: 0 };
  for (const answer of [
    { answer: 'ok', gatewayReference: 'ch_1' },
    { answer: 'declined', code: 'declined', reason: 'no' },
  ] as const) {
    expect(proceed(request, begin(false), answer, at, policy)).toMatchObject({ result: { at: asked } });
  }
  expect(proceed(request, begin(false), fault('timeout'), at, policy)).toMatchObject({ report: { at: asked } });
  const expired = sampleRequest({ notAfter: '2026-11-22T08:00:00Z' });
  expect(run(expired, [], policy, start + HOUR).result.at).toBe(expired.requestedAt);
});

test('a time that nobody can read counts as past', () => {
  expect(run(sampleRequest({ requestedAt: 'yesterday' }), []).result.code).toBe('key-too-old');
  expect(run(sampleRequest({ notAfter: 'tomorrow' }), []).result.code).toBe('authorisation-expired');
});

/** Plays the answers one after another, `stepMs` apart. */
function run(
  of: GatewayRequest,
  answers: LookupAnswer[],
  by: AttemptPolicy = policy,
  from = start,
  stepMs = 0,
  redelivered = false,
): { steps: string[]; reports: GatewayResult[]; result: GatewayResult } {
  const steps: string[] = [];
  const reports: GatewayResult[] = [];
  let attempt = begin(redelivered);
  let now = from;
  for (const answer of [...answers, undefined]) {
    const step = decide(of, attempt, now, by);
    if (step.step === 'finish') return { steps, reports, result: step.result };
    if (!answer) break;
    steps.push(step.step);
    const progress = proceed(of, Object.freeze(attempt), answer, { askedAt: now, random: 0.5 }, by);
    if (progress.progress === 'finished') return { steps, reports, result: progress.result };
    if (progress.report) reports.push(progress.report);
    attempt = progress.attempt;
    now += stepMs;
  }
  throw new Error(`not finished after ${steps.join(', ')}`);
}
