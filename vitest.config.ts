import { defineConfig } from 'vitest/config';

// `unit` and `sim` are pure and quick; `real` starts nats-servers of its own, so few at a time and patiently.
const json = process.env.TILLWIRE_TEST_JSON;

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
      {
        test: {
          name: 'real',
          include: ['test/real/**/*.test.ts'],
          globalSetup: ['test/fixture/server-binary.ts'],
          fileParallelism: false,
          // When the others are done: kills and deadlines want a machine of their own.
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
