import { describe, expect, test } from 'vitest';
import { announcements } from '../../../actors/store/announce.ts';
import { storeView } from '../../../actors/store/view.ts';
import { from } from '../../fixture/chart-scenario.ts';
import { adjust, close, FRANCHISE, leaving, OPEN, open, reserve, restock, shop, stock } from './shop.ts';

/** `sku onHand reserved` of every sku. */
const levels = (scenario: ReturnType<typeof shop>) =>
  storeView(scenario.charted).stock.map(({ sku, onHand, reserved }) => `${sku} ${onHand} ${reserved}`);
const work = (scenario: ReturnType<typeof shop>) =>
  storeView(scenario.charted).fulfilments.map(
    ({ fulfilment, lines }) => `${fulfilment} ${lines.map(({ line, quantity }) => `${line}×${quantity}`).join(' ')}`,
  );
const stocked = () => shop().given(open(), stock({ hat: 5, cap: 2 }));

describe('terms', () => {
  test('an opened store says its terms for everybody, without its account', () => {
    const opened = shop()
      .given(open({ ...FRANCHISE, latitude: 45.75, longitude: 4.85, priority: 3 }))
      .is('open');
    opened.says('event opened');
    expect(opened.payloadOf('opened')).toEqual({
      store: 'store-lyon',
      revision: 1,
      name: 'Lyon',
      ownership: 'franchise',
      commission: '0.15',
      country: 'FR',
      latitude: 45.75,
      longitude: 4.85,
      priority: 3,
      autoAccept: false,
      open: true,
    });
  });

  test('a reservation freezes the terms of a franchise, and a company store has no commission', () => {
    const one = shop().given(open(FRANCHISE), stock({ hat: 1 }), reserve('A1', { hat: 1 }));
    expect(one.payloadOf('reserved')).toEqual({
      fulfilment: 'A1-1',
      accepted: false,
      terms: { ownership: 'franchise', commission: '0.15', payoutAccount: 'acct_lyon' },
    });
    const other = shop().given(open({ ...OPEN, autoAccept: true }), stock({ hat: 1 }), reserve('A1', { hat: 1 }));
    expect(other.payloadOf('reserved')).toMatchObject({
      accepted: true,
      terms: { ownership: 'company', commission: '0' },
    });
  });

  test('opening an open store replaces its terms and leaves its stock', () => {
    const again = stocked()
      .given(open({ ...OPEN, name: 'Lyon 2', priority: 7 }))
      .is('open');
    expect(levels(again)).toEqual(['cap 2 0', 'hat 5 0']);
    expect(again.payloadOf('opened')).toMatchObject({ name: 'Lyon 2', priority: 7 });
  });

  test('a closed store takes nothing new, what is open goes on, and it opens again', () => {
    const closed = stocked()
      .given(reserve('A1', { hat: 2 }), close())
      .is('closed');
    closed.says('event closed');
    closed.when(reserve('A2', { hat: 1 })).answers('send reserve-refused to order A2');
    closed.when(reserve('A1', { hat: 2 })).answers('send reserved to order A1');
    closed.given(leaving('hand-over', 'A1', { hat: 2 }), stock({ hat: 9 }), open()).is('open');
    expect(levels(closed)).toEqual(['cap 2 0', 'hat 9 0']);
  });

  test('a store that nobody opened refuses a reservation, and there is still no store', () => {
    const absent = shop()
      .when(reserve('A1', { hat: 1 }))
      .answers('send reserve-refused to order A1');
    expect(absent.snapshot).toBeUndefined();
    absent.when(from('return', 'restock', { return: 'R1', items: [{ sku: 'hat', quantity: 1 }] })).ignores();
  });

  test('a store that nobody opened restocks nothing, and the order hears what', () => {
    const absent = shop()
      .when(restock({ hat: 1, cap: 2 }))
      .answers('send not-restocked to order A1');
    const items = [
      { sku: 'hat', quantity: 1 },
      { sku: 'cap', quantity: 2 },
    ];
    expect(absent.payloadOf('not-restocked')).toEqual({ store: 'store-lyon', return: 'R1', items });
    expect(absent.snapshot).toBeUndefined();
  });
});

