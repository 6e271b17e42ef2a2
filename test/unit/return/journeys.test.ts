import { describe, expect, test } from 'vitest';
import { join } from '../../../actors/return/record.ts';
import { createReturn } from '../../../actors/return/return.ts';
import { returnView } from '../../../actors/return/view.ts';
import type { Part } from '../../../protocols/actor.ts';
import { encode } from '../../../protocols/codec.ts';
import { DEFAULT_RETURNS } from '../../../supervisor/node/returns-config.ts';
import { VIEWED } from '../../../supervisor/node/viewed-entities.ts';
import { command } from '../../fixture/chart-scenario.ts';
import { agreed, cancel, declared, declareRefused, handBack, inspect, parcel, receive, request } from './parcel.ts';

const returnActor = createReturn(DEFAULT_RETURNS);
const { view: viewOf } = VIEWED.find(({ kind }) => kind.entity === 'return') ?? raise('returns can not be asked for');

const stored = ({ snapshot }: ReturnType<typeof parcel>): Part[] =>
  snapshot ? returnActor.parts(snapshot, undefined) : [];

/** As a query shows it. */
const view = (parts: Part[]): unknown => viewOf(returnActor.load(parts));
const shown = (scenario: ReturnType<typeof parcel>): unknown => view(stored(scenario));

function raise(what: string): never {
  throw new Error(what);
}

describe('a request', () => {
  test('has its outcome when the order has agreed', () => {
    const asked = parcel()
      .given(request({ '1': 3 }, 'ask'))
      .says('send declare to order A1')
      .is('declaring');
    expect(asked.last).toMatchObject({ deferred: true });
    expect(asked.payloadOf('declare')).toEqual({ return: 'R1', lines: [{ line: '1', quantity: 3, windowDays: 30 }] });
    asked
      .given(declared({ '1': 'store-lyon' }))
      .says('answer ask applied', 'event requested')
      .is('requested');
    expect(asked.payloadOf('requested')).toEqual({
      return: 'R1',
      order: 'A1',
      revision: 1,
      by: 'store',
      lines: [{ line: '1', sku: 'sku-1', quantity: 3 }],
    });
  });

  test('is refused with the code of the order: then there is no return, and it may be made again', () => {
    const refused = parcel().given(request({ '1': 3 }, 'ask'), declareRefused());
    refused.says('answer ask exceeds-handed-over');
    expect(refused.last).toMatchObject({ revision: 0 });
    expect(shown(refused)).toBeUndefined();
    refused.when(cancel()).refuses('unknown-return');
    expect(refused.last).toMatchObject({ revision: 0 });
    refused.given(request({ '1': 1 }, 'again'), declared({ '1': 'store-lyon' })).is('requested');
    refused.says('answer again applied', 'event requested');
    expect(shown(refused)).toMatchObject({ revision: 1, lines: [{ declared: 1 }] });
  });

  test('shows no return while the order is asked', () => {
    const asked = parcel().given(request({ '1': 3 }, 'ask'));
    expect(shown(asked)).toBeUndefined();
    asked.when(request({ '1': 1 })).refuses('already-exists');
    expect(asked.last).toMatchObject({ revision: 0 });
    asked.given(declared({ '1': 'store-lyon' }));
    expect(shown(asked)).toMatchObject({ state: 'requested', lines: [{ declared: 3 }] });
  });

  test('that was refused, as older records have it, is no return either', () => {
    const { record } = agreed().charted;
    const older = { ...record, handled: [['key', 'hash']], end: 'refused', state: 'refused' };
    const part = { name: '', bytes: encode(older, 'msgpack') };
    expect(view([part])).toBeUndefined();
    const cancelled = returnActor.handle(returnActor.load([part]), { entity: 'return', id: 'R1', at: 0, ...cancel() });
    expect(cancelled).toMatchObject({ kind: 'refused', refusal: { code: 'unknown-return' }, revision: 0 });
  });

  test('that comes again while the order is asked, or later, is ignored', () => {
    const asked = parcel()
      .given(request({ '1': 3 }, 'ask'))
      .when(request({ '1': 3 }, 'ask'))
      .ignores();
    asked
      .given(declareRefused())
      .when(request({ '1': 3 }, 'ask'))
      .ignores();
  });
});

