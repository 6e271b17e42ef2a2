/** Every code that a return can refuse a command with. A code without a row fails. */
import { expect, test } from 'vitest';
import type { RefusalCode } from '../../../protocols/refusals.ts';
import { codesOf, command, type Said } from '../../fixture/chart-scenario.ts';
import {
  agreed,
  cancel,
  declared,
  declareRefused,
  handBack,
  inspect,
  parcel,
  receive,
  request,
  requestFor,
} from './parcel.ts';

interface Row {
  claim: string;
  given?: () => ReturnType<typeof parcel>;
  when: Said;
}

const requestedAtParis = () =>
  parcel().given(request({ '1': 3 }, undefined, 'store', 'store-paris'), declared({ '1': 'store-lyon' }));
const atParis = () => agreed().given(receive({ '1': 2 }));
const atHeadquarters = () => agreed().given(receive({ '1': 2 }, 'ops-anna'));
const REASONS = [
  { code: 'damaged', name: 'Damaged' },
  { code: 'too-small', name: 'Too small' },
];
const withReasons = () => parcel({ reasons: REASONS });
const damaged = () => withReasons().given(requestFor({ '1': 'damaged' }), declared({ '1': 'store-lyon' }));
const receiveFor = (reasons: Record<string, string>) =>
  command('store-paris', 'receive', {
    lines: Object.entries(reasons).map(([line, reason]) => ({ line, quantity: 1, reason })),
  });
const refusedByOrder = () => parcel().given(request({ '1': 9 }), declareRefused());
const rejectedTwo = () => atParis().given(inspect({ '1': { accepted: 0, rejected: 2 } }));
const all = { '1': 3, '2': 1 };
const twice = [1, 1].map((quantity) => ({ line: '1', quantity, accepted: quantity }));

const ROWS: Partial<Record<RefusalCode, Row[]>> = {
  'command-id-reused': [
    {
      claim: 'one id, two contents',
      given: () => parcel().given(request({ '1': 1 }, 'ask')),
      when: request({ '1': 2 }, 'ask'),
    },
  ],
  'not-allowed': [
    { claim: 'another store does not inspect', given: atParis, when: inspect({ '1': { accepted: 1 } }, 'store-lyon') },
    {
      claim: 'a store does not inspect at headquarters',
      given: atHeadquarters,
      when: inspect({ '1': { accepted: 1 } }),
    },
    { claim: 'another store hands nothing back', given: rejectedTwo, when: handBack({ '1': 1 }, 'store-lyon') },
    { claim: 'a second store does not receive', given: atParis, when: receive({ '1': 1 }, 'store-lyon') },
    { claim: 'a store does not receive the rest of headquarters', given: atHeadquarters, when: receive({ '1': 1 }) },
    { claim: 'a store does not cancel what a channel requested', given: agreed, when: cancel('store-lyon') },
    { claim: 'nor the rest of what it took a part of', given: atParis, when: cancel('store-paris') },
    { claim: 'nor what another store requested', given: requestedAtParis, when: cancel('store-lyon') },
    {
      claim: 'nor the rest of it',
      given: () => requestedAtParis().given(receive({ '1': 1 })),
      when: cancel('store-lyon'),
    },
  ],
  'invalid-payload': [
    {
      claim: 'what is not accepted is not restocked',
      given: atParis,
      when: inspect({ '1': { accepted: 1, restock: 2 } }),
    },
    { claim: 'something is decided', given: atParis, when: inspect({ '1': { accepted: 0 } }) },
  ],
  'already-exists': [
    { claim: 'requested before', given: agreed, when: request({ '1': 1 }) },
    {
      claim: 'requested, and the order is still asked',
      given: () => parcel().given(request({ '1': 1 })),
      when: request({ '1': 1 }),
    },
  ],
  'unknown-return': [
    { claim: 'never requested', when: receive({ '1': 1 }) },
    { claim: 'the order is still asked', given: () => parcel().given(request({ '1': 1 })), when: receive({ '1': 1 }) },
    { claim: 'the order refused it, for goods', given: refusedByOrder, when: receive({ '1': 1 }) },
    { claim: 'the order refused it, for a cancellation', given: refusedByOrder, when: cancel() },
  ],
  'wrong-state': [
    { claim: 'nothing came to inspect', given: agreed, when: inspect({ '1': { accepted: 1 } }) },
    { claim: 'a cancelled return takes no goods', given: () => agreed().given(cancel()), when: receive({ '1': 1 }) },
    { claim: 'nothing came to hand back', given: agreed, when: handBack({ '1': 1 }) },
    {
      claim: 'the order is asked about extra items',
      given: () => agreed().given(receive({ '1': 4 })),
      when: receive({ '1': 1 }),
    },
    { claim: 'all of it came', given: () => agreed().given(receive(all)), when: cancel() },
  ],
  'duplicate-line': [
    { claim: 'requested twice', when: command('channel-web', 'request', { order: 'A1', by: 'mail', lines: twice }) },
    { claim: 'received twice', given: agreed, when: command('store-paris', 'receive', { lines: twice }) },
    { claim: 'handed back twice', given: rejectedTwo, when: command('store-paris', 'hand-back', { lines: twice }) },
    { claim: 'inspected twice', given: atParis, when: command('store-paris', 'inspect', { lines: twice }) },
  ],
  'unknown-line': [
    { claim: 'handed back', given: rejectedTwo, when: handBack({ '9': 1 }) },
    { claim: 'inspected', given: atParis, when: inspect({ '9': { accepted: 1 } }) },
  ],
  'unknown-reason': [
    { claim: 'requested', given: withReasons, when: requestFor({ '1': 'damaged', '2': 'ugly' }) },
    { claim: 'requested without one', given: withReasons, when: request({ '1': 1 }) },
    { claim: 'given at the counter', given: damaged, when: receiveFor({ '9': 'ugly' }) },
    { claim: 'given of what was declared', given: damaged, when: receiveFor({ '1': 'ugly' }) },
  ],
  'exceeds-rejected': [
    { claim: 'at once', given: rejectedTwo, when: handBack({ '1': 3 }) },
    { claim: 'in parts', given: () => rejectedTwo().given(handBack({ '1': 1 })), when: handBack({ '1': 2 }) },
    {
      claim: 'what is accepted is kept',
      given: () => atParis().given(inspect({ '1': { accepted: 2 } })),
      when: handBack({ '1': 1 }),
    },
  ],
  'exceeds-received': [
    { claim: 'at once', given: atParis, when: inspect({ '1': { accepted: 2, rejected: 1 } }) },
    {
      claim: 'in parts',
      given: () => atParis().given(inspect({ '1': { accepted: 1 } })),
      when: inspect({ '1': { accepted: 1, rejected: 1 } }),
    },
    {
      claim: 'what was rejected is decided too',
      given: () => atParis().given(inspect({ '1': { accepted: 0, rejected: 2 } })),
      when: inspect({ '1': { accepted: 1 } }),
    },
  ],
};

