import { expect, test } from 'vitest';
import { placed } from '../../../supervisor/node/placement.ts';
import { audit } from '../spine/audit.ts';
import { baseOrder } from '../spine/base-order.ts';
import { useSystem } from '../spine/system.ts';
import { SKUS } from '../spine/trade.ts';
import { useTraders } from '../spine/traders.ts';

const NODES = ['node-1', 'node-2', 'node-3'];
const ORDERS = 120;
const CLERKS = 3;
/** Of them, before the holder is asked to leave. */
const BEFORE = 30;
/** The node that leaves has half a second for its turn and its calls, the next one as much to begin; the machine has the rest. */
const CAPTURED_WITHIN_MS = 2500;

const system = useSystem(...NODES);
const traders = useTraders(system);

interface Parcel {
  order: string;
  stores: readonly string[];
}

async function place(order: string): Promise<Parcel> {
  await traders.trade.send('channel-web', 'order', order, 'place', baseOrder(order, SKUS));
  const assigned = await traders.news.hear(`event.order.${order}.assigned`, 2);
  return { order, stores: assigned.map(({ store }) => String(store)) };
}

/** Resolves when it is decided. */
async function bothStores({ order, stores }: Parcel, command: 'ready' | 'ship'): Promise<void> {
  const sent = await Promise.all(stores.map((store) => traders.trade.send(store, 'order', order, command, {})));
  await Promise.all(sent.map((id) => traders.news.outcome(id)));
}

/** From the moment at which the goods are known to be ready. */
async function untilCaptured({ order }: Parcel): Promise<number> {
  const readyAt = performance.now();
  await traders.news.hear(`event.order.${order}.captured`, 2);
  return performance.now() - readyAt;
}

async function ship(parcel: Parcel): Promise<void> {
  await bothStores(parcel, 'ship');
  await traders.news.hear(`event.order.${parcel.order}.paid-out`, 2);
  traders.trade.finished.push({ order: parcel.order, journey: 'shipped' });
}

test('the account of a node that leaves in order is taken over at once', async () => {
  const parcels = await Promise.all(Array.from({ length: ORDERS }, (_, index) => place(`L${index + 1}`)));
  const holder = system.nodes.find(({ id }) => id === placed('account-main', NODES));
  const waits: Promise<number>[] = [];
  const waiting = parcels.values();
  const clerk = async (): Promise<void> => {
    for (const parcel of waiting) {
      await bothStores(parcel, 'ready');
      waits.push(untilCaptured(parcel));
      if (waits.length === BEFORE) holder?.signal('SIGTERM');
    }
  };
  await Promise.all(Array.from({ length: CLERKS }, clerk));
  const longest = Math.max(...(await Promise.all(waits)));
  console.info(`ready to captured while the holder of the account leaves: ${Math.round(longest)} ms at most`);
  expect(await holder?.exit()).toBe(0);
  expect(longest).toBeLessThan(CAPTURED_WITHIN_MS);
  await Promise.all(parcels.map(ship));
  await audit(traders.terminal, traders.news, traders.trade);
});
