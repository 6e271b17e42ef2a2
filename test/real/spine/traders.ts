import { afterAll, beforeAll } from 'vitest';
import { type Connection, openConnection } from '../../../supervisor/nats/connection.ts';
import { Terminal } from '../../../supervisor/nats/terminal.ts';
import { News } from './news.ts';
import type { System } from './system.ts';
import { Trade } from './trade.ts';

interface Traders {
  connection: Connection;
  terminal: Terminal;
  news: News;
  trade: Trade;
}

/** Open stores and those who trade in them, for all tests of a file. */
export function useTraders(system: System): Traders {
  const traders = {} as Traders;
  beforeAll(async () => {
    traders.connection = await openConnection({ servers: system.server.url, name: 'terminals' });
    traders.terminal = new Terminal(traders.connection);
    traders.news = new News(traders.connection);
    traders.trade = new Trade(traders.terminal, traders.news);
    await traders.trade.openStores();
  });
  afterAll(async () => {
    traders.news?.stop();
    await traders.terminal?.close();
  });
  return traders;
}
