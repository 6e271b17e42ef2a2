import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Journey } from '../../../supervisor/sample/journey.ts';
import { readWeek } from '../../../supervisor/sample/read-week.ts';
import { weekToTrade } from '../../../supervisor/sample/week-to-trade.ts';
import { type Extent, yearToTrade } from '../../../supervisor/sample/year-to-trade.ts';

const FILE = fileURLToPath(new URL('../../../supervisor/sample/online-retail-ii-week.csv.gz', import.meta.url));
const START = new Date('2026-11-23T09:00:00Z');
/** It reads the sheet four times. */
const PATIENCE_MS = 60_000;
const ALL: Extent = { weeks: 53, sales: Number.MAX_SAFE_INTEGER };

async function journeysOf(extent: Extent): Promise<Journey[]> {
  const journeys: Journey[] = [];
  for await (const journey of (await yearToTrade(FILE, START, extent)).journeys()) journeys.push(journey);
  return journeys;
}

describe('the sheet read in pieces', () => {
  test(
    'is the same trade as the sheet read at once',
    async () => {
      const { journeys, ...plan } = weekToTrade(readWeek(), START);
      const { journeys: _, ...streamed } = await yearToTrade(FILE, START, ALL);
      expect(streamed).toEqual(plan);
      expect(await journeysOf(ALL)).toEqual(journeys);
    },
    PATIENCE_MS,
  );

  test('ends after so many sales', async () => {
    const invoices = new Set(readWeek().flatMap(({ invoice }) => (/^\d/.test(invoice) ? [invoice] : [])));
    const first = [...invoices].slice(0, 20);
    const placed = (await journeysOf({ ...ALL, sales: 20 })).map((journey) => journey.placed.order);
    expect(placed.length).toBeGreaterThan(10);
    expect(first).toEqual(expect.arrayContaining(placed));
  });

  test('says which file is missing', async () => {
    await expect(yearToTrade('no-such-sheet.csv.gz', START, ALL)).rejects.toThrow('no-such-sheet.csv.gz');
  });
});