describe('goods', () => {
  test('are received, inspected and claimed in parts, until all is decided', () => {
    const back = agreed()
      .given(receive({ '1': 1 }))
      .says('event received')
      .is('received');
    back.given(inspect({ '1': { accepted: 1, restock: 1 } })).is('received');
    back.says('send claim to order A1', 'send restock to store store-paris', 'event inspected');
    expect(back.payloadOf('claim')).toEqual({
      return: 'R1',
      claim: 1,
      lines: [{ line: '1', accepted: 1, rejected: 0 }],
      refundShipping: false,
      fee: 0,
      store: 'store-paris',
    });
    back.given(receive({ '1': 2, '2': 1 }));
    back.given(inspect({ '1': { accepted: 1, rejected: 1 }, '2': { accepted: 0 } }, 'store-paris', { fee: 250 }));
    expect(back.payloadOf('claim')).toMatchObject({
      claim: 2,
      fee: 250,
      lines: [{ line: '1', accepted: 1, rejected: 1 }],
    });
    back
      .is('received')
      .given(inspect({ '2': { accepted: 1 } }, 'ops-anna', { refundShipping: true }))
      .is('inspected');
    expect(back.payloadOf('claim')).toMatchObject({ claim: 3, refundShipping: true, store: 'store-paris' });
    expect(returnView(back.charted)).toMatchObject({
      state: 'inspected',
      store: 'store-paris',
      lines: [
        { line: '1', sku: 'sku-1', declared: 3, received: 3, accepted: 2, rejected: 1 },
        { line: '2', sku: 'sku-2', declared: 1, received: 1, accepted: 1, rejected: 0 },
      ],
    });
  });

  test('that are not said to be fit for sale go on no shelf', () => {
    const back = agreed().given(receive({ '1': 1 }), inspect({ '1': { accepted: 1 } }));
    back.says('send claim to order A1', 'event inspected');
  });

  test('that no store took go back to the stores that sent them', () => {
    const back = agreed().given(receive({ '1': 1, '2': 1 }, 'ops-anna'));
    back.given(inspect({ '1': { accepted: 1, restock: 1 }, '2': { accepted: 1, restock: 1 } }, 'ops-anna'));
    back.says(
      'send claim to order A1',
      'send restock to store store-lyon',
      'send restock to store store-warehouse',
      'event inspected',
    );
    expect(back.payloadOf('restock')).toEqual({ return: 'R1', order: 'A1', items: [{ sku: 'sku-1', quantity: 1 }] });
    expect(back.payloadOf('claim')).not.toHaveProperty('store');
  });
});