for (const [code, rows] of Object.entries(ROWS)) {
  test.each(rows)(`${code}: $claim`, ({ given = parcel, when }) => {
    const one = given();
    const before = one.snapshot && one.charted;
    one.when(when).refuses(code as RefusalCode);
    // It is not there, and remembers what it refused.
    if (!before?.record) return expect(one.charted.record).toBeUndefined();
    const { handled: _, ...unchanged } = before.record;
    expect(one.charted).toMatchObject({ state: before.state, record: unchanged });
  });
}

test('every code of a return has a row', () => {
  const fromChart = ['already-exists', 'command-id-reused'];
  expect(Object.keys(ROWS).sort()).toEqual([...codesOf('return'), ...fromChart].sort());
});

test('a refused command is remembered: the same id again is not judged again', () => {
  const late = command('store-paris', 'inspect', { lines: [{ line: '9', accepted: 1 }] }, 'same');
  atParis().when(late).refuses('unknown-line').when(late).ignores();
});

test('a store that may not cancel is told who may', () => {
  const asked = agreed().when(cancel('store-lyon'));
  const reason = 'R1 was requested by channel-web: only it, a channel or ops may cancel it';
  expect(asked.last).toMatchObject({ refusal: { reason } });
});

test('an unknown reason is refused with the known ones', () => {
  const asked = withReasons().when(requestFor({ '1': 'damaged', '2': 'ugly' }));
  expect(asked.last).toMatchObject({
    refusal: { reason: 'lines[1].reason: must be one of damaged, too-small' },
  });
});

test('a request without a reason is refused with the known ones', () => {
  expect(withReasons().when(request({ '1': 1 })).last).toMatchObject({
    refusal: { reason: 'lines[0].reason: must be given, as one of damaged, too-small' },
  });
});

test('what was declared for a reason comes in without another word on it, and so does more', () => {
  damaged()
    .given(receive({ '1': 1 }))
    .is('received');
  damaged()
    .given(receive({ '1': 2 }))
    .is('extending');
  damaged()
    .given(receive({ '1': 1, '9': 1 }))
    .is('extending');
});
