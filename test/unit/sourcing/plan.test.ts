import { describe, expect, test } from 'vitest';
import { fewestStores } from '../../../actors/sourcing/plan.ts';
import type { SourcingQuestion } from '../../../protocols/sourcing.ts';
import { candidate, question, type Shelf, store } from './network.ts';

const LYON = { latitude: 45.75, longitude: 4.85 };
const PARIS = { latitude: 48.86, longitude: 2.35 };
const TO_LYON = { country: 'FR', ...LYON };

function planned(asked: SourcingQuestion, ...shelves: Shelf[]) {
  const { assignments, unassigned, reason } = fewestStores(asked, shelves.map(candidate));
  const units = (lines: { line: string; quantity: number }[]) =>
    lines.map(({ line, quantity }) => `${line}×${quantity}`);
  const from = assignments.map(({ store: name, lines }) => `${name} ${units(lines).join(' ')}`);
  return { from, nobody: units(unassigned), reason };
}

describe('one store that has all is chosen', () => {
  const all = { hat: 9, cap: 9 };
  const asked = {
    ...question([
      ['hat', 1],
      ['cap', 2],
    ]),
    destination: TO_LYON,
  };

  test('before two better ones, and the plan says why', () => {
    const shelves = [
      store('store-a', { hat: 9 }),
      store('store-b', { cap: 9 }),
      store('store-c', all, { priority: 5, load: 2, ...PARIS }),
    ];
    expect(planned(asked, ...shelves)).toEqual({
      from: ['store-c 1×1 2×2'],
      nobody: [],
      reason: 'one store has all 2 lines: store-c, priority 5, 394 km, load 2',
    });
  });

  test('by priority before distance', () => {
    const shelves = [store('store-near', all, { ...LYON, priority: 1 }), store('store-far', all, PARIS)];
    expect(planned(asked, ...shelves).from).toEqual(['store-far 1×1 2×2']);
  });

  test('by distance before load, an unknown one last', () => {
    const shelves = [store('store-a', all), store('store-b', all, PARIS), store('store-c', all, { ...LYON, load: 9 })];
    expect(planned(asked, ...shelves).from).toEqual(['store-c 1×1 2×2']);
    expect(planned(asked, ...shelves.slice(0, 2)).from).toEqual(['store-b 1×1 2×2']);
  });

  test('in the country of the customer where no distance is known, then by load', () => {
    const shelves = [
      store('store-a', all, { country: 'DE' }),
      store('store-b', all, { load: 3 }),
      store('store-c', all, { load: 1 }),
    ];
    expect(planned({ ...asked, destination: { country: 'FR' } }, ...shelves).from).toEqual(['store-c 1×1 2×2']);
  });

  test('but never one that is closed or was excluded for a line', () => {
    const shelves = [
      store('store-a', all, { open: false }),
      store('store-b', all),
      store('store-c', all, { priority: 9 }),
    ];
    expect(planned({ ...asked, excluded: { '2': ['store-b'] } }, ...shelves).from).toEqual(['store-c 1×1 2×2']);
  });
});

