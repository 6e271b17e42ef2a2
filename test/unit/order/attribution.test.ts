import { expect, test } from 'vitest';
import type { AttributionRow } from '../../../protocols/attribution.ts';
import { auditOf } from '../reconcile/audit-of.ts';
import {
  A,
  assignedBase,
  B,
  BASE,
  bothAccept,
  by,
  COMPANY,
  claimed,
  confirmed,
  declared,
  FRANCHISE,
  failed,
  failedLate,
  ops,
  paymentOf,
  plan,
  reserved,
  type Scenario,
  scenario,
  shop,
  simple,
} from './scenario.ts';

/** `movement subject[ line] entry: quantity, gross (tax), share of the store, settled`. */
function brief(row: AttributionRow): string {
  const about = [row.movement, row.subject === 'line' ? row.line : row.subject, row.entry].filter(Boolean).join(' ');
  const share = row.party === undefined ? '' : `, ${row.party} ${row.storeShare}`;
  const settled = row.settled === 0 ? '' : `, settled ${row.settled}`;
  return `${about}: ${row.quantity}, ${row.gross} (${row.tax})${share}${settled}`;
}

/** What the steps after `before` rows booked. */
const since = (order: Scenario, before: number): string[] => order.rows.slice(before).map(brief);

function booked(order: Scenario, ...steps: Parameters<Scenario['given']>): string[] {
  const before = order.rows.length;
  order.given(...steps);
  return since(order, before);
}

const collecting = simple(2, 1000, { fulfilment: 'click-and-collect', collectAt: 'store-a' });

test('BASE is booked line by line, shipping on its own, shares and settlements as they move', () => {
  const order = assignedBase();
  expect(booked(order, A.ready())).toEqual([]);
  expect(booked(order, confirmed('A1001-c1'))).toEqual([
    'sale shipping A1001-c1: 0, 490 (82)',
    'sale 1 A1001-c1: 1, 8324 (1387), store-a 7283',
  ]);
  expect(booked(order, confirmed('A1001-p1'))).toEqual([
    'settlement party A1001-p1: 0, 0 (0), store-a 0, settled 7283',
  ]);
  expect(booked(order, A.ship())).toEqual(['delivery 1: 1, 0 (0), store-a 0']);
  order.given(B.ready(), confirmed('A1001-c2'), confirmed('A1001-p2'), B.ship());
  order.given(declared('R1', { '1': 1, '2': 1 }));
  expect(booked(order, claimed('R1', { '1': [1, 0], '2': [1, 0] }, { refundShipping: true }))).toEqual([]);
  expect(booked(order, confirmed('A1001-r1'))).toEqual([
    'refund 1 A1001-r1: -1, -8324 (-1387), store-a -7283',
    'refund 2 A1001-r1: -1, -4166 (-694), store-b -3645',
    'refund shipping A1001-r1: 0, -490 (-82)',
  ]);
  order.given(confirmed('A1001-b1'), confirmed('A1001-b2'));
  const sums = (['gross', 'tax', 'discountShare', 'commission', 'storeShare', 'settled'] as const).map((amount) =>
    order.rows.reduce((sum, row) => sum + row[amount], 0),
  );
  expect(sums).toEqual([0, 0, 0, 0, 0, 0]);
});

