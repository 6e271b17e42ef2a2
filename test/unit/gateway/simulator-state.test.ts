import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ProviderAnswer } from '../../../actors/gateway/answer.ts';
import { decodeBatch, encodeBatch, type SimulatorEntry } from '../../../supervisor/gateway/simulator-entry.ts';
import { SimulatorState } from '../../../supervisor/gateway/simulator-state.ts';
import { anyEntries, callEntry, scriptEntry } from './simulator-entries.ts';

const START = Date.parse('2026-11-22T09:00:00Z');

describe('journal', () => {
  test('a row says what was received, and moved what took effect', () => {
    const state = stateAfter([callEntry({ key: 'A1-p1', kind: 'payout', party: 'store-lyon' })]);
    const row = {
      key: 'A1-p1',
      kind: 'payout',
      order: 'A1',
      transaction: 'pi_1',
      amount: 1000,
      currency: 'EUR',
      party: 'store-lyon',
      outcome: 'ok',
      at: '2026-11-22T09:00:00.000Z',
      gatewayReference: 'po_1',
    };
    expect(state.journal()).toEqual({
      calls: [row],
      moved: [row],
      totals: [{ kind: 'payout', currency: 'EUR', count: 1, amount: 1000 }],
      size: { calls: 1, moved: 1 },
    });
  });

  test('pages have all the rows between them, and totals are of all', () => {
    const state = stateAfter([1, 2, 3].map((n) => callEntry({ key: `A1-c${n}` })));
    const keys = [0, 2].flatMap((from) => state.journal({ from, limit: 2 }).calls.map(({ key }) => key));
    expect(keys).toEqual(['A1-c1', 'A1-c2', 'A1-c3']);
    expect(state.journal({ from: 2, limit: 2 }).totals).toEqual(state.journal().totals);
  });

  test('of one order has the rows of that order', () => {
    const state = stateAfter(['A1', 'A2', 'A1'].map((order, n) => callEntry({ key: `${order}-c${n}`, order })));
    const { calls, size } = state.journal({ from: 1, limit: 10, order: 'A1' });
    expect([calls.map(({ key }) => key), size]).toEqual([['A1-c2'], { calls: 2, moved: 2 }]);
  });

  test('what failed late moves back in a movement of its own, at the time when it did', () => {
    const entry = callEntry();
    const state = stateAfter([scriptEntry({ behave: 'late-failure' }), entry]);
    const failedAt = '2026-11-22T10:00:00.000Z';
    state.apply({ entry: 'late-failure', key: 'A1-c1', at: Date.parse(failedAt) });
    const { movements, size } = state.movements({ from: 0, limit: 10 });
    expect(movements).toMatchObject([
      { position: 1, key: 'A1-c1', amount: 1000, at: '2026-11-22T09:00:00.000Z', gatewayReference: 'ch_1' },
      { position: 2, key: 'A1-c1', amount: 1000, at: failedAt, gatewayReference: 'ch_1', failedLate: true },
    ]);
    expect(size).toBe(2);
    expect(state.movements({ from: 1, limit: 10 }).movements).toEqual(movements.slice(1));
  });

  test('movements less those that failed late are the rows that stand', () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const state = stateAfter(entries);
        const standing = new Map<string, number>();
        for (const { key, amount, failedLate } of state.movements({ from: 0, limit: 1000 }).movements) {
          standing.set(key, (standing.get(key) ?? 0) + (failedLate ? -amount : amount));
        }
        const moved = state.journal().moved.map(({ key, amount }) => [key, amount] as const);
        expect(new Map([...standing].filter(([, amount]) => amount !== 0))).toEqual(new Map(moved));
      }),
    );
  });

  test('its totals are always those of the rows that stand', () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const { moved, totals } = stateAfter(entries).journal();
        const ofRows = new Map<string, { count: number; amount: number }>();
        for (const { kind, currency, amount } of moved) {
          const { count, amount: before } = ofRows.get(`${kind} ${currency}`) ?? { count: 0, amount: 0 };
          ofRows.set(`${kind} ${currency}`, { count: count + 1, amount: before + amount });
        }
        const kept = totals.map(({ kind, currency, ...figures }) => [`${kind} ${currency}`, figures] as const);
        expect(new Map(kept)).toEqual(ofRows);
      }),
    );
  });
});

