import { expect, test } from 'vitest';
import { commitForCertain } from '../../../supervisor/turn/commit-for-certain.ts';

test('a node that stops does not wait for a store that answers questions and takes no commits', async () => {
  const tries: string[] = [];
  const outcome = await commitForCertain(
    { batch: 'b1', messages: [], revisions: new Map([[0, 7]]) },
    {
      bucket: {
        commit: async () => ({ kind: 'unknown', error: new Error('no space left on device') }),
        cursors: async () =>
          new Map([[0, { revision: 7, cursor: { commands: 1, sends: 1, batch: 'b0', node: 'n1' } }]]),
      },
      pause: async () => {},
      stalled: ({ message }) => tries.push(message),
      givesUp: () => tries.length === 3,
    },
  );
  expect(outcome).toEqual({ kind: 'unknown' });
  expect(tries).toEqual(Array.from({ length: 3 }, () => 'no space left on device'));
});