test('a row says who sold, prepared and delivered, under which rule, and where the gateway knows it', () => {
  const order = assignedBase().given(A.ready(), confirmed('A1001-c1'));
  expect(order.rows[1]).toEqual({
    row: `A1001-${order.view.revision}-2`,
    order: 'A1001',
    at: new Date(order.now).toISOString(),
    movement: 'sale',
    subject: 'line',
    channel: 'web',
    mode: 'ship',
    currency: 'EUR',
    line: '1',
    sku: '85123A',
    name: 'Lantern',
    quantity: 1,
    gross: 8324,
    net: 6937,
    tax: 1387,
    taxRate: '0.2',
    discountShare: 666,
    commission: 1041,
    party: 'store-a',
    storeShare: 7283,
    headquartersShare: 1041,
    settled: 0,
    preparedBy: 'store-a',
    ownership: 'franchise',
    fulfilment: 'A1001-1',
    entry: 'A1001-c1',
    gatewayReference: 'ref-A1001-c1',
    account: 'main',
    method: 'visa',
    rule: '0.15',
    storeRate: '0.15',
    placedAt: '2026-11-22T09:00:00.000Z',
  });
  order.given(A.ship());
  expect(order.rows.at(-1)).toMatchObject({ movement: 'delivery', preparedBy: 'store-a', deliveredBy: 'dhl' });
});

test('a late failure takes the sale back, a recapture books it again, once', () => {
  const order = assignedBase().given(A.ready(), confirmed('A1001-c1', 10));
  expect(booked(order, failed('A1001-c1', 20))).toEqual([
    'correction shipping A1001-c1: 0, -490 (-82)',
    'correction 1 A1001-c1: -1, -8324 (-1387), store-a -7283',
  ]);
  expect(booked(order, confirmed('A1001-c1', 30))).toEqual([
    'correction shipping A1001-c1: 0, 490 (82)',
    'correction 1 A1001-c1: 1, 8324 (1387), store-a 7283',
  ]);
  order.when(confirmed('A1001-c1', 30)).ignores();
});

test('a row of shipping says its tax rate', () => {
  const order = assignedBase().given(A.ready(), confirmed('A1001-c1'));
  const row = order.rows.find(({ subject }) => subject === 'shipping');
  expect(row).toMatchObject({ gross: 490, tax: 82, taxRate: '0.2' });
});

test('money that was taken at once is a prepayment until units are ready, and nothing of it is left', () => {
  const place = { ...BASE, payment: { ...paymentOf(BASE), method: 'ideal', captured: 12980 } };
  const order = scenario('A1001');
  expect(booked(order, shop.place(place))).toEqual([
    'sale shipping A1001-c1: 0, 490 (82)',
    'prepayment order A1001-c1: 0, 12490 (0)',
  ]);
  order.given(...bothAccept('A1001'));
  expect(booked(order, A.ready())).toEqual([
    'prepayment order A1001-c1: 0, -8324 (0)',
    'sale shipping A1001-c1: 0, 0 (0)',
    'sale 1 A1001-c1: 1, 8324 (1387), store-a 7283',
  ]);
  // Headquarters keeps the fee, and no money moves: only now it is known whose goods brought it.
  expect(order.rows.findLast(({ subject }) => subject === 'shipping')).toMatchObject({
    broughtBy: 'store-a',
    basis: '490',
    headquartersShare: 0,
  });
  expect(booked(order, shop.cancel({ lines: [{ line: '2', quantity: 1 }] }))).toEqual([
    'cancellation 2: 1, 0 (0), store-b 0',
  ]);
  expect(booked(order, confirmed('A1001-r1'))).toEqual(['prepayment order A1001-r1: 0, -4166 (0)']);
  // Nobody asked a gateway for the capture, somebody did for the refund.
  const transactions = order.rows.map(({ entry, transaction }) => [entry, transaction].join(' '));
  expect(new Set(transactions)).toEqual(new Set([`A1001-c1 ${paymentOf(BASE).transaction}`, 'A1001-r1 ', ' ']));
  expect(auditOf(order)).toEqual([]);
});