describe('a reservation', () => {
  test('is of all lines, and is one event of what changed', () => {
    const one = stocked().given(reserve('A1', { hat: 2, cap: 2 }));
    one.says('send reserved to order A1', 'event stock');
    expect(one.payloadOf('stock')).toEqual({
      store: 'store-lyon',
      revision: 3,
      items: [
        { sku: 'hat', onHand: 5, reserved: 2, available: 3 },
        { sku: 'cap', onHand: 2, reserved: 2, available: 0 },
      ],
      load: 1,
    });
  });

  test('is refused as a whole when one line is short, or two lines of one sku are', () => {
    const one = stocked()
      .when(reserve('A1', { hat: 2, cap: 3 }))
      .answers('send reserve-refused to order A1');
    expect(one.payloadOf('reserve-refused')).toMatchObject({ short: ['cap'] });
    const twice = [1, 2].map((line) => ({ line: String(line), sku: 'cap', quantity: 2 }));
    const message = reserve('A2', {});
    one.when({ ...message, payload: { order: 'A2', fulfilment: 'A2-1', lines: twice } });
    one.answers('send reserve-refused to order A2');
    expect(levels(one)).toEqual(['cap 2 0', 'hat 5 0']);
  });

  test('that comes again is answered again and reserves nothing', () => {
    const one = stocked()
      .given(reserve('A1', { hat: 2 }))
      .when(reserve('A1', { hat: 2 }));
    one.answers('send reserved to order A1');
    expect(levels(one)).toEqual(['cap 2 0', 'hat 5 2']);
  });

  test('is released, found short and handed over in parts', () => {
    const one = stocked().given(reserve('A1', { hat: 4, cap: 1 }));
    one.given(leaving('release', 'A1', { hat: 1 })).says('event stock');
    expect(levels(one)).toEqual(['cap 2 1', 'hat 5 3']);
    one.given(leaving('short', 'A1', { hat: 1 }));
    expect(levels(one)).toEqual(['cap 2 1', 'hat 4 2']);
    one.given(leaving('hand-over', 'A1', { cap: 1, hat: 2 }));
    expect(levels(one)).toEqual(['cap 1 0', 'hat 2 0']);
    expect(one.payloadOf('stock')).toMatchObject({ load: 0 });
    one.when(leaving('release', 'A1', { hat: 1 })).ignores();
  });
});

describe('units that were sold when their reservation had run out', () => {
  const late = (units: Record<string, number>) => leaving('late-hand-over', 'A1', units);

  test('are off the shelf as far as they are there', () => {
    const one = stocked().given(late({ hat: 2, cap: 3 }));
    one.says('event stock');
    expect(levels(one)).toEqual(['cap 0 0', 'hat 3 0']);
  });

  test('are lost by whoever they were promised to since', () => {
    const one = stocked().given(reserve('A2', { hat: 4 }), late({ hat: 2 }));
    one.says('send stock-lost to order A2', 'event stock');
    expect(one.payloadOf('stock-lost')).toEqual({ fulfilment: 'A2-1', lines: [{ line: 'hat', quantity: 1 }] });
    expect(levels(one)).toEqual(['cap 2 0', 'hat 3 3']);
  });
});

describe('a count', () => {
  test('that finds less than was promised takes it from the newest work and tells its order', () => {
    const one = stocked().given(reserve('A1', { hat: 2 }), reserve('A2', { hat: 2, cap: 1 }), stock({ hat: 1 }));
    one.says('send stock-lost to order A2', 'send stock-lost to order A1', 'event stock');
    expect(one.payloadOf('stock-lost')).toEqual({ fulfilment: 'A2-1', lines: [{ line: 'hat', quantity: 2 }] });
    expect(work(one)).toEqual(['A1-1 hat×1', 'A2-1 cap×1']);
    expect(levels(one)).toEqual(['cap 2 1', 'hat 1 1']);
  });

  test('that lost units of a fulfilment leaves fewer to go: what is told too late takes no more than that', () => {
    const one = stocked().given(reserve('A1', { hat: 3 }), reserve('A2', { hat: 2 }), stock({ hat: 3 }));
    one.given(reserve('A3', { cap: 2 }), leaving('hand-over', 'A1', { hat: 5 }));
    expect(levels(one)).toEqual(['cap 2 2', 'hat 0 0']);
  });

  test('that takes all the units of a fulfilment ends its work', () => {
    const one = stocked().given(reserve('A1', { hat: 2 }), adjust({ hat: -5 }));
    expect(one.payloadOf('stock')).toMatchObject({ load: 0 });
    one.when(leaving('hand-over', 'A1', { hat: 2 })).ignores();
  });

  test('of ops is for any store; the deltas of one sku add up', () => {
    const one = stocked().given(stock({ hat: 3 }, 'ops-anna'), adjust({ hat: 4 }, 'ops-anna'));
    expect(levels(one)).toEqual(['cap 2 0', 'hat 7 0']);
  });
});

test('restocked units are on hand, and the clerks are told', () => {
  const one = stocked()
    .given(restock({ hat: 1, new: 2 }))
    .says('tell store-lyon restock', 'event stock');
  expect(levels(one)).toEqual(['cap 2 0', 'hat 6 0', 'new 2 0']);
});

