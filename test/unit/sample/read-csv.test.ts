import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvRecords, readCsv } from '../../../supervisor/sample/read-csv.ts';

const field = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é') });
const table = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });

function write(records: readonly string[][]): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  return records.map((record) => record.map(quoted).join(',')).join('\r\n');
}

async function* pieces(text: string, length: number): AsyncGenerator<string> {
  for (let from = 0; from < text.length; from += length) yield text.slice(from, from + length);
}

describe('reading CSV', () => {
  test('quoted fields hold commas, line ends and doubled quotes', () => {
    expect(readCsv('a,"b,""c""\r\nd"\r\n,""\n')).toEqual([
      ['a', 'b,"c"\r\nd'],
      ['', ''],
    ]);
  });

  test('the last line needs no line end, and a comma at its end is one more empty field', () => {
    expect(readCsv('a,b\nc,')).toEqual([
      ['a', 'b'],
      ['c', ''],
    ]);
  });

  test('text after a closing quote is an error, not a guess', () => {
    expect(() => readCsv('a,"b"c\n')).toThrow('character 2');
    expect(() => readCsv('a,"b')).toThrow('character 2');
  });

  test('what is written by RFC 4180 is read back', () => {
    fc.assert(
      fc.property(table, (records) => {
        expect(readCsv(write(records))).toEqual(records);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test('it makes no difference where a stream breaks it into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 9 }), async (records, length) => {
        const read = [];
        for await (const record of csvRecords(pieces(write(records), length))) read.push(record);
        expect(read).toEqual(records);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
