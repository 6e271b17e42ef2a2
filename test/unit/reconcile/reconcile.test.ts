/** Both sides of a reconciliation as they are read: a file, and pages of the archive. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AttributionRow } from '../../../protocols/attribution.ts';
import { reconcile } from '../../../supervisor/reconcile/reconcile.ts';
import type { Scope } from '../../../supervisor/reconcile/reconciliation.ts';
import { SETTLEMENT_HEAD } from '../../../supervisor/reconcile/settlement-row.ts';
import { row } from '../report/rows.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tillwire-reconcile-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** One page for each row, in the order of the archive. */
async function compare(lines: readonly string[], archived: readonly AttributionRow[], changes: Partial<Scope> = {}) {
  const file = join(folder, 'settlement.csv');
  await writeFile(file, [SETTLEMENT_HEAD, ...lines].join('\n'));
  const scope = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY, ...changes };
  let asked: number | Date | undefined;
  const result = await reconcile([file], scope, async function* (_, from) {
    asked = from;
    for (const [index, { order, at }] of archived.entries()) {
      const payload = { order, at, revision: 1, rows: archived.slice(index, index + 1) };
      yield [{ sequence: index + 1, bytes: Buffer.from(JSON.stringify(payload)) }];
    }
  });
  return { ...result, asked };
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

const LINE = 't1,2026-11-22T12:00:00Z,capture,main,C1-c1,ch_9,EUR,50.00,0.00,50.00';
const CAPTURED = { account: 'main', gross: 5000, order: 'C1', entry: 'C1-c1', at: '2026-11-22T12:00:00.000Z' };

test('what was booked a little before the period and is in its file counts in its totals', async () => {
  const before = row({ ...CAPTURED, row: 'C1-1-1', at: '2026-11-21T23:50:00.000Z' });
  const totals = [{ class: 'matched', currency: 'EUR', count: 1, file: 5000, ledger: 5000 }];
  expect(await compare([LINE], [before])).toMatchObject({ agrees: true, classes: totals });
});

test('a key in two currencies is one, with the sum of each side in its own', async () => {
  const { classes } = await compare([LINE.replace('EUR', 'USD')], [row({ ...CAPTURED, row: 'C1-1-1' })]);
  expect(classes).toEqual([
    { class: 'currency-differs', currency: 'USD', count: 1, file: 5000, ledger: 0 },
    { class: 'currency-differs', currency: 'EUR', count: 0, file: 0, ledger: 5000 },
  ]);
});

test('a row whose account can’t be read may be of the account that is asked for', async () => {
  const { rows } = await compare([LINE, LINE.replace('main', '')], [], { account: 'main' });
  expect(rows).toEqual({ counted: 1, broken: 1, leftOut: 0 });
  const elsewhere = LINE.replace('main', 'other').replace('EUR', 'eur');
  expect((await compare([LINE, elsewhere], [], { account: 'main' })).rows).toEqual({
    counted: 1,
    broken: 0,
    leftOut: 1,
  });
});

test('what is disputed may have been booked at any time, also when the customer paid before', async () => {
  const paid = row({ ...CAPTURED, row: 'C1-1-1', movement: 'prepayment', at: '2026-01-01T00:00:00.000Z' });
  const dispute = LINE.replace('capture', 'chargeback').replaceAll('50.00', '-50.00');
  const { asked, differences } = await compare([dispute], [paid]);
  expect(asked).toBe(1);
  expect(differences).toMatchObject([{ class: 'chargeback', disputed: { order: 'C1' } }]);
  expect((await compare([LINE], [])).asked).toEqual(new Date('2026-11-21T23:00:00Z'));
});