describe('a key', () => {
  test('that comes again is answered as the first time and moves nothing', () => {
    const state = new SimulatorState();
    const [first, second] = [answer(state, callEntry()), answer(state, callEntry())];
    expect(second).toEqual(first);
    expect(state.journal().moved).toHaveLength(1);
    expect(state.journal().calls.map(({ outcome, replay }) => [outcome, replay])).toEqual([
      ['ok', undefined],
      ['ok', true],
    ]);
  });

  test('that was declined stays declined', () => {
    const state = stateAfter([scriptEntry({ behave: 'decline' }), callEntry()]);
    expect(answer(state, callEntry())).toMatchObject({ answer: 'declined', code: 'declined' });
  });

  test.each([{ amount: 1 }, { kind: 'void' as const }, { currency: 'CHF' }, { transaction: 'pi_2' }])(
    'with other content (%o) is declined, and the first one stands',
    (changes) => {
      const state = stateAfter([callEntry()]);
      expect(answer(state, callEntry(changes))).toMatchObject({ answer: 'declined', code: 'idempotency-mismatch' });
      expect(state.lookup('A1-c1')).toMatchObject({ answer: 'ok' });
      expect(state.journal().moved).toMatchObject([{ amount: 1000 }]);
    },
  );
});

describe('a script', () => {
  test.each([
    ['ok', 'ok', 1],
    ['decline', 'declined', 0],
    ['error-500', 'error-500', 0],
    ['rate-limit', 'rate-limit', 0],
    ['timeout-before', 'timeout', 0],
    ['timeout-after', 'timeout', 1],
    ['late-failure', 'ok', 1],
  ] as const)('%s answers %s and moves %i', (behave, said, moved) => {
    const state = stateAfter([scriptEntry({ behave })]);
    const got = answer(state, callEntry());
    expect(got.answer === 'fault' ? got.fault : got.answer).toBe(said);
    expect(state.journal().calls).toMatchObject([{ outcome: behave }]);
    expect(state.journal().moved).toHaveLength(moved);
  });

  test('is used as often as it says, then the next one, then none', () => {
    const state = stateAfter([scriptEntry({ behave: 'error-500', times: 2 }), scriptEntry({ behave: 'rate-limit' })]);
    const outcomes = [1, 2, 3, 4].map((n) => callEntry({ key: `k${n}` })).map((entry) => answer(state, entry));
    expect(outcomes.map((one) => (one.answer === 'fault' ? one.fault : one.answer))).toEqual([
      'error-500',
      'error-500',
      'rate-limit',
      'ok',
    ]);
  });

  test('is for its kind, and for its order where it names one', () => {
    const state = stateAfter([scriptEntry({ behave: 'decline', order: 'A2' })]);
    expect(answer(state, callEntry()).answer).toBe('ok');
    expect(answer(state, callEntry({ key: 'A2-v1', order: 'A2', kind: 'void' })).answer).toBe('ok');
    expect(answer(state, callEntry({ key: 'A2-c1', order: 'A2' })).answer).toBe('declined');
  });

  test('that is delivered twice counts once', () => {
    const script = scriptEntry({ behave: 'error-500' });
    const state = stateAfter([script, script]);
    expect([answer(state, callEntry()), answer(state, callEntry())].map((one) => one.answer)).toEqual(['fault', 'ok']);
  });

  test('says how long the answer takes', () => {
    const state = stateAfter([scriptEntry({ behave: 'ok', delayMs: 250 })]);
    expect(state.apply(callEntry())?.delayMs).toBe(250);
  });
});