describe('several stores', () => {
  test('are the fewest, not those that greed would take', () => {
    const asked = question([
      ['a', 1],
      ['b', 1],
      ['c', 1],
      ['d', 1],
      ['e', 1],
      ['f', 1],
    ]);
    const greedy = store('store-greedy', { a: 1, b: 1, d: 1, e: 1 });
    const left = store('store-left', { a: 1, b: 1, c: 1 }, { priority: 1 });
    const right = store('store-right', { d: 1, e: 1, f: 1 }, { priority: 1 });
    expect(planned(asked, greedy, left, right)).toMatchObject({
      from: ['store-left 1×1 2×1 3×1', 'store-right 4×1 5×1 6×1'],
      reason: expect.stringMatching(/^2 stores, the fewest that have all 6 lines: store-left, .* and store-right, /),
    });
  });

  test('are the fewest also where only lines in parts make them so few', () => {
    const asked = question([
      ['w', 1],
      ['x', 2],
      ['y', 2],
      ['z', 2],
    ]);
    const have = (name: string, [w = 0, x = 0, y = 0, z = 0]: number[]) => store(name, { w, x, y, z });
    const shelves = [
      have('store-a', [2, 2, 1, 0]),
      have('store-b', [0, 2, 2, 0]),
      have('store-c', [0, 1, 0, 2]),
      have('store-d', [1, 0, 0, 0]),
      have('store-e', [1, 1, 1, 1]),
      have('store-f', [1, 1, 1, 1]),
    ];
    expect(planned(asked, ...shelves)).toMatchObject({
      from: ['store-e 1×1 2×1 3×1 4×1', 'store-f 2×1 3×1 4×1'],
      reason: expect.stringMatching(/^2 stores, the fewest that have all 4 lines: store-e, .* and store-f, /),
    });
  });

  test('of as few leave lines whole, though they are not the better ranked', () => {
    const asked = question([
      ['hat', 2],
      ['cap', 1],
    ]);
    const shelves = [
      store('store-a', { hat: 1 }),
      store('store-b', { hat: 1, cap: 1 }),
      store('store-c', { hat: 2 }, { priority: 5 }),
    ];
    expect(planned(asked, ...shelves).from).toEqual(['store-c 1×2', 'store-b 2×1']);
  });

  test('give lines of one sku from one shelf, and not from two', () => {
    const asked = question([
      ['hat', 2],
      ['hat', 2],
      ['cap', 1],
    ]);
    const shelves = [
      store('store-a', { hat: 2 }),
      store('store-b', { hat: 3, cap: 1 }, { priority: 1 }),
      store('store-c', { hat: 4 }, { priority: 2 }),
    ];
    expect(planned(asked, ...shelves)).toMatchObject({
      from: ['store-a 1×2', 'store-b 2×2 3×1'],
      reason: expect.stringMatching(/^2 stores, the fewest that have all 3 lines: /),
    });
  });

  test('are the fewest with those that lines are pinned to', () => {
    const asked = question([
      ['hat', 1, 'store-b'],
      ['cap', 1],
      ['bag', 1],
    ]);
    const shelves = [store('store-a', { bag: 1 }), store('store-b', { hat: 1, cap: 1 })];
    expect(planned(asked, ...shelves).reason).toMatch(
      /^1 line pinned to store-b; 2 stores, with those of pinned lines the fewest that have all 2 lines: store-a, /,
    );
  });

  test('of as few are the better ranked', () => {
    const asked = question([
      ['hat', 1],
      ['cap', 1],
    ]);
    const shelves = [
      store('store-a', { hat: 1 }, { priority: 2 }),
      store('store-b', { hat: 1 }),
      store('store-c', { cap: 1 }),
    ];
    expect(planned(asked, ...shelves).from).toEqual(['store-b 1×1', 'store-c 2×1']);
  });

  test('are not asked where a store that a line is pinned to has the rest', () => {
    const asked = question([
      ['hat', 1, 'store-b'],
      ['cap', 1],
    ]);
    const shelves = [store('store-a', { cap: 1 }), store('store-b', { hat: 1, cap: 1 }, { priority: 5 })];
    expect(planned(asked, ...shelves)).toMatchObject({
      from: ['store-b 1×1 2×1'],
      reason: '1 line pinned to store-b; one store has the line: store-b, priority 5, distance unknown, load 0',
    });
  });

  test('split a line that none of them has whole, the largest part first', () => {
    const shelves = [store('store-a', { hat: 2 }), store('store-b', { hat: 3 })];
    expect(planned(question([['hat', 4]]), ...shelves).from).toEqual(['store-b 1×3', 'store-a 1×1']);
  });
});

describe('what nobody has', () => {
  test('is unassigned, and what there is comes', () => {
    const shelves = [store('store-a', { hat: 2 }), store('store-b', { hat: 1 })];
    expect(
      planned(
        question([
          ['hat', 4],
          ['cap', 1],
        ]),
        ...shelves,
      ),
    ).toMatchObject({
      from: ['store-a 1×2', 'store-b 1×1'],
      nobody: ['1×1', '2×1'],
      reason: expect.stringMatching(/; nobody to give 1 of line 1, 1 of line 2$/),
    });
  });

  test('includes the rest of a pinned line that its store has a part of, and what is pinned to no store', () => {
    const asked = question([
      ['hat', 2, 'store-a'],
      ['hat', 1, 'store-x'],
    ]);
    expect(planned(asked, store('store-a', { hat: 1 }), store('store-b', { hat: 9 }))).toEqual({
      from: ['store-a 1×1'],
      nobody: ['1×1', '2×1'],
      reason: '1 line pinned to store-a; nobody to give 1 of line 1 at store-a, 1 of line 2 at store-x',
    });
  });
});

test('a search that would take too long gives way to greed, and still leaves nothing out', () => {
  const skus = Array.from({ length: 120 }, (_, n) => `sku${n}`);
  const shelves = Array.from({ length: 50 }, (_, n) =>
    store(`store-${n}`, Object.fromEntries(skus.filter((_sku, m) => (m * 7 + n * 13) % 17 < 3).map((sku) => [sku, 5]))),
  );
  const { nobody, reason } = planned(question(skus.map((sku) => [sku, 1])), ...shelves);
  expect(nobody).toEqual([]);
  expect(reason).toMatch(/^\d+ stores together have all 120 lines: /);
});
