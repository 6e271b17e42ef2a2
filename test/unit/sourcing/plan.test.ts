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

describe('lines of one sku that exclude different stores', () => {
  test('leave one another what they alone may take', () => {
    const asked = {
      ...question([
        ['a', 2],
        ['a', 2],
        ['b', 1],
      ]),
      excluded: { '2': ['store-2'] },
    };
    const shelves = [
      store('store-0', { a: 1, b: 1 }),
      store('store-1', { a: 1 }, { priority: 1 }),
      store('store-2', { a: 2 }, { priority: 2 }),
    ];
    expect(planned(asked, ...shelves)).toMatchObject({
      from: ['store-0 2×1 3×1', 'store-1 2×1', 'store-2 1×2'],
      nobody: [],
      reason: expect.stringMatching(/^3 stores together have all 3 lines: /),
    });
  });

  test('are served by how few stores they may come from, and stay whole', () => {
    const asked = {
      ...question([
        ['a', 3],
        ['a', 2],
      ]),
      excluded: { '2': ['store-b'] },
    };
    const shelves = [store('store-b', { a: 3 }, { priority: 1 }), store('store-c', { a: 3 })];
    expect(planned(asked, ...shelves)).toMatchObject({ from: ['store-c 2×2', 'store-b 1×3'], nobody: [] });
  });

  test('make room for one another', () => {
    const asked = {
      ...question([
        ['a', 1],
        ['a', 1],
        ['a', 1],
      ]),
      excluded: { '1': ['store-c'], '2': ['store-b'], '3': ['store-b'] },
    };
    const shelves = [store('store-a', { a: 1 }), store('store-b', { a: 1 }), store('store-c', { a: 1 })];
    expect(planned(asked, ...shelves)).toMatchObject({
      from: ['store-c 2×1', 'store-b 1×1', 'store-a 3×1'],
      nobody: [],
    });
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

describe('a search that would take too long', () => {
  const skus = (count: number) => Array.from({ length: count }, (_, n) => `sku${n}`);
  /** Store n has so many of sku m. */
  const shelvesOf = (count: number, lines: number, units: (n: number, m: number) => number) =>
    Array.from({ length: count }, (_, n) =>
      store(`store-${n}`, Object.fromEntries(skus(lines).map((sku, m) => [sku, units(n, m)]))),
    );
  const each = (lines: number, quantity: number) => question(skus(lines).map((sku) => [sku, quantity]));

  test('gives way to greed, and still leaves nothing out', () => {
    const shelves = shelvesOf(50, 120, (n, m) => ((m * 7 + n * 13) % 17 < 3 ? 5 : 0));
    const { nobody, reason } = planned(each(120, 1), ...shelves);
    expect(nobody).toEqual([]);
    expect(reason).toMatch(/^\d+ stores together have all 120 lines: /);
  });

  test('proves nothing where it was the one for lines in parts, and whole ones are found', () => {
    const parts = (n: number, m: number) => ((m * 5 + n * 3) % 11 < 5 ? 1 : 0);
    const shelves = shelvesOf(26, 6, (n, m) => (n >= 6 ? parts(n - 6, m) : n === m ? 3 : 0));
    expect(planned(each(6, 3), ...shelves).reason).toMatch(/^6 stores together have all 6 lines: /);
  });

  test('gives way to greed in parts where that takes fewer stores', () => {
    const shelves = shelvesOf(30, 20, (n, m) => [2, 1, 1][(m * 7 + n * 13) % 17] ?? 0);
    expect(planned(each(20, 2), ...shelves).reason).toMatch(/^12 stores together have all 20 lines: /);
  });
});