describe('the provider’s own books', () => {
  const capture = callEntry();
  const refund = (key: string, amount: number, changes = {}) => callEntry({ key, kind: 'refund', amount, ...changes });

  test('a transaction is never refunded beyond what it captured', () => {
    const state = stateAfter([capture, refund('A1-r1', 600)]);
    expect(answer(state, refund('A1-r2', 401))).toMatchObject({ code: 'exceeds-captured' });
    expect(answer(state, refund('A1-r3', 400)).answer).toBe('ok');
  });

  test('a capture that was declined leaves nothing to refund', () => {
    const state = stateAfter([scriptEntry({ behave: 'decline' }), capture]);
    expect(answer(state, refund('A1-r1', 1))).toMatchObject({ code: 'exceeds-captured' });
  });

  test('money that settled at once is refunded without a capture, unless its capability record says otherwise', () => {
    const state = new SimulatorState();
    expect(answer(state, refund('A1-r1', 600, { method: 'ideal' })).answer).toBe('ok');
    state.apply({ entry: 'capabilities', id: 'x', capabilities: { method: 'visa', delayedCapture: 'partial' } });
    expect(answer(state, refund('A1-r2', 600))).toMatchObject({ code: 'exceeds-captured' });
    state.apply({ entry: 'capabilities', id: 'y', capabilities: { method: 'visa', delayedCapture: 'none' } });
    expect(answer(state, refund('A1-r3', 600)).answer).toBe('ok');
  });

  test('a party pays back no more than it was paid, in that currency', () => {
    const party = 'store-lyon';
    const state = stateAfter([callEntry({ key: 'p1', kind: 'payout', amount: 700, party })]);
    const reversal = (key: string, amount: number, currency = 'EUR') =>
      answer(state, callEntry({ key, kind: 'payout-reversal', amount, party, currency }));
    expect(reversal('q1', 701)).toMatchObject({ code: 'insufficient-balance' });
    expect(reversal('q2', 1, 'CHF')).toMatchObject({ code: 'insufficient-balance' });
    expect(reversal('q3', 700).answer).toBe('ok');
  });

  test('what a party was paid and failed late it can not pay back', () => {
    const paid = callEntry({ key: 'p1', kind: 'payout', amount: 700, party: 'store-lyon' });
    const state = stateAfter([scriptEntry({ kind: 'payout', behave: 'late-failure' }), paid]);
    state.apply({ entry: 'late-failure', key: 'p1' });
    const back = callEntry({ key: 'q1', kind: 'payout-reversal', amount: 1, party: 'store-lyon' });
    expect(answer(state, back)).toMatchObject({ code: 'insufficient-balance' });
  });

  test('a capture after its last moment, an amount of nothing and money for nobody are declined', () => {
    const state = new SimulatorState();
    const notAfter = new Date(START - 1).toISOString();
    expect(answer(state, callEntry({ key: 'a', notAfter }))).toMatchObject({ code: 'authorisation-expired' });
    expect(answer(state, callEntry({ key: 'b', amount: 0 }))).toMatchObject({ code: 'invalid-amount' });
    expect(answer(state, callEntry({ key: 'c', kind: 'payout' }))).toMatchObject({ code: 'party-missing' });
    expect(state.journal().moved).toEqual([]);
  });
});

describe('a late failure', () => {
  const scripted = [scriptEntry({ behave: 'late-failure' }), callEntry()];
  const happened: SimulatorEntry = { entry: 'late-failure', key: 'A1-c1' };

  test('moves the money, and when it happens moves it back', () => {
    const state = stateAfter(scripted);
    expect(state.lateNews().get('A1-c1')).toMatchObject({ order: 'A1', happened: false });
    expect(state.journal().moved).toHaveLength(1);
    state.apply(happened);
    expect(state.journal().moved).toEqual([]);
    const known = { answer: 'declined', code: 'late-failure', gatewayReference: 'ch_1' };
    expect(state.lookup('A1-c1')).toMatchObject(known);
    const refund = callEntry({ key: 'A1-r1', kind: 'refund', amount: 1 });
    expect(answer(state, refund)).toMatchObject({ code: 'exceeds-captured' });
  });

  test('of a reauthorisation ends it: nothing is captured under it, unless it holds after all', () => {
    const state = stateAfter([
      scriptEntry({ kind: 'reauthorisation', behave: 'late-recapture' }),
      callEntry({ key: 'A1-a1', kind: 'reauthorisation' }),
      { entry: 'late-failure', key: 'A1-a1' },
    ]);
    const capture = (key: string) => answer(state, callEntry({ key, transaction: 'au_1' }));
    expect(capture('A1-c1')).toMatchObject({ code: 'authorisation-expired' });
    state.apply({ entry: 'told', key: 'A1-a1' });
    state.apply({ entry: 'late-recapture', key: 'A1-a1', at: 0 });
    expect(capture('A1-c2').answer).toBe('ok');
  });

  test('happens once, and is forgotten when the order knows', () => {
    const state = stateAfter([...scripted, happened, happened]);
    expect(state.lateNews().get('A1-c1')).toMatchObject({ happened: true });
    state.apply({ entry: 'told', key: 'A1-c1' });
    expect(state.lateNews().size).toBe(0);
    expect(answer(state, callEntry())).toMatchObject({ answer: 'declined', code: 'late-failure' });
  });
});

