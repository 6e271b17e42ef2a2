import { defineConfig } from 'vitest/config';

// `unit` and `sim` are pure and quick. `real` and `timed` start nats-servers of their own, so few at a time and patiently.
const json = process.env.TILLWIRE_TEST_JSON;

const TIMED = 'test/real/timed/*.test.ts';
const ON_SERVERS = { globalSetup: ['test/fixture/server-binary.ts'], testTimeout: 60_000, hookTimeout: 120_000 };

/** When all of the groups before are done. Two at a time: a process that starts has one core, and so has one that waits for the disk. */
const after = (groupOrder: number, maxWorkers: number) => ({ sequence: { groupOrder }, maxWorkers });

export default defineConfig({
  test: {
    reporters: json === undefined ? ['default'] : ['default', ['json', { outputFile: json }]],
    projects: [
      // Properties take seconds on a busy machine. Nothing here keeps state outside its file, so files share a worker: it costs a third.
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          pool: 'threads',
          isolate: false,
          maxWorkers: '100%',
          testTimeout: 120_000,
        },
      },
      { test: { name: 'sim', include: ['test/sim/**/*.test.ts'], maxWorkers: '100%', testTimeout: 120_000 } },
      { test: { ...ON_SERVERS, name: 'real', include: ['test/real/**/*.test.ts'], exclude: [TIMED], ...after(1, 2) } },
      // What claims how soon something happens, or holds something for a moment: it wants a machine of its own.
      { test: { ...ON_SERVERS, name: 'timed', include: [TIMED], ...after(2, 1) } },
    ],
  },
});
