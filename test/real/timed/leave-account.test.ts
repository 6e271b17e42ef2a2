import { describe, expect, test } from 'vitest';
import type { Journal } from '../../../supervisor/gateway/simulator-journal.ts';
import { placed } from '../../../supervisor/node/placement.ts';
import { eventually } from '../../fixture/eventually.ts';
import { audit } from '../spine/audit.ts';
import { baseOrder } from '../spine/base-order.ts';
import type { NodeProcess } from '../spine/node-process.ts';
import { useSystem } from '../spine/system.ts';
import { SKUS } from '../spine/trade.ts';
import { useTraders } from '../spine/traders.ts';

const ORDERS = 100;
const CLERKS = 3;
/** Of them, before the holder is asked to leave. */
const BEFORE = 15;
/** The node that leaves has half a second for its turn and its calls, the next one as much to begin; the machine has the rest. */
const CAPTURED_WITHIN_MS = 2500;
/** Less than a node waits for its calls when it leaves. */
const SLOW_MS = 4000;

const system = useSystem('node-1', 'node-2', 'node-3');
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

/** Orders are made ready one after another, and meanwhile the holder of the account is asked to leave. Returns the longest wait. */
async function tradeWhileLeaving(holder: NodeProcess, parcels: readonly Parcel[]): Promise<number> {
  const waits: Promise<number>[] = [];
  const waiting = parcels.values();
  const clerk = async (): Promise<void> => {
    for (const parcel of waiting) {
      await bothStores(parcel, 'ready');
      waits.push(untilCaptured(parcel));
      if (waits.length === BEFORE) holder.signal('SIGTERM');
    }
  };
  await Promise.all(Array.from({ length: CLERKS }, clerk));
  const longest = Math.max(...(await Promise.all(waits)));
  console.info(`ready to captured while the holder of the account leaves: ${Math.round(longest)} ms at most`);
  return longest;
}

const placeAll = (prefix: string) =>
  Promise.all(Array.from({ length: ORDERS }, (_, index) => place(`${prefix}${index + 1}`)));

function holderOf(account: string): NodeProcess {
  const running = system.nodes.filter((node) => node.running);
  const id = placed(
    `account-${account}`,
    running.map((node) => node.id),
  );
  const holder = running.find((node) => node.id === id);
  if (!holder) throw new Error(`nobody holds ${account}`);
  return holder;
}

/** The keys under which its captures were asked for, each as often as it was. */
async function callsOf({ order }: Parcel): Promise<readonly string[]> {
  const journal = await traders.terminal.query<Journal>('query.gateway.main.journal', { order });
  return journal?.calls.filter(({ kind }) => kind === 'capture').map(({ key }) => key) ?? [];
}

describe('the account of a node that leaves in order', () => {
  test('is taken over at once', async () => {
    const parcels = await placeAll('L');
    const holder = holderOf('main');
    expect(await tradeWhileLeaving(holder, parcels)).toBeLessThan(CAPTURED_WITHIN_MS);
    expect(await holder.exit()).toBe(0);
    await Promise.all(parcels.map(ship));
  });

  test('is taken over at once while a call is under way, which ends where it began', async () => {
    const [slow, ...parcels] = await placeAll('M');
    const holder = holderOf('main');
    if (!slow) throw new Error('no order was placed');
    const script = { kind: 'capture', behave: 'ok', delayMs: SLOW_MS, order: slow.order };
    await traders.news.outcome(await traders.trade.send('ops-hq', 'gateway', 'main', 'script', script));
    await bothStores(slow, 'ready');
    const slowest = untilCaptured(slow);
    await eventually(async () => (await callsOf(slow)).length === 2, { what: 'the slow call is under way' });
    expect(await tradeWhileLeaving(holder, parcels)).toBeLessThan(CAPTURED_WITHIN_MS);
    expect(await slowest).toBeGreaterThan(CAPTURED_WITHIN_MS);
    expect(await holder.exit()).toBe(0);
    expect((await callsOf(slow)).toSorted()).toEqual([`${slow.order}-c1`, `${slow.order}-c2`]);
    await Promise.all([slow, ...parcels].map(ship));
  });

  test('lost no request, and none moved money twice', () => audit(traders.terminal, traders.news, traders.trade));
});