describe('a late recapture', () => {
  const failed = [
    scriptEntry({ behave: 'late-recapture' }),
    callEntry(),
    { entry: 'late-failure', key: 'A1-c1' },
  ] satisfies SimulatorEntry[];
  const recaptured: SimulatorEntry = { entry: 'late-recapture', key: 'A1-c1', at: 0 };

  test('moves the money again when the order knows that it failed, and not before', () => {
    const state = stateAfter([...failed, recaptured]);
    expect(state.journal().moved).toEqual([]);
    state.apply({ entry: 'told', key: 'A1-c1', outcome: 'failed' });
    expect(state.lateNews().get('A1-c1')).toMatchObject({ outcome: 'confirmed', happened: false });
    state.apply(recaptured);
    expect(state.journal()).toMatchObject({ moved: [{ key: 'A1-c1' }], totals: [{ amount: 1000, count: 1 }] });
    expect(state.lookup('A1-c1')).toMatchObject({ answer: 'ok', gatewayReference: 'ch_1' });
    expect(state.movements({ from: 0, limit: 9 }).movements.map(({ failedLate }) => failedLate ?? false)).toEqual([
      false,
      true,
      false,
    ]);
  });

  test('does not happen to what has not failed', () => {
    const state = stateAfter([...failed.slice(0, 2), { entry: 'told', key: 'A1-c1' }, recaptured]);
    expect(state.journal().moved).toHaveLength(1);
  });

  test('happens once, and what was told of the failure twice does not end it', () => {
    const told = { entry: 'told', key: 'A1-c1', outcome: 'failed' } as const;
    const state = stateAfter([...failed, told, recaptured, recaptured, told]);
    expect(state.journal().moved).toHaveLength(1);
    expect(state.lateNews().get('A1-c1')).toMatchObject({ outcome: 'confirmed', happened: true });
    state.apply({ entry: 'told', key: 'A1-c1', outcome: 'confirmed' });
    expect(state.lateNews().size).toBe(0);
  });
});

describe('whatever comes in whatever order', () => {
  test('a key moves money at most once, and every call received is a row', () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const { calls, moved } = stateAfter(entries).journal();
        expect(new Set(moved.map(({ key }) => key)).size).toBe(moved.length);
        const received = entries.flatMap((entry) => (entry.entry === 'call' ? [entry.call.key] : []));
        expect(calls.map(({ key }) => key)).toEqual(received);
      }),
    );
  });

  test('an answer for good is the answer for ever, until it fails late', () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const state = new SimulatorState();
        for (const entry of entries) {
          const key = entry.entry === 'call' || entry.entry === 'late-failure' ? keyOf(entry) : undefined;
          const before = key === undefined ? undefined : state.lookup(key);
          state.apply(entry);
          if (before && key !== undefined && entry.entry === 'call') expect(state.lookup(key)).toEqual(before);
        }
      }),
    );
  });

  test('the log says it all: replayed from its bytes it is the same state', () => {
    fc.assert(
      fc.property(anyEntries, (entries) => {
        const stored = decodeBatch(encodeBatch({ id: 'b', entries }));
        expect(stored).toEqual({ id: 'b', entries });
        expect(stateAfter(stored.entries)).toEqual(stateAfter(entries));
      }),
    );
  });
});

function keyOf(entry: SimulatorEntry & { entry: 'call' | 'late-failure' }): string {
  return entry.entry === 'call' ? entry.call.key : entry.key;
}

function stateAfter(entries: SimulatorEntry[]): SimulatorState {
  const state = new SimulatorState();
  for (const entry of entries) state.apply(entry);
  return state;
}

function answer(state: SimulatorState, entry: SimulatorEntry): ProviderAnswer {
  const reaction = state.apply(entry);
  if (!reaction) throw new Error(`${entry.entry} is not answered`);
  return reaction.answer;
}
