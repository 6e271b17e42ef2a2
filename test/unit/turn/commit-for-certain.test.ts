import { expect, test } from 'vitest';
import { type CertainOutcome, commitForCertain } from '../../../supervisor/turn/commit-for-certain.ts';
import type { StoredCursor } from '../../../supervisor/turn/ports.ts';

const written = (revision: number, batch: string): StoredCursor => ({
  revision,
  cursor: { commands: 1, sends: 1, batch, node: 'n1' },
});

/** What comes of batch `b1` on partitions 0 and 1 whose answer is lost, and after which the cursors are these. */
function afterLostAnswer(found: ReadonlyMap<number, StoredCursor>): Promise<CertainOutcome> {
  const commit = {
    batch: 'b1',
    messages: [],
    revisions: new Map([
      [0, 7],
      [1, 8],
    ]),
  };
  return commitForCertain(commit, {
    bucket: {
      commit: async () => ({ kind: 'unknown', error: new Error('no answer') }),
      cursors: async () => new Map(found),
    },
    pause: () => Promise.reject(new Error('there is nothing to wait for')),
    stalled: () => {},
    givesUp: () => false,
  });
}

test('a commit whose answer was lost is committed when every cursor names its batch', async () => {
  const found = new Map([
    [0, written(20, 'b1')],
    [1, written(21, 'b1')],
  ]);
  expect(await afterLostAnswer(found)).toEqual({
    kind: 'committed',
    revisions: new Map([
      [0, 20],
      [1, 21],
    ]),
  });
});

test('one is refused when another batch moved a cursor', async () => {
  const found = new Map([
    [0, written(7, 'b0')],
    [1, written(21, 'b2')],
  ]);
  expect(await afterLostAnswer(found)).toEqual({ kind: 'refused', lost: [1] });
});

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
