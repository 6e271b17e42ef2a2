import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readWeek } from '../../../supervisor/sample/read-week.ts';
import type { StockItem } from '../../../supervisor/sample/seed-stock.ts';
import { weekToTrade } from '../../../supervisor/sample/week-to-trade.ts';
import { eventually } from '../../fixture/eventually.ts';
import { withServer } from '../../fixture/real-server.ts';
import { ForeignTerminal } from './foreign-terminal.ts';
import { TillwireProcess, tillwire } from './tillwire-process.ts';

const FILE = fileURLToPath(new URL('../../../supervisor/sample/order.json', import.meta.url));

test('the example of an order is placed and gets its store, among those of the sample week', () =>
  withServer(async ({ url, monitorUrl }) => {
    const up = new TillwireProcess('up', '--nats', url, '--monitor', monitorUrl, '--log-level', 'warn');
    const terminal = await ForeignTerminal.open(url);
    try {
      await up.ready();
      const { stores } = weekToTrade(readWeek(), new Date());
      for (const { subject, payload } of stores) await terminal.ask(subject, payload);
      const placed = await tillwire('order', 'place', '--file', FILE, '--id', 'A1001', '--nats', url);
      expect([placed.code, placed.stderr]).toEqual([0, '']);
      const shown = () => tillwire('order', 'A1001', '--explain', '--nats', url);
      const text = await eventually(
        async () => {
          const { stdout } = await shown();
          return stdout.includes('fulfilling') && stdout;
        },
        { what: 'it has its store' },
      );
      expect(text).toContain('A1001-1');
      expect(text).not.toContain('NEEDS ATTENTION');
      // Each of them has all that the week sells of it, and more: it is there after the week, too.
      const carriers = stores.filter(({ payload }) =>
        (payload as { items?: StockItem[] }).items?.some(({ sku }) => sku === '85048'),
      );
      expect(carriers.length).toBeGreaterThan(1);
    } finally {
      await terminal.close();
      await up.end();
    }
  }));
