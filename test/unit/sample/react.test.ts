import { describe, expect, test } from 'vitest';
import { onAssigned } from '../../../supervisor/sample/clerk.ts';
import { hear } from '../../../supervisor/sample/hear.ts';
import type { Journey } from '../../../supervisor/sample/journey.ts';
import { isOver, JOURNEY_START, type JourneyState, react } from '../../../supervisor/sample/react.ts';
import { readWeek } from '../../../supervisor/sample/read-week.ts';
import { weekToTrade } from '../../../supervisor/sample/week-to-trade.ts';
import { refusalOf } from './refusal-of.ts';
import { ToySystem } from './toy-system.ts';

const { journeys } = weekToTrade(readWeek(), new Date('2026-11-23T09:00:00Z'));
const STORE = 'store-bristol';

function find(wanted: (journey: Journey) => boolean): Journey {
  const found = journeys.find(wanted);
  if (found === undefined) throw new Error('the week has no such journey');
  return found;
}

/** Names of the commands that the terminals send on these messages, one list for each. */
function listen(
  journey: Journey,
  ...said: [subject: string, payload: object][]
): { names: string[][]; state: JourneyState } {
  let state = JOURNEY_START;
  const names = said.map(([subject, payload]) => {
    const heard = hear(subject.replace('ID', journey.placed.order), payload);
    if (heard === undefined) return [];
    const reaction = react(journey, state, heard);
    state = reaction.state;
    return reaction.commands.map((command) => command.subject.split('.').slice(1).join(' '));
  });
  return { names, state };
}

const workOf = ({ placed }: Journey) => ({ fulfilment: `${placed.order}-1`, store: STORE, lines: placed.place.lines });
const plain = find(
  (journey) =>
    journey.placed.place.fulfilment === 'ship' &&
    journey.placed.place.lines.length > 1 &&
    journey.cancellation === null &&
    journey.returns.length === 0 &&
    onAssigned(journey, workOf(journey)).commands.length === 2,
);
const id = plain.placed.order;
const assigned: [string, object] = [
  `out.${STORE}.order.ID.assigned`,
  { fulfilment: `${id}-1`, lines: plain.placed.place.lines },
];
const captured: [string, object] = ['event.order.ID.captured', { fulfilment: `${id}-1` }];