test('goodwill takes its part of tax and share, and what comes back later takes the rest', () => {
  const order = scenario().given(
    shop.place(simple(2, 1000)),
    plan({ 'store-a': { '1': 2 } }),
    reserved('A1-1'),
    A.ready(),
    confirmed('A1-c1'),
    A.ship(),
    ops.refund(700, '1'),
  );
  expect(booked(order, confirmed('A1-r1'))).toEqual(['refund 1 A1-r1: 0, -700 (-117), store-a -613']);
  order.given(declared('R1', { '1': 2 }), claimed('R1', { '1': [2, 0] }, { fee: 100 }));
  expect(booked(order, confirmed('A1-r2'))).toEqual([
    'refund fee A1-r2: 0, 100 (0)',
    'refund 1 A1-r2: -2, -1300 (-216), store-a -1137',
  ]);
});

test('a return that costs the customer all of it is booked without money', () => {
  const order = scenario().given(
    shop.place(simple(1, 1000)),
    plan({ 'store-a': { '1': 1 } }),
    reserved('A1-1'),
    A.ready(),
    confirmed('A1-c1'),
    A.ship(),
    declared('R1', { '1': 1 }),
  );
  expect(booked(order, claimed('R1', { '1': [1, 0] }, { fee: 5000, store: 'store-b' }))).toEqual([
    'refund fee: 0, 1000 (0)',
    'refund 1: -1, -1000 (-167), store-a -875',
  ]);
  expect(order.rows.at(-1)).toMatchObject({ reason: 'claim', return: 'R1', takenBackBy: 'store-b' });
});

test.each([
  ['at its counter', {}],
  ['by mail', { byMail: true as const }],
])('the store that took goods back is named, whether they came %s', (_, came) => {
  const order = assignedBase().given(A.ready(), confirmed('A1001-c1'), confirmed('A1001-p1'), A.ship());
  order.given(declared('R1', { '1': 1 }), claimed('R1', { '1': [1, 0] }, { store: 'store-c', ...came }));
  order.given(confirmed('A1001-r1', 9000));
  const back = order.rows.filter(({ movement }) => movement === 'refund');
  expect(back).toMatchObject([{ line: '1', return: 'R1', takenBackBy: 'store-c', preparedBy: 'store-a' }]);
});

test('a refund says why, in the words of who asked for it: line by line of a return, and of goodwill', () => {
  const order = scenario('A1001').given(shop.place(BASE), plan({ 'store-a': { '1': 1, '2': 1 } }), reserved('A1001-1'));
  order.given(A.ready(), confirmed('A1001-c1'), A.ship(), ops.refund(100, '2'), confirmed('A1001-r1'));
  const lines = [
    { line: '1', accepted: 1, rejected: 0, reason: 'defect' },
    { line: '2', accepted: 1, rejected: 0 },
  ];
  order.given(declared('R1', { '1': 1, '2': 1 }), claimed('R1', {}, { lines, refundShipping: true, fee: 50 }));
  const before = order.rows.length;
  order.given(confirmed('A1001-r2'));
  const told = (rows: readonly AttributionRow[]) =>
    rows.map(({ subject, line, reason, returnReason }) => [line ?? subject, reason, returnReason]);
  expect(told(order.rows.filter(({ reason }) => reason === 'goodwill'))).toEqual([['2', 'goodwill', 'goodwill']]);
  expect(told(order.rows.slice(before))).toEqual([
    ['fee', 'claim', undefined],
    ['1', 'claim', 'defect'],
    ['2', 'claim', undefined],
    ['shipping', 'claim', undefined],
  ]);
});

test('a till sale is the store’s money from the start, and what it owes comes back', () => {
  const { payment: _, ...rest } = collecting;
  const order = scenario().given(
    shop.place({ ...rest, fulfilment: 'reserve-and-collect' }),
    plan({ 'store-a': { '1': 2 } }),
    reserved('A1-1'),
  );
  expect(booked(order, A.sell([['1', 1, 1000]]))).toEqual([
    'delivery 1: 1, 0 (0), store-a 0',
    'cancellation 1: 1, 0 (0), store-a 0',
    'till-sale 1 A1-t1: 1, 1000 (167), store-a 875',
    'settlement party A1-t1: 0, 0 (0), store-a 0, settled 1000',
  ]);
  expect(order.rows.at(-2)).not.toHaveProperty('account');
  expect(booked(order, confirmed('A1-b1'))).toEqual(['settlement party A1-b1: 0, 0 (0), store-a 0, settled -125']);
});

