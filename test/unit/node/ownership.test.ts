import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Ownership, type PartitionHolder } from '../../../supervisor/node/ownership.ts';
import { placedPartitions } from '../../../supervisor/node/placement.ts';
import { VirtualClock } from '../gateway/virtual-clock.ts';

const PARTITIONS = 16;
const STOLEN = new Error('another node has it');

/** Gets whatever it asks for. */
class Holder implements PartitionHolder {
  owned: number[] = [];

  async acquire(partitions: readonly number[]): Promise<void> {
    this.owned = [...this.owned, ...partitions].sort((a, b) => a - b);
  }

  async release(partition: number): Promise<void> {
    this.owned = this.owned.filter((owned) => owned !== partition);
  }
}

function start(partitions = PARTITIONS) {
  const clock = new VirtualClock();
  const escalated: string[] = [];
  const ownership = new Ownership('n1', partitions, {
    now: () => clock.elapsed(),
    random: () => 0,
    after: (ms, run) => clock.after(ms, run),
    log: pino({ level: 'silent' }),
    escalate: (part) => escalated.push(part),
  });
  const holder = new Holder();
  ownership.hold(holder);
  return { clock, escalated, ownership, holder };
}

/** What `n1` has among these. */
const placed = (...live: string[]) => [...placedPartitions('n1', live, PARTITIONS)];
const all = placed('n1');

test('a node that is alone takes all at once', async () => {
  const { clock, ownership, holder } = start();
  ownership.viewChanged(['n1']);
  await clock.advance(0);
  expect(holder.owned).toEqual(all);
});

test('what another live node may have is taken after a grace, what a dead one had at once', async () => {
  const { clock, ownership, holder } = start();
  ownership.viewChanged(['n1', 'n2', 'n3']);
  await clock.advance(100);
  expect(holder.owned).toEqual([]);
  await clock.advance(300);
  expect(holder.owned).toEqual(placed('n1', 'n2', 'n3'));
  ownership.viewChanged(['n1', 'n2']);
  await clock.advance(0);
  expect(holder.owned).toEqual(placed('n1', 'n2'));
});

test('a partition that another node has now is given up at once', async () => {
  const { clock, ownership, holder } = start();
  ownership.viewChanged(['n1']);
  await clock.advance(0);
  ownership.viewChanged(['n1', 'n2']);
  await clock.advance(0);
  expect(holder.owned).toEqual(placed('n1', 'n2'));
});

test('what was lost is taken again after a wait', async () => {
  const { clock, ownership, holder } = start();
  ownership.viewChanged(['n1']);
  await clock.advance(0);
  holder.owned = all.slice(1);
  ownership.lost(0, STOLEN);
  await clock.advance(90);
  expect(holder.owned).toEqual(all.slice(1));
  await clock.advance(200);
  expect(holder.owned).toEqual(all);
});

test('what is lost again and again ends the node', async () => {
  const { clock, ownership, holder, escalated } = start(1);
  ownership.viewChanged(['n1']);
  // Every 20 s, which is too slow for the number of them.
  for (let lost = 0; lost < 20 && escalated.length === 0; lost++) {
    await clock.advance(20_000);
    holder.owned = [];
    ownership.lost(0, STOLEN);
  }
  expect(escalated).toEqual(['partition 0']);
});
