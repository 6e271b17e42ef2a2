import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NO_INSTANT } from '../../../protocols/instant.ts';
import { type ReadRow, readSettlement } from '../../../supervisor/reconcile/read-settlement.ts';
import { SETTLEMENT_HEAD } from '../../../supervisor/reconcile/settlement-row.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tillwire-settlement-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(text: string): Promise<ReadRow[]> {
  const file = join(folder, 'settlement.csv');
  await writeFile(file, text);
  const rows: ReadRow[] = [];
  for await (const row of readSettlement(file)) rows.push(row);
  return rows;
}

const row = (record: string, more = '8.00,0.10,7.90'): string =>
  `${record},2026-11-22T10:00:00Z,capture,main,A1-c1,ch_1,EUR,${more}`;

test('every broken row is named by line, column and rule, and the valid ones count', async () => {
  const found = await read(
    [
      SETTLEMENT_HEAD,
      row('t1'),
      row('t2', '8.00,0.10'),
      row('t3', '8.00,0.10,7.91'),
      '"t4"x,2026-11-22T10:00:00Z,capture,main,A1-c1,ch_1,EUR,8.00,0.10,7.90',
      row('"t5'),
      '',
      row('"t6"'),
      row('t7', '8.0,0.10,7.90'),
      row('t8').replace('10:00:00Z', '10:00:60Z'),
      row('t9').replace('10:00:00Z', '10:00:00Z[Europe/Paris]'),
      row('t10'),
    ].join('\r\n'),
  );
  const rows = found.map((of) => ('broken' in of ? of.broken : { line: of.line, record: of.row.record }));
  expect(rows).toEqual([
    { line: 2, record: 't1' },
    { line: 3, column: 'all', rule: 'must be 10 fields as in the head, not 9' },
    { line: 4, column: 'net', rule: 'must be gross − fee' },
    { line: 5, column: 'all', rule: 'must be CSV: a quote is not closed, or text follows it' },
    { line: 6, column: 'all', rule: 'must be CSV: a quote is not closed, or text follows it' },
    { line: 8, record: 't6' },
    { line: 9, column: 'gross', rule: 'must have 2 decimals, as EUR has' },
    { line: 10, column: 'date', rule: NO_INSTANT },
    { line: 11, column: 'date', rule: NO_INSTANT },
    { line: 12, record: 't10' },
  ]);
});

test('columns stand in any order, with others between them, behind a byte order mark', async () => {
  const [found] = await read(
    `\uFEFFnote,${SETTLEMENT_HEAD.split(',').reverse().join(',')}\n"a, b",7.90,0.10,8.00,EUR,ch_1,A1-c1,main,capture,2026-11-22T10:00:00Z,t1\n`,
  );
  expect(found).toMatchObject({ line: 2, row: { record: 't1', merchantReference: 'A1-c1', gross: 800, net: 790 } });
});

test.each([
  ['has no line', '', 'is empty'],
  ['lacks a column', SETTLEMENT_HEAD.replace(',fee', ''), 'the column fee 0 times'],
  ['parts columns at semicolons', SETTLEMENT_HEAD.replaceAll(',', ';'), 'parts the columns at ";": "," is wanted'],
  ['parts columns at tabs', SETTLEMENT_HEAD.replaceAll(',', '\t'), 'parts the columns at "\\t": "," is wanted'],
  ['is UTF-16', [...SETTLEMENT_HEAD].join('\0'), 'is UTF-16: UTF-8 is wanted'],
  ['names a column twice', `${SETTLEMENT_HEAD},net`, 'the column net 2 times'],
])('a file that %s is refused', async (_, text, reason) => {
  await expect(read(text)).rejects.toThrow(reason);
});

test('lines of commas are passed over, and text that is no UTF-8 is named', async () => {
  const found = await read([SETTLEMENT_HEAD, ',,,,,,,,,', row('t1'), ' , ', row('t\uFFFD')].join('\r\n'));
  expect(found).toMatchObject([{ line: 3 }, { broken: { line: 5, column: 'record', rule: 'must be UTF-8' } }]);
});

test('a file that is not there is an error', async () => {
  await expect(readSettlement(join(folder, 'nothing.csv')).next()).rejects.toThrow('ENOENT');
});

test('a file of many lines is read in pieces, each row with its line', async () => {
  const count = 2500;
  const found = await read([SETTLEMENT_HEAD, ...Array.from({ length: count }, (_, n) => row(`t${n}`))].join('\n'));
  expect(found.map((of) => ('row' in of ? `${of.line} ${of.row.record}` : of))).toEqual(
    Array.from({ length: count }, (_, n) => `${n + 2} t${n}`),
  );
});