describe('the terminals of one order', () => {
  test('goods leave the store only after their capture is heard', () => {
    const { names } = listen(plain, assigned, captured);
    expect(names).toEqual([
      [`${STORE} order ${id} accept`, `${STORE} order ${id} ready`],
      [`${STORE} order ${id} ship`],
    ]);
  });

  test('a capture of another fulfilment moves nothing', () => {
    const { names } = listen(plain, assigned, ['event.order.ID.captured', { fulfilment: `${id}-2` }]);
    expect(names[1]).toEqual([]);
  });

  test('withdrawn work is not handed over, whatever is heard later', () => {
    const { names } = listen(plain, assigned, [`out.${STORE}.order.ID.withdrawn`, { fulfilment: `${id}-1` }], captured);
    expect(names.slice(1)).toEqual([[], []]);
  });

  test('a refused order is over', () => {
    const { state } = listen(plain, ['out.channel-trade.order.ID.place', { command: 'x', outcome: 'rejected' }]);
    expect(isOver(state)).toBe(true);
  });

  test('while a cancellation is on its way nothing leaves; what it left is handed over after its outcome', () => {
    const journey = find(({ cancellation }) => cancellation?.when === 'when-ready' && !cancellation.whole);
    const { order, channel, place } = journey.placed;
    const work = { fulfilment: `${order}-1`, lines: place.lines };
    const { names } = listen(
      journey,
      ['out.store-warehouse.order.ID.assigned', work],
      ['event.order.ID.captured', { fulfilment: `${order}-1` }],
      [`out.${channel}.order.ID.cancel`, { command: journey.cancellation?.command.id, outcome: 'applied' }],
    );
    expect(names.slice(1)).toEqual([
      [`${channel} order ${order} cancel`],
      [`store-warehouse order ${order} ${place.fulfilment === 'ship' ? 'ship' : 'collect'}`],
    ]);
  });

  test('a cancellation of what is paid waits until every store was paid', () => {
    const journey = find(
      ({ cancellation, placed }) => cancellation?.when === 'when-ready' && placed.place.lines.length > 1,
    );
    const { order, channel, place } = journey.placed;
    const [first, ...others] = place.lines;
    const { names } = listen(
      journey,
      ['out.store-warehouse.order.ID.assigned', { fulfilment: `${order}-1`, lines: [first] }],
      ['out.store-manchester.order.ID.assigned', { fulfilment: `${order}-2`, lines: others }],
      ['event.order.ID.captured', { fulfilment: `${order}-2` }],
      ['event.order.ID.captured', { fulfilment: `${order}-1` }],
    );
    expect(names.slice(2)).toEqual([[], [`${channel} order ${order} cancel`]]);
  });

  test('and is sent all the same where the work that it waits for is withdrawn', () => {
    const journey = find(
      ({ cancellation, placed }) => cancellation?.when === 'when-ready' && placed.place.lines.length > 1,
    );
    const { order, channel, place } = journey.placed;
    const [first, ...others] = place.lines;
    const { names } = listen(
      journey,
      ['out.store-warehouse.order.ID.assigned', { fulfilment: `${order}-1`, lines: [first] }],
      ['out.store-manchester.order.ID.assigned', { fulfilment: `${order}-2`, lines: others }],
      ['event.order.ID.captured', { fulfilment: `${order}-2` }],
      ['out.store-warehouse.order.ID.withdrawn', { fulfilment: `${order}-1` }],
    );
    expect(names.slice(2)).toEqual([[], [`${channel} order ${order} cancel`]]);
  });

  test('a capture heard while a cancellation is on its way hands over once that is decided', () => {
    const journey = find(
      ({ placed, cancellation: c }) => c?.when === 'at-once' && !c.whole && placed.place.fulfilment === 'ship',
    );
    const { order, channel, place } = journey.placed;
    const { names } = listen(
      journey,
      [`out.${channel}.order.ID.place`, { command: journey.place.id, outcome: 'applied' }],
      ['out.store-warehouse.order.ID.assigned', { fulfilment: `${order}-1`, lines: place.lines }],
      ['event.order.ID.captured', { fulfilment: `${order}-1` }],
      [`out.${channel}.order.ID.cancel`, { command: journey.cancellation?.command.id, outcome: 'rejected' }],
    );
    expect(names[0]).toEqual([`${channel} order ${order} cancel`]);
    expect(names.slice(2)).toEqual([[], [`store-warehouse order ${order} ship`]]);
  });

  test('of work that is withdrawn in part the rest is handed over and held', () => {
    const [first, ...others] = plain.placed.place.lines.map(({ line, quantity }) => ({ line, quantity }));
    const withdrawn = { fulfilment: `${id}-1`, lines: [first] };
    const { names, state } = listen(plain, assigned, [`out.${STORE}.order.ID.withdrawn`, withdrawn], captured);
    expect(names[2]).toEqual([`${STORE} order ${id} ship`]);
    expect(state.work[`${id}-1`]?.lines).toEqual(others);
  });

  test('the steps of a return wait for one another, and a refusal ends them', () => {
    const journey = find(({ returns }) => returns.length === 1 && returns[0]?.lines.length === 2);
    const [planned] = journey.returns;
    const own = { fulfilment: `${journey.placed.order}-1`, lines: journey.placed.place.lines };
    const system = new ToySystem(journey, 'store-warehouse', 1);
    system.run();
    const steps = system.sent.filter(({ subject }) => subject.includes('.return.'));
    expect(steps.map(({ subject }) => subject.split('.')[4])).toEqual(['request', 'receive', 'inspect', 'inspect']);
    const { names, state } = listen(
      journey,
      ['out.store-warehouse.order.ID.assigned', own],
      ['event.order.ID.fulfilled', {}],
      [`out.x.return.${planned?.id}.request`, { command: steps[0]?.id, outcome: 'rejected' }],
    );
    expect(names.slice(1)).toEqual([[], []]);
    expect(isOver(state)).toBe(true);
  });

  test('nobody sends back what never came', () => {
    const journey = find(({ returns }) => returns.length === 1);
    const { names, state } = listen(journey, ['event.order.ID.cancelled', {}]);
    expect([names, isOver(state)]).toEqual([[[]], true]);
  });

  test.each(['query.order.1', 'out.order', 'event.order.1', 'event.order.1.a.b'])('%s is not heard', (subject) => {
    expect(hear(subject, {})).toBeUndefined();
  });
});