test('units that the customer refused say nowhere that they were delivered, those that he took do', () => {
  const order = scenario()
    .given(shop.place(simple(3, 1000, { fulfilment: 'click-and-collect', collectAt: 'store-a' })))
    .given(plan({ 'store-a': { '1': 3 } }), reserved('A1-1'), A.ready(), confirmed('A1-c1'))
    .given(A.collect(undefined, { '1': 2 }), confirmed('A1-r1'))
    .given(declared('R1', { '1': 1 }), claimed('R1', { '1': [1, 0] }), confirmed('A1-r2'));
  const told = order.rows
    .filter(({ subject }) => subject === 'line')
    .map(({ movement, reason, quantity, deliveredBy }) => [movement, reason, quantity, deliveredBy]);
  expect(told).toEqual([
    ['sale', undefined, 3, undefined],
    ['delivery', undefined, 2, 'store-a'],
    ['cancellation', undefined, 1, undefined],
    ['refund', 'cancelled', -1, undefined],
    ['refund', 'claim', -1, 'store-a'],
  ]);
});

test('a line that was refused whole was not delivered with the others', () => {
  const order = scenario()
    .given(shop.place({ ...BASE, fulfilment: 'click-and-collect', collectAt: 'store-a' }))
    .given(plan({ 'store-a': { '1': 1, '2': 1 } }), reserved('A1-1'), A.ready(), confirmed('A1-c1'))
    .given(A.collect(undefined, { '1': 1 }), failedLate('A1-c1'));
  const lost = order.rows.filter(({ movement, subject }) => movement === 'correction' && subject === 'line');
  expect(lost.map(({ line, deliveredBy }) => [line, deliveredBy])).toEqual([
    ['1', 'store-a'],
    ['2', undefined],
  ]);
});

test('what a store could not find is a short pick of it, whoever fulfils the units then', () => {
  const order = scenario().given(shop.place(simple(3, 1000)), plan({ 'store-a': { '1': 3 } }), reserved('A1-1'));
  expect(booked(order, A.shortPick({ '1': 2 }))).toEqual(['short-pick 1: 2, 0 (0), store-a 0']);
  expect(booked(order, plan({}, { '1': 2 }))).toEqual(['cancellation 1: 2, 0 (0)']);
});

test('what a company store sells is headquarters’, without commission', () => {
  const hq = by('store-hq');
  const order = scenario().given(
    shop.place(simple(1, 1000)),
    plan({ 'store-hq': { '1': 1 } }),
    reserved('A1-1', COMPANY),
    hq.ready(),
    confirmed('A1-c1'),
  );
  expect(order.rows).toMatchObject([{ ownership: 'company', storeShare: 0, headquartersShare: 1000, commission: 0 }]);
  expect(order.rows[0]).not.toHaveProperty('party');
});

test('an order of a thousand lines is booked in events of a hundred rows', () => {
  const lines = Array.from({ length: 1000 }, (_, index) => ({
    line: `${index + 1}`,
    sku: `S${index}`,
    quantity: 1,
    unitPrice: 100,
    taxRate: '0.2',
  }));
  const units = Object.fromEntries(lines.map(({ line }) => [line, 1]));
  const order = scenario().given(
    shop.place({ ...simple(1000, 100), lines }),
    plan({ 'store-a': units }),
    reserved('A1-1', FRANCHISE),
    A.ready(),
    confirmed('A1-c1'),
  );
  const events = order.last && 'effects' in order.last ? order.last.effects : [];
  expect(events.filter((effect) => effect.effect === 'event' && effect.as === 'attribution')).toHaveLength(10);
  expect(order.rows).toHaveLength(1000);
});
