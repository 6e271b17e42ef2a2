import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ReturnCommands } from '../../../protocols/commands.ts';
import type { ToOrder, ToStore } from '../../../protocols/internal.ts';
import type { Said } from '../../fixture/chart-scenario.ts';
import { agreed, cancel, declared, declareRefused, handBack, inspect, receive } from './parcel.ts';

const line = fc.constantFrom('1', '2');
const origin = fc.constantFrom('store-paris', 'store-paris', 'store-lyon', 'ops-anna');
const few = fc.nat(2);
/** Metz sent what was declared last. */
const agreedTo = declared({});
const agreement = ({ lines }: Pick<ToOrder['declare'], 'lines'>): Said =>
  declared(Object.fromEntries(lines.map(({ line: id, quantity }) => [id, { 'store-metz': quantity }])));
const message: fc.Arbitrary<Said> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(line, fc.integer({ min: 1, max: 2 }), origin).map(([id, n, by]) => receive({ [id]: n }, by)),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(line, few, few, few, origin)
      .map(([id, accepted, rejected, restock, by]) => inspect({ [id]: { accepted, rejected, restock } }, by)),
  },
  { weight: 2, arbitrary: fc.tuple(line, origin).map(([id, by]) => handBack({ [id]: 1 }, by)) },
  { weight: 2, arbitrary: fc.boolean().map((agrees) => (agrees ? agreedTo : declareRefused())) },
  { weight: 1, arbitrary: fc.constant('cancel').map(cancel) },
);

const toRestock = ({ payload }: Said): number =>
  (payload as ReturnCommands['inspect']).lines.reduce((sum, { restock = 0 }) => sum + restock, 0);

test('a unit is decided once, and what was declared is decided, given up or still to come', () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 30, size: 'max' }), (messages) => {
      const back = agreed({ stockGoesTo: 'sender' });
      let asked: Pick<ToOrder['declare'], 'lines'> = { lines: [] };
      const claimed = new Map<string, number>();
      const givenUp = new Map<string, number>();
      const more = new Map<string, number>();
      const add = (to: Map<string, number>, id: string, units: number) => to.set(id, (to.get(id) ?? 0) + units);
      let claims = 0;
      for (const next of messages) {
        const { arrival, lines: before } = back.charted.record;
        let restocked = 0;
        for (const effect of back.when(next === agreedTo ? agreement(asked) : next).effects) {
          if (effect.effect !== 'send') continue;
          if (effect.name === 'declare') asked = effect.payload as ToOrder['declare'];
          if (effect.name === 'restock') {
            for (const { quantity } of (effect.payload as ToStore['restock']).items) restocked += quantity;
          }
          if (effect.name === 'claim') {
            const claim = effect.payload as ToOrder['claim'];
            claims += 1;
            expect(claim.claim).toBe(claims);
            for (const { line: id, accepted, rejected } of claim.lines) add(claimed, id, accepted + rejected);
          } else if (effect.name === 'declare-cancelled') {
            for (const { line: id, quantity } of (effect.payload as ToOrder['declare-cancelled']).lines)
              add(givenUp, id, quantity);
          }
        }
        if (next.name === 'inspect' && back.last?.kind === 'applied') expect(restocked).toBe(toRestock(next));
        if (next === agreedTo && arrival && !back.charted.record.arrival) {
          for (const { line: id, quantity } of arrival.lines) {
            const was = before.find((known) => known.line === id);
            add(more, id, Math.max(0, quantity - (was ? was.declared - was.received : 0)));
          }
        }
        for (const { line: id, declared, received, accepted, rejected, handedBack } of back.charted.record.lines) {
          expect(accepted + rejected).toBe(claimed.get(id) ?? 0);
          expect(accepted + rejected).toBeLessThanOrEqual(received);
          expect(received).toBeLessThanOrEqual(declared);
          expect(handedBack).toBeLessThanOrEqual(rejected);
          expect(declared + (givenUp.get(id) ?? 0)).toBe((id === '1' ? 3 : 1) + (more.get(id) ?? 0));
        }
      }
    }),
    { seed: 20_091_201, numRuns: 300 },
  );
});
