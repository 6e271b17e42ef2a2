import type {
  Bucket,
  Commit,
  CommitOutcome,
  RecordAddress,
  StoredCursor,
  StoredPart,
} from '../../supervisor/turn/ports.ts';
import type { Life, World } from './world.ts';

const COMMIT_TIMEOUT_MS = 500;
/** Slow, so that the next turn is computed meanwhile. */
const MOST_COMMIT_MS = 40;

/** The bucket as one node sees it, with everything that can go wrong between the two. */
export class MemoryBucket implements Bucket {
  private readonly world: World;
  private readonly life: Life;
  private readonly node: string;
  private readonly die: (why: string) => void;

  constructor(world: World, life: Life, node: string, die: (why: string) => void) {
    this.world = world;
    this.life = life;
    this.node = node;
    this.die = die;
  }

  cursors(partitions: readonly number[]): Promise<Map<number, StoredCursor>> {
    return this.read(() => this.world.server.cursors(partitions));
  }

  records(addresses: readonly RecordAddress[]): Promise<StoredPart[][]> {
    return this.read(() => addresses.map(({ entity, id }) => this.world.server.record(entity, id)));
  }

  existing(keys: readonly string[]): Promise<Map<string, Uint8Array>> {
    return this.read(() => {
      const found = new Map<string, Uint8Array>();
      for (const name of keys) {
        const bytes = this.world.server.get(name);
        if (bytes) found.set(name, bytes);
      }
      return found;
    });
  }

  commit(commit: Commit): Promise<CommitOutcome> {
    const { faults, time } = this.world;
    const fault = faults.firstOf('before-commit', 'after-commit', 'lost-answer', 'lost-request', 'late-request');
    this.world.say(this.node, `commit ${commit.batch} of ${commit.messages.length}${fault ? ` (${fault})` : ''}`);
    if (fault === 'before-commit') {
      this.die(fault);
      return new Promise(() => {});
    }
    return new Promise((resolve) => {
      const answer = (outcome: CommitOutcome, ms = this.world.latency()) => this.life.after(ms, () => resolve(outcome));
      const late = fault === 'late-request' ? COMMIT_TIMEOUT_MS + this.world.random.between(0, 1000) : 0;
      if (late > 0 || fault === 'lost-answer' || fault === 'lost-request') {
        answer({ kind: 'unknown', error: new Error('no answer') }, COMMIT_TIMEOUT_MS);
      }
      if (fault === 'lost-request') return;
      time.after(late + this.world.random.between(1, MOST_COMMIT_MS) + this.world.latency(), () => {
        const outcome = this.world.server.commit(commit);
        this.world.say(this.node, `${outcome.kind} ${commit.batch}`);
        if (outcome.kind === 'refused') faults.count('refused');
        if (fault === 'after-commit') this.die(fault);
        else if (late === 0 && fault !== 'lost-answer') answer(outcome);
      });
    });
  }

  private read<T>(atServer: () => T): Promise<T> {
    const fails = this.world.faults.happens('failed-read');
    return this.life.ask(atServer).then((answer) => {
      if (fails) throw new Error('the store did not answer');
      return answer;
    });
  }
}