test('skus that are names of object properties, or numbers, are skus like others', () => {
  const odd = shop().given(
    open(),
    stock({ constructor: 2, '71053': 3 }),
    reserve('A1', { constructor: 2, '71053': 1 }),
  );
  odd.given(restock(JSON.parse('{"__proto__":1}')));
  expect(levels(odd)).toEqual(['71053 3 1', '__proto__ 1 0', 'constructor 2 2']);
});

test('what a record announces is what its events said', () => {
  const one = stocked().given(reserve('A1', { hat: 2 }));
  const { terms, stock: levelsNow } = announcements(one.charted.record);
  expect(terms).toMatchObject({ store: 'store-lyon', revision: 3, open: true, name: 'Lyon' });
  expect(levelsNow).toMatchObject({ revision: 3, load: 1, items: [{ sku: 'hat', reserved: 2 }, { sku: 'cap' }] });
});

test('a store that took goods back says the terms of when they were bought; nobody waits for one that is not there', () => {
  const asked = (takenAt?: string) => from('order', 'tell-terms', { order: 'A1', ...(takenAt ? { takenAt } : {}) });
  shop().when(asked()).answers('send store-terms to order A1');
  const one = shop().given(open(FRANCHISE), open({ ...FRANCHISE, commission: '0.3' }), close());
  one.when(asked()).answers('send store-terms to order A1');
  expect(one.payloadOf('store-terms')).toEqual({
    store: 'store-lyon',
    terms: { ownership: 'franchise', commission: '0.3', payoutAccount: 'acct_lyon' },
  });
  one.when(asked('2026-11-22T09:00:00.000Z'));
  expect(one.payloadOf('store-terms')).toMatchObject({ terms: { commission: '0.15' } });
  one.given(from('order', 'owe', { order: 'A1', key: 'A1-o1', amount: 5, currency: 'EUR' })).when(asked());
  expect(one.payloadOf('store-terms')).toMatchObject({ owes: true });
});

test('a franchise that became a company store is paid for orders of before as it was at last', () => {
  const asked = (takenAt?: string) => from('order', 'tell-terms', { order: 'A1', ...(takenAt ? { takenAt } : {}) });
  const before = asked('2026-11-22T09:00:00.000Z');
  const weekly = { ...FRANCHISE, payoutWhen: 'by-period' };
  const one = shop().given(open(weekly), open({ ...weekly, payoutAccount: 'acct_new', commission: '0.3' }), open());
  one.when(before);
  const wasPaid = { ownership: 'franchise', commission: '0.15', payoutAccount: 'acct_new', payoutWhen: 'by-period' };
  expect(one.payloadOf('store-terms')).toEqual({ store: 'store-lyon', terms: wasPaid });
  one.when(asked());
  expect(one.payloadOf('store-terms')).toEqual({
    store: 'store-lyon',
    terms: { ownership: 'company', commission: '0' },
  });
  one.given(open({ ...FRANCHISE, payoutAccount: 'acct_again' })).when(before);
  expect(one.payloadOf('store-terms')).toEqual({
    store: 'store-lyon',
    terms: { ownership: 'franchise', commission: '0.15', payoutAccount: 'acct_again' },
  });
});

test('a debt is told to as many open orders as one commit holds', () => {
  const busy = shop().given(open(FRANCHISE), stock({ hat: 1000 }));
  for (let number = 0; number < 700; number++) busy.given(reserve(`A${number}`, { hat: 1 }));
  busy.when(from('order', 'owe', { order: 'B1', key: 'B1-o1', amount: 100, currency: 'EUR' }));
  const told = busy.effects.flatMap((effect) => (effect.effect === 'send' ? [`${effect.name} ${effect.id}`] : []));
  expect(told.length).toBeGreaterThan(0);
  expect(told.length).toBeLessThanOrEqual(500);
  expect(new Set(told).size).toBe(told.length);
});

describe('a store that changes its rate', () => {
  const rated = (commission: string) => open({ ...FRANCHISE, commission });

  test('keeps the last fifty, however often it does', () => {
    const rates = Array.from({ length: 60 }, (_, n) => `0.${n + 10}`);
    const store = shop().given(...rates.map(rated));
    const { earlier = [] } = store.charted.record;
    expect(earlier.map(({ commission }) => commission)).toEqual(rates.slice(-51, -1));
  });

  test('has the new one for what is placed in the moment of the change', () => {
    const store = shop().given(rated('0.1'), rated('0.2'));
    const until = store.charted.record.earlier?.[0]?.until ?? '';
    const rateOf = (takenAt: string) => {
      const { terms } = store.when(from('order', 'tell-terms', { order: 'A1', takenAt })).payloadOf('store-terms') as {
        terms: { commission: string };
      };
      return terms.commission;
    };
    const before = new Date(Date.parse(until) - 1).toISOString();
    expect([rateOf(before), rateOf(until)]).toEqual(['0.1', '0.2']);
  });
});