describe('extra items at the counter', () => {
  test('are received when the order has agreed to them, and the command has its outcome then', () => {
    const back = agreed()
      .given(receive({ '1': 4, '3': 2 }, 'store-paris', 'more'))
      .says('send declare to order A1')
      .is('extending');
    expect(back.last).toMatchObject({ deferred: true });
    expect(back.payloadOf('declare')).toMatchObject({
      lines: [
        { line: '1', quantity: 1 },
        { line: '3', quantity: 2 },
      ],
    });
    back
      .given(declared({ '1': 'store-lyon', '3': 'store-nice' }))
      .says('answer more applied', 'event received')
      .is('received');
    expect(back.payloadOf('received')).toMatchObject({
      store: 'store-paris',
      lines: [
        { line: '1', quantity: 4 },
        { line: '3', quantity: 2 },
      ],
      extra: [
        { line: '1', quantity: 1 },
        { line: '3', quantity: 2 },
      ],
    });
    expect(returnView(back.charted).lines).toMatchObject([
      { line: '1', declared: 4, received: 4 },
      { line: '2', declared: 1, received: 0 },
      { line: '3', sku: 'sku-3', declared: 2, received: 2 },
    ]);
    back.given(inspect({ '3': { accepted: 2, restock: 1 } }));
    back.says('send claim to order A1', 'send restock to store store-paris', 'event inspected');
  });

  test('that the order does not agree to refuse the whole command, and the return is as it was', () => {
    const none = agreed().given(receive({ '1': 4 }, 'store-paris', 'more'), declareRefused());
    none.says('answer more exceeds-handed-over').is('requested');
    expect(returnView(none.charted).lines).toMatchObject([{ declared: 3, received: 0 }, {}]);
    const some = agreed().given(receive({ '1': 1 }), receive({ '9': 1 }, 'store-paris', 'more'));
    some.given(declareRefused('unknown-line')).says('answer more unknown-line').is('received');
    some.given(receive({ '1': 1 })).is('received');
  });

  test.each([
    ['nothing came yet', agreed],
    ['a part came', () => agreed().given(receive({ '1': 1 }))],
  ])(
    'are shown when the order has agreed, %s: until then, and when it refuses, a query says what it said before',
    (_, given) => {
      const back = given();
      const before = shown(back);
      for (const name of ['more', 'still more']) {
        expect(shown(back.given(receive({ '9': 1 }, 'store-paris', name)))).toEqual(before);
        back.when(receive({ '1': 1 })).refuses('wrong-state');
        expect(shown(back.given(declareRefused('unknown-line')))).toEqual(before);
        expect(back.last).toMatchObject({ revision: back.charted.record.revision });
      }
      back.given(receive({ '9': 1 }, 'store-paris', 'most'), declared({ '9': 'store-nice' }));
      const { revision } = before as { revision: number };
      expect(shown(back)).toMatchObject({ revision: revision + 1, state: 'received' });
      expect(back.payloadOf('received')).toMatchObject({ revision: revision + 1 });
      back.given(receive({ '1': 1 }));
      expect(shown(back)).toMatchObject({ revision: revision + 2 });
    },
  );
});

describe('rejected units', () => {
  test('are handed back in parts, also when all is decided', () => {
    const back = agreed().given(receive({ '1': 3 }), inspect({ '1': { accepted: 1, rejected: 2 } }));
    expect(returnView(back.charted).lines[0]).toMatchObject({ rejected: 2, handedBack: 0, toHandBack: 2 });
    back
      .given(handBack({ '1': 1 }))
      .says('event handed-back')
      .is('received');
    expect(back.payloadOf('handed-back')).toMatchObject({
      store: 'store-paris',
      lines: [{ line: '1', sku: 'sku-1', quantity: 1 }],
    });
    back
      .given(cancel())
      .is('inspected')
      .given(handBack({ '1': 1 }, 'ops-anna'));
    expect(returnView(back.charted).lines[0]).toMatchObject({ handedBack: 2, toHandBack: 0 });
  });
});

test('what is handed back by mail says with whom', () => {
  const back = agreed().given(receive({ '1': 1 }), inspect({ '1': { accepted: 0, rejected: 1 } }));
  const sent = { carrier: 'dhl', tracking: 'T1' };
  back.given(command('store-paris', 'hand-back', { lines: [{ line: '1', quantity: 1 }], ...sent }));
  expect(back.payloadOf('handed-back')).toMatchObject(sent);
});

