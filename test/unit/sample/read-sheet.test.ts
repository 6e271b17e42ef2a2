import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { parseSheet, streamSheet } from '../../../supervisor/sample/read-sheet.ts';

const HEADER = 'Invoice,StockCode,Description,Quantity,InvoiceDate,Price,CustomerID,Country';
const parse = (line: string) => parseSheet(`${HEADER}\n${line}\n`);

describe('lines of the sheet', () => {
  test('blanks in descriptions are tidied, a missing customer is null, and time is read as UTC', () => {
    expect(parse('489434,22041,"RECORD FRAME  7"" ",48,2009-12-01 07:45:00,2.1,,United Kingdom')).toEqual([
      {
        row: 1,
        invoice: '489434',
        stockCode: '22041',
        description: 'RECORD FRAME 7"',
        quantity: 48,
        atMs: Date.UTC(2009, 11, 1, 7, 45),
        priceMills: 2100,
        customer: null,
        country: 'United Kingdom',
      },
    ]);
  });

  test.each([
    ['1,2,3', 'has 3 fields'],
    ['1,2,3,1.5,2009-12-01 07:45:00,1,,France', 'not a whole number'],
    ['1,2,3,1,yesterday,1,,France', 'not a date'],
    ['1,2,3,1,2009-12-01 07:45:00,cheap,,France', 'not a decimal'],
  ])('%s is an error that says why', (line, reason) => {
    expect(() => parse(line)).toThrow(reason);
  });

  test('another header is another sheet', () => {
    expect(() => parseSheet('a,b\n1,2\n')).toThrow('header');
  });

  test('a stream of a file has the lines of its text', async () => {
    const text = `${HEADER}\n1,2,"a ""b"",\nc",1,2009-12-01 07:45:00,1.5,,France\n2,3,d,2,2009-12-01 07:46:00,1,7,Spain\n`;
    await withFile(gzipSync(text), async (file) => {
      const streamed = [];
      for await (const row of streamSheet(file)) streamed.push(row);
      expect(streamed).toEqual(parseSheet(text));
      expect(streamed.map(({ description }) => description)).toEqual(['a "b", c', 'd']);
    });
  });

  test.each([
    ['is not compressed', Buffer.from(HEADER), 'incorrect header check'],
    ['has another head', gzipSync('a,b\n1,2\n'), 'header'],
    ['is empty', gzipSync(''), 'header'],
  ])('a file that %s is an error', async (_, bytes, reason) => {
    await withFile(bytes, async (file) => {
      await expect(streamSheet(file).next()).rejects.toThrow(reason);
    });
  });

  test('a file that is not there is an error', async () => {
    await expect(streamSheet('no-such-sheet.csv.gz').next()).rejects.toThrow('ENOENT');
  });
});

async function withFile(bytes: Uint8Array, use: (file: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tillwire-sheet-'));
  try {
    const file = join(folder, 'sheet.csv.gz');
    await writeFile(file, bytes);
    await use(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
