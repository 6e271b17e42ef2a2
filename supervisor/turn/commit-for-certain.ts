/**
 * A commit whose outcome is known when it returns (E4): an answer that was lost is told by the cursors, which name the batch that
 * wrote them. Storing the same batch again is safe: of two that expect the same cursors, one is refused.
 */
import { asError } from '../../protocols/thrown.ts';
import type { Bucket, Commit, StoredCursor } from './ports.ts';

/** Between tries while the store does not answer. */
const PAUSE_MS = 200;

export type CertainOutcome =
  | { kind: 'committed'; revisions: ReadonlyMap<number, number> }
  /** None of it happened. `lost`: the partitions whose cursor somebody else moved. */
  | { kind: 'refused'; lost: number[] }
  /** The same, and it would not be stored however often it is tried. */
  | { kind: 'unstorable'; error: Error }
  /** Nobody knows, and there is no time to find out: the node stops. Whoever comes next reads the cursors. */
  | { kind: 'unknown' };

export interface CommitWorld {
  bucket: Pick<Bucket, 'commit' | 'cursors'>;
  pause(ms: number): Promise<void>;
  /** The store does not answer. */
  stalled(error: Error): void;
  givesUp(): boolean;
}

export async function commitForCertain(commit: Commit, world: CommitWorld): Promise<CertainOutcome> {
  for (;;) {
    const outcome = await world.bucket.commit(commit);
    if (outcome.kind === 'committed' || outcome.kind === 'unstorable') return outcome;
    const found = await readCursors([...commit.revisions.keys()], world);
    if (!found) return { kind: 'unknown' };
    if (allWrittenBy(commit, found)) return { kind: 'committed', revisions: revisionsOf(found) };
    const lost = [...commit.revisions]
      .filter(([partition, revision]) => (found.get(partition)?.revision ?? 0) !== revision)
      .map(([partition]) => partition);
    if (lost.length > 0 || outcome.kind === 'refused') return { kind: 'refused', lost };
    if (world.givesUp()) return { kind: 'unknown' };
    world.stalled(outcome.error);
    await world.pause(PAUSE_MS);
  }
}

async function readCursors(
  partitions: readonly number[],
  { bucket, pause, stalled, givesUp }: CommitWorld,
): Promise<ReadonlyMap<number, StoredCursor> | undefined> {
  for (;;) {
    try {
      return await bucket.cursors(partitions);
    } catch (error) {
      if (givesUp()) return undefined;
      stalled(asError(error));
      await pause(PAUSE_MS);
    }
  }
}

function allWrittenBy({ batch, revisions }: Commit, found: ReadonlyMap<number, StoredCursor>): boolean {
  return [...revisions.keys()].every((partition) => found.get(partition)?.cursor.batch === batch);
}

function revisionsOf(found: ReadonlyMap<number, StoredCursor>): Map<number, number> {
  return new Map([...found].map(([partition, { revision }]) => [partition, revision]));
}
