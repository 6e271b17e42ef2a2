import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { SoakResult } from '../soak/report.ts';

const SOAK = fileURLToPath(new URL('../soak/main.ts', import.meta.url));
const WEEK = fileURLToPath(new URL('../../supervisor/sample/online-retail-ii-week.csv.gz', import.meta.url));
const RUN = ['--import', 'tsx', SOAK, '--data', WEEK, '--json'];

test('the beginning of the sheet is soaked, and everything that was checked holds', { timeout: 120_000 }, async () => {
  // Rejects unless it exits 0.
  const { stdout } = await promisify(execFile)(process.execPath, [...RUN, '--orders', '60', '--concurrency', '20']);
  const { trade, found, holds, measured } = JSON.parse(stdout) as SoakResult;
  expect(holds).toBe(true);
  expect(found.orders).toBe(trade.orders);
  expect(found.rows.rows).toBeGreaterThan(trade.account.traded.lines);
  expect(found.rows.gross).toBe(found.books.captured - found.books.refunded);
  expect(measured.cpuSeconds.node).toBeGreaterThan(0);
});
