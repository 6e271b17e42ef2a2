import { describe, expect, test } from 'vitest';
import { eventually } from '../../fixture/eventually.ts';
import { audit } from './audit.ts';
import { useSystem } from './system.ts';
import { nthOrder } from './trade.ts';
import { useTraders } from './traders.ts';

const AT_A_TIME = 12;
/** Acknowledged commands until the next kill: odd numbers, so that each hits another moment of the turns. */
const KILLS_AFTER = [37, 61, 83, 29];
const WITHIN_MS = 30_000;

const system = useSystem('node-1', 'node-2');
const traders = useTraders(system);
let trading = true;
let orders = 0;

const nextOrder = () => (trading ? nthOrder('A', ++orders) : undefined);

const acknowledged = (more: number) => {
  const enough = traders.trade.acknowledged.length + more;
  const what = `${more} more commands are acknowledged`;
  return eventually(() => traders.trade.acknowledged.length >= enough, { what, withinMs: WITHIN_MS });
};

describe('a server that is killed', () => {
  test('under load, again and again, comes back with every command that it acknowledged', async () => {
    const load = traders.trade.run(nextOrder, AT_A_TIME);
    for (const commands of KILLS_AFTER) {
      await acknowledged(commands);
      await system.server.kill();
      await system.server.restart();
    }
    await acknowledged(50);
    trading = false;
    await load;
    console.info(
      `${traders.trade.finished.length} orders, ${traders.trade.acknowledged.length} commands, ${KILLS_AFTER.length} kills`,
    );
    await audit(traders.terminal, traders.news, traders.trade);
  });

  test('between turns finds everything where it was', async () => {
    await system.server.kill();
    await system.server.restart();
    trading = true;
    let left = 4;
    await traders.trade.run(() => (left-- > 0 ? nextOrder() : undefined), 4);
    await audit(traders.terminal, traders.news, traders.trade);
    expect(system.nodes.map(({ running }) => running)).toEqual([true, true]);
  });
});