describe('the clerks of a store', () => {
  test('do the same with the same work, whichever number its fulfilment was given', () => {
    const doing = (journey: Journey, number: number) =>
      onAssigned(journey, { ...workOf(journey), fulfilment: `${journey.placed.order}-${number}` }).prepared;
    for (const journey of journeys) expect(doing(journey, 7)).toEqual(doing(journey, 1));
  });

  test('make no mistake with what is cancelled or sent back', () => {
    for (const journey of journeys.filter(({ cancellation, returns }) => cancellation !== null || returns.length > 0)) {
      const lines = journey.placed.place.lines.map(({ line, quantity }) => ({ line, quantity }));
      expect(onAssigned(journey, { ...workOf(journey), lines }).prepared).toEqual(lines);
    }
  });
});

describe('all journeys of the week, at a system that does what it is asked', () => {
  const runs = journeys.map((journey) => {
    const system = new ToySystem(journey, STORE, 1);
    return { journey, system, state: system.run() };
  });
  const sent = runs.flatMap(({ system }) => system.sent);
  const count = (name: string) => sent.filter(({ subject }) => subject.endsWith(`.${name}`)).length;

  test('come to an end', () => {
    expect(runs.filter(({ state }) => !isOver(state)).map(({ journey }) => journey.placed.order)).toEqual([]);
  });

  test('send only commands that the wire contract takes, each under an id of its own', () => {
    expect(sent.map(refusalOf).filter((refusal) => refusal !== undefined)).toEqual([]);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(sent.length);
  });

  test('send nothing more where everything is heard twice', () => {
    for (const { journey, system } of runs) {
      const twice = new ToySystem(journey, STORE, 2);
      twice.run();
      expect(twice.sent).toEqual(system.sent);
    }
  });

  test('hand nothing over before its capture', () => {
    for (const { system } of runs) {
      const shipped = system.sent.filter(({ subject }) => /\.(ship|collect)$/.test(subject));
      for (const { payload } of shipped) {
        expect(system.captured.has((payload as { fulfilment: string }).fulfilment)).toBe(true);
      }
    }
  });

  test('decline, short-pick and reject now and then, not more', () => {
    for (const name of ['decline', 'short-pick', 'cancel']) {
      expect(count(name)).toBeGreaterThan(5);
      expect(count(name)).toBeLessThan(60);
    }
    const rejected = sent.filter(
      ({ subject, payload }) => subject.endsWith('.inspect') && /"rejected":[1-9]/.test(JSON.stringify(payload)),
    );
    expect(rejected.length).toBeGreaterThan(0);
    expect(count('sell')).toBeGreaterThan(10);
  });

  test('tills take what the reserved goods cost', () => {
    for (const { journey, system } of runs) {
      if (journey.placed.place.fulfilment !== 'reserve-and-collect' || journey.cancellation !== null) continue;
      const sales = system.sent.filter(({ subject }) => subject.endsWith('.sell'));
      const taken = sales.flatMap(({ payload }) => (payload as { tenders: { amount: number }[] }).tenders);
      expect(taken.reduce((sum, { amount }) => sum + amount, 0)).toBe(journey.placed.totalPence);
    }
  });
});
