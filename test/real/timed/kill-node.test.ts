import { describe, expect, test } from 'vitest';
import { partitionOf } from '../../../protocols/partition.ts';
import { DEFAULT_CONFIG } from '../../../supervisor/node/config.ts';
import { placed, placedPartitions } from '../../../supervisor/node/placement.ts';
import { eventually } from '../../fixture/eventually.ts';
import { audit } from '../spine/audit.ts';
import type { NodeProcess } from '../spine/node-process.ts';
import { useSystem } from '../spine/system.ts';
import { nthOrder } from '../spine/trade.ts';
import { useTraders } from '../spine/traders.ts';

const AT_A_TIME = 12;
/** Until the first outcome of a partition whose node was killed. */
const TAKEN_OVER_WITHIN_MS = 5000;
/** A node that leaves in order finishes its turn and tells the others. */
const HANDED_OVER_WITHIN_MS = 2000;
const LIVE_WITHIN_MS = 30_000;

const system = useSystem('node-1', 'node-2', 'node-3');
const traders = useTraders(system);
let trading = true;
let orders = 0;
let probes = 0;

const nextOrder = () => (trading ? nthOrder('A', ++orders) : undefined);

const running = () => system.nodes.filter((node) => node.running).map(({ id }) => id);

function nodeCalled(id: string | undefined): NodeProcess {
  const node = system.nodes.find((known) => known.id === id);
  if (!node) throw new Error(`no node is called ${id}`);
  return node;
}

/** An id in a partition that was the node's while these were live. */
function idOn(node: string, live: readonly string[]): string {
  const { partitions } = DEFAULT_CONFIG;
  const owned = placedPartitions(node, live, partitions);
  for (;;) {
    const id = `P${++probes}`;
    if (owned.has(partitionOf('order', id, partitions))) return id;
  }
}

/** From the end of a node to the first answer by whoever took one of its partitions over. */
async function silenceAfter(node: string, live: readonly string[], end: () => void): Promise<number> {
  const started = performance.now();
  const id = idOn(node, live);
  end();
  const command = await traders.trade.send('channel-web', 'order', id, 'cancel', {});
  const outcome = await traders.news.outcome(command);
  expect(outcome).toMatchObject({ outcome: 'rejected', code: 'unknown-order' });
  return performance.now() - started;
}

const traded = (more: number) => {
  const enough = traders.trade.finished.length + more;
  return eventually(() => traders.trade.finished.length >= enough, {
    what: `${more} more orders`,
    withinMs: LIVE_WITHIN_MS,
  });
};

describe('three nodes under load', () => {
  let load: Promise<void>;

  test('a node that is killed is replaced by the others within five seconds, twice', async () => {
    load = traders.trade.run(nextOrder, AT_A_TIME);
    await traded(20);
    const silences: number[] = [];
    for (const replacement of ['node-4', 'node-5']) {
      const live = running();
      // Whoever talks to the gateway: its calls under way are the hardest to take over.
      const victim = nodeCalled(placed('account-main', live));
      silences.push(await silenceAfter(victim.id, live, () => victim.signal('SIGKILL')));
      await traded(10);
      await system.startNode(replacement);
      await traded(10);
    }
    console.info(`kill -9 to the first outcome: ${silences.map((ms) => `${Math.round(ms)} ms`).join(', ')}`);
    expect(Math.max(...silences)).toBeLessThan(TAKEN_OVER_WITHIN_MS);
  });

  test('a node that is asked to leave is replaced at once, and exits 0', async () => {
    const live = running();
    const leaving = nodeCalled(placed('account-main', live));
    const silence = await silenceAfter(leaving.id, live, () => leaving.signal('SIGTERM'));
    console.info(`SIGTERM to the first outcome: ${Math.round(silence)} ms`);
    expect(silence).toBeLessThan(HANDED_OVER_WITHIN_MS);
    expect(await leaving.exit()).toBe(0);
    await traded(10);
  });

  test('nothing was lost, and nothing was done twice', async () => {
    trading = false;
    await load;
    console.info(`${traders.trade.finished.length} orders, ${traders.trade.acknowledged.length} commands`);
    await audit(traders.terminal, traders.news, traders.trade);
  });
});
