/**
 * The rows of a settlement file, one after another: what is broken is said with its line, and the others still count. A row is one
 * line, so that a quote that is never closed spoils no more than its own.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parse } from 'csv-parse/sync';
import { SETTLEMENT_COLUMNS } from '../../protocols/settlement.ts';
import { type BrokenRule, type Fields, readFields, type SettlementRow } from './settlement-row.ts';

export interface BrokenRow extends BrokenRule {
  /** Counted from 1, the head included. */
  line: number;
  /** Of the file, where there are several. */
  name?: string;
}

export type ReadRow =
  | { line: number; row: SettlementRow }
  /** `of`: the key that the row names as far as it can be read. */
  | { broken: BrokenRow; of?: { account: string; merchantReference: string; providerReference: string } };

/** Parsed together: far cheaper than one by one. */
const LINES_AT_ONCE = 1000;

interface Line {
  line: number;
  text: string;
}

/** Rejects where the file can't be read, or its head lacks a column. */
export async function* readSettlement(file: string): AsyncGenerator<ReadRow> {
  let head: Head | undefined;
  for await (const lines of linesOf(file)) {
    const records = parseLines(lines);
    for (const [index, { line }] of lines.entries()) {
      const record = records[index];
      if (!head) head = headOf(record, file);
      else yield readRow(record, head, line);
    }
  }
  if (!head) throw new Error(`${file} is empty: its first line names the columns`);
}

async function* linesOf(file: string): AsyncGenerator<Line[]> {
  const input = createReadStream(file, 'utf8');
  // The interface ends in silence where the file can't be read.
  const failed = new Promise<never>((_, reject) => input.on('error', reject));
  failed.catch(() => undefined);
  const reader = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  let lines: Line[] = [];
  for (let line = 1; ; line++) {
    const { done, value } = await Promise.race([reader.next(), failed]);
    if (done) break;
    const text = line === 1 ? value.replace(/^\uFEFF/, '') : value;
    // Spreadsheets leave lines of commas.
    if (/[^,\s]/.test(text)) lines.push({ line, text });
    if (lines.length < LINES_AT_ONCE) continue;
    yield lines;
    lines = [];
  }
  if (input.errored) throw input.errored;
  yield lines;
}

/** Undefined for a line that is no CSV. */
function parseLines(lines: readonly Line[]): (string[] | undefined)[] {
  const records = parseText(lines.map(({ text }) => text).join('\n'));
  // Quotes may have joined lines: then each is read on its own.
  return records?.length === lines.length ? records : lines.map(({ text }) => parseText(text)?.[0]);
}

function parseText(text: string): string[][] | undefined {
  try {
    return parse(text, { relax_column_count: true });
  } catch {
    return undefined;
  }
}

interface Head {
  /** Position of each column. */
  positions: ReadonlyMap<string, number>;
  width: number;
}

function headOf(record: readonly string[] | undefined, file: string): Head {
  const names = record?.map((name) => name.trim()) ?? [];
  if (names.some((name) => name.includes('\0'))) throw new Error(`${file}: its first line is UTF-16: UTF-8 is wanted`);
  const [only = ''] = names.length === 1 ? names : [];
  const separator = [';', '\t', '|'].find((other) => only.includes(other));
  if (separator) {
    const said = JSON.stringify(separator);
    throw new Error(`${file}: its first line parts the columns at ${said}: "," is wanted, and amounts with a point`);
  }
  for (const column of SETTLEMENT_COLUMNS) {
    const count = names.filter((name) => name === column).length;
    if (count !== 1) throw new Error(`${file}: its first line names the column ${column} ${count} times, not once`);
  }
  return { positions: new Map(names.map((name, position) => [name, position])), width: names.length };
}

function readRow(record: readonly string[] | undefined, { positions, width }: Head, line: number): ReadRow {
  if (!record)
    return { broken: { line, column: 'all', rule: 'must be CSV: a quote is not closed, or text follows it' } };
  if (record.length !== width) {
    return { broken: { line, column: 'all', rule: `must be ${width} fields as in the head, not ${record.length}` } };
  }
  const fields = Object.fromEntries(
    SETTLEMENT_COLUMNS.map((column) => [column, (record[positions.get(column) ?? -1] ?? '').trim()]),
  ) as Fields;
  const garbled = SETTLEMENT_COLUMNS.find((column) => fields[column].includes('\uFFFD'));
  const row = garbled ? { column: garbled, rule: 'must be UTF-8' } : readFields(fields);
  if (!('rule' in row)) return { line, row };
  const { account, merchant_reference: merchantReference, provider_reference: providerReference } = fields;
  return { broken: { line, ...row }, of: { account, merchantReference, providerReference } };
}
