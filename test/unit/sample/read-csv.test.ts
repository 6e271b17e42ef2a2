import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCsv } from '../../../supervisor/sample/read-csv.ts';

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
    const field = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r', ' ', 'é') });
    const table = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    fc.assert(
      fc.property(table, (records) => {
        const csv = records.map((record) => record.map(quoted).join(',')).join('\r\n');
        expect(readCsv(csv)).toEqual(records);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
