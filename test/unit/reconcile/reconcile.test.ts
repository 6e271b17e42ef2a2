/** Both sides of a reconciliation as they are read: a file, and pages of the archive. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AttributionRow } from '../../../protocols/attribution.ts';
import { reconcile } from '../../../supervisor/reconcile/reconcile.ts';
import { SETTLEMENT_HEAD } from '../../../supervisor/reconcile/settlement-row.ts';
import { row } from '../report/rows.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tillwire-reconcile-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** One page for each row, in the order of the archive. */
async function compare(lines: readonly string[], archived: readonly AttributionRow[]) {
  const file = join(folder, 'settlement.csv');
  await writeFile(file, [SETTLEMENT_HEAD, ...lines].join('\n'));
  const scope = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  return reconcile([file], scope, async function* () {
    for (const [index, { order, at }] of archived.entries()) {
      const payload = { order, at, revision: 1, rows: archived.slice(index, index + 1) };
      yield [{ sequence: index + 1, bytes: Buffer.from(JSON.stringify(payload)) }];
    }
  });
}

test('what was ordered in the evening and handled in the morning is found, behind what is dated by the morning', async () => {
  const of = { account: 'main', gross: 5000 };
  const morning = row({ ...of, row: 'B1-2-1', order: 'B1', at: '2026-11-23T06:00:01.000Z', entry: 'B1-c1' });
  const evening = row({ ...of, row: 'C1-1-1', order: 'C1', at: '2026-11-22T22:00:00.000Z', entry: 'C1-c1' });
  const line = 't1,2026-11-22T21:59:00Z,capture,main,C1-c1,ch_9,EUR,50.00,0.00,50.00';
  expect(await compare([line], [morning, evening])).toMatchObject({
    agrees: true,
    classes: [{ class: 'matched', currency: 'EUR', count: 1, file: 5000, ledger: 5000 }],
  });
});