describe('a return that pays for another order', () => {
  const lines = [{ line: '1', quantity: 3 }];
  const forA2 = () =>
    parcel().given(
      command('channel-web', 'request', { order: 'A1', lines, by: 'store', exchange: 'A2' }),
      declared({ '1': 'store-lyon' }),
      receive({ '1': 3 }),
    );

  test('says so with every claim, from the request on or from an inspection on', () => {
    const asked = forA2().given(inspect({ '1': { accepted: 1 } }));
    expect(asked.payloadOf('claim')).toMatchObject({ claim: 1, exchange: 'A2' });
    const atTheCounter = agreed().given(receive({ '1': 3 }), inspect({ '1': { accepted: 1 } }));
    expect(atTheCounter.payloadOf('claim')).not.toHaveProperty('exchange');
    atTheCounter.given(inspect({ '1': { accepted: 1 } }, 'store-paris', { exchange: 'A3' }));
    expect(atTheCounter.payloadOf('claim')).toMatchObject({ claim: 2, exchange: 'A3' });
    atTheCounter.given(inspect({ '1': { accepted: 1 } }));
    expect(atTheCounter.payloadOf('claim')).toMatchObject({ claim: 3, exchange: 'A3' });
    expect(returnView(atTheCounter.charted)).toMatchObject({ exchange: 'A3' });
  });

  test('pays for one', () => {
    forA2()
      .when(inspect({ '1': { accepted: 1 } }, 'store-paris', { exchange: 'A3' }))
      .refuses('invalid-payload');
  });
});

test('a return that was stored before units were handed back is read as one of today', () => {
  const [today] = agreed().charted.record.lines;
  const { handedBack: _, ...line } = { ...today, handedBack: 0, sentBy: 'store-lyon' };
  const stored = { ...agreed().charted.record, v: 1, lines: [line], state: 'requested' };
  const sentBy = [{ store: 'store-lyon', quantity: 3 }];
  expect(join(stored)).toMatchObject({ v: 2, lines: [{ ...line, sentBy, handedBack: 0 }] });
  expect(() => join({ ...stored, v: 9 })).toThrow('version 9');
});

describe('cancelling', () => {
  test('before anything came ends the return, and the order is told', () => {
    const gone = agreed().given(cancel()).says('send declare-cancelled to order A1', 'event cancelled').is('cancelled');
    expect(gone.payloadOf('declare-cancelled')).toEqual({
      return: 'R1',
      lines: [
        { line: '1', quantity: 3 },
        { line: '2', quantity: 1 },
      ],
    });
  });

  test('after a part came gives up the rest, and what came is decided', () => {
    const rest = agreed()
      .given(receive({ '1': 2 }), cancel())
      .is('received');
    expect(rest.payloadOf('declare-cancelled')).toMatchObject({
      lines: [
        { line: '1', quantity: 1 },
        { line: '2', quantity: 1 },
      ],
    });
    rest.given(inspect({ '1': { accepted: 2 } })).is('inspected');
  });

  test('is for the store that requested it, wherever the goods are, and for ops', () => {
    const asked = () =>
      parcel().given(request({ '1': 3 }, undefined, 'store', 'store-paris'), declared({ '1': 'store-lyon' }));
    asked().given(cancel('store-paris')).is('cancelled');
    asked()
      .given(receive({ '1': 1 }, 'store-lyon'), cancel('store-paris'))
      .is('received');
    asked().given(cancel('ops-anna')).is('cancelled');
  });

  test('is for no store where an older release took the request, which kept no requester', () => {
    const { requestedBy: _, ...older } = agreed().charted.record;
    const part = { name: '', bytes: encode({ ...older, state: 'requested' }, 'msgpack') };
    const said = (origin: string) =>
      returnActor.handle(returnActor.load([part]), { entity: 'return', id: 'R1', at: 0, ...cancel(origin) });
    expect(said('store-paris')).toMatchObject({ kind: 'refused', refusal: { code: 'not-allowed' } });
    expect(said('channel-web').kind).toBe('applied');
  });

  test('after all that came was decided ends it', () => {
    agreed()
      .given(receive({ '1': 1 }), inspect({ '1': { accepted: 1 } }), cancel())
      .is('inspected');
  });
});

test('what the order says twice, or too late, changes nothing', () => {
  agreed()
    .when(declared({ '1': 'store-x' }))
    .ignores()
    .when(declareRefused())
    .ignores();
  parcel()
    .when(declared({ '1': 'store-x' }))
    .ignores();
});
