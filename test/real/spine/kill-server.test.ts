import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connection, openConnection } from '../../../supervisor/nats/connection.ts';
import { Terminal } from '../../../supervisor/nats/terminal.ts';
import { eventually } from '../../fixture/eventually.ts';
import { audit } from './audit.ts';
import { News } from './news.ts';
import { useSystem } from './system.ts';
import { JOURNEYS, Trade, type Traded } from './trade.ts';

const AT_A_TIME = 12;
/** Acknowledged commands until the next kill: odd numbers, so that each hits another moment of the turns. */
const KILLS_AFTER = [37, 61, 83, 29];
const WITHIN_MS = 30_000;

const system = useSystem('node-1', 'node-2');
let connection: Connection;
let terminal: Terminal;
let news: News;
let trade: Trade;
let trading = true;
let orders = 0;

beforeAll(async () => {
  connection = await openConnection({ servers: system.server.url, name: 'terminals' });
  terminal = new Terminal(connection);
  news = new News(connection);
  trade = new Trade(terminal, news);
  await trade.openStores();
});

afterAll(async () => {
  news?.stop();
  await terminal?.close();
});

function nextOrder(): Traded | undefined {
  if (!trading) return undefined;
  const journey = JOURNEYS[orders % JOURNEYS.length] ?? 'shipped';
  return { order: `A${++orders}`, journey };
}

const acknowledged = (more: number) => {
  const enough = trade.acknowledged.length + more;
  const what = `${more} more commands are acknowledged`;
  return eventually(() => trade.acknowledged.length >= enough, { what, withinMs: WITHIN_MS });
};

describe('a server that is killed', () => {
  test('under load, again and again, comes back with every command that it acknowledged', async () => {
    const load = trade.run(nextOrder, AT_A_TIME);
    for (const commands of KILLS_AFTER) {
      await acknowledged(commands);
      await system.server.kill();
      await system.server.restart();
    }
    await acknowledged(50);
    trading = false;
    await load;
    console.info(`${trade.finished.length} orders, ${trade.acknowledged.length} commands, ${KILLS_AFTER.length} kills`);
    await audit(terminal, news, trade);
  });

  test('between turns finds everything where it was', async () => {
    await system.server.kill();
    await system.server.restart();
    trading = true;
    let left = 4;
    await trade.run(() => (left-- > 0 ? nextOrder() : undefined), 4);
    await audit(terminal, news, trade);
    expect(system.nodes.map(({ running }) => running)).toEqual([true, true]);
  });
});
