/**
 * The rows of the report in a DuckDB file, `booked`, in the order of the archive.
 *
 * P1  The position in the stream is in the file and moves in the transaction that adds the rows: a crash at any point neither skips nor
 *     repeats a row.
 * P2  The file holds nothing that the stream doesn't: one that is gone, or of another stream or layout, is filled anew from the beginning,
 *     with the same content. `ordinal` counts the rows of the stream, so it is the same in every such file.
 */
import { dirname } from 'node:path';
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import type { AttributionRow } from '../../protocols/attribution.ts';
import { wellFormed } from '../../protocols/well-formed.ts';
import { makeFolder } from '../embedded/make-folder.ts';
import { COLUMNS, quoted } from './columns.ts';

export interface ReportLimits {
  memoryMb: number;
  threads: number;
}

export type Values = Readonly<Record<string, string | bigint>>;
export type Found = Record<string, string | number>;

interface Written {
  stream: string;
  position: number;
  rows: number;
}

const FIELDS = [{ name: 'ordinal', type: 'BIGINT', required: true }, ...COLUMNS];
/** What can't be read as the type of its column would become NULL. */
const DECLARED = FIELDS.map(({ name, type, required }) => `${quoted(name)} ${type}${required ? ' NOT NULL' : ''}`);
const TABLE = `CREATE TABLE booked (${DECLARED.join(', ')})`;
/** Read as JSON by DuckDB's own threads: values one by one would cost this one five times as much. */
const STRUCTURE = JSON.stringify([Object.fromEntries(FIELDS.map(({ name, type }) => [name, type]))]);
const APPEND = `INSERT INTO booked SELECT unnest(from_json($rows::VARCHAR, '${STRUCTURE}'), max_depth := 2)`;
const POSITION = 'CREATE TABLE written (layout VARCHAR, stream VARCHAR, position BIGINT, "rows" BIGINT)';
const LAYOUT = `${TABLE} ${POSITION}`;
/** As JSON has it; the backslash may be of the text itself. */
const ESCAPED_HALF = /\\ud[89a-f]/;

export class ReportFile {
  private readonly instance: DuckDBInstance;
  private readonly writer: DuckDBConnection;
  private written: Written;
  /** One question at a time: its memory is bounded, and so are the threads that are busy with it. */
  private reading: Promise<unknown> = Promise.resolve();

  private constructor(instance: DuckDBInstance, writer: DuckDBConnection, written: Written) {
    this.instance = instance;
    this.writer = writer;
    this.written = written;
  }

  static async open(path: string, stream: string, { memoryMb, threads }: ReportLimits): Promise<ReportFile> {
    makeFolder(dirname(path));
    const instance = await DuckDBInstance.create(path, {
      memory_limit: `${memoryMb}MB`,
      threads: String(threads),
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    try {
      const writer = await instance.connect();
      return new ReportFile(instance, writer, (await readWritten(writer, stream)) ?? (await begin(writer, stream)));
    } catch (error) {
      instance.closeSync();
      throw error;
    }
  }

  /** Sequence of the last message whose rows are here. */
  get position(): number {
    return this.written.position;
  }

  /** Resolves when the rows are on the disk, with the position of the last message that they came in. */
  async append(rows: readonly AttributionRow[], position: number): Promise<void> {
    const first = this.written.rows;
    const after = { ...this.written, position, rows: first + rows.length };
    await inOneStep(this.writer, async () => {
      if (rows.length > 0) await this.writer.run(APPEND, { rows: numbered(rows, first) });
      await this.writer.run('UPDATE written SET position = $position, "rows" = $rows', {
        position: BigInt(after.position),
        rows: BigInt(after.rows),
      });
    });
    this.written = after;
  }

  /** Without fields that a row doesn't have. Throws where a number can't be said exactly. */
  read(sql: string, values: Values): Promise<Found[]> {
    const read = this.reading.then(() => this.readNow(sql, values));
    this.reading = read.catch(() => undefined);
    return read;
  }

  private async readNow(sql: string, values: Values): Promise<Found[]> {
    const connection = await this.instance.connect();
    try {
      const reader = await connection.runAndReadAll(sql, values);
      const names = reader.columnNames();
      return reader.getRows().map((row) => foundIn(names, row));
    } finally {
      connection.closeSync();
    }
  }

  /** The rows as a Parquet file, amounts as integers of 64 bits. */
  async writeParquet(path: string): Promise<void> {
    const rows = `SELECT ${COLUMNS.map(({ name }) => quoted(name)).join(', ')} FROM booked ORDER BY ordinal`;
    await this.writer.run(`COPY (${rows}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`);
  }

  async close(): Promise<void> {
    await this.reading;
    this.writer.closeSync();
    this.instance.closeSync();
  }
}

function foundIn(names: readonly string[], row: readonly DuckDBValue[]): Found {
  const found: Found = {};
  names.forEach((name, column) => {
    const value = row[column] ?? null;
    if (value !== null) found[name] = typeof value === 'bigint' ? exact(value) : String(value);
  });
  return found;
}

function exact(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new Error(`${value} is beyond what can be said exactly`);
  return number;
}

/** Undefined where the file is new, or of something else. */
async function readWritten(connection: DuckDBConnection, stream: string): Promise<Written | undefined> {
  const tables = await connection.runAndReadAll(`SELECT table_name FROM duckdb_tables() WHERE table_name = 'written'`);
  if (tables.currentRowCount === 0) return undefined;
  const reader = await connection.runAndReadAll('SELECT * FROM written');
  const [found] = reader.getRowObjects();
  if (found?.layout !== LAYOUT || found.stream !== stream) return undefined;
  return { stream, position: exact(BigInt(String(found.position))), rows: exact(BigInt(String(found.rows))) };
}

async function begin(connection: DuckDBConnection, stream: string): Promise<Written> {
  await inOneStep(connection, async () => {
    for (const sql of ['DROP TABLE IF EXISTS booked', 'DROP TABLE IF EXISTS written', TABLE, POSITION]) {
      await connection.run(sql);
    }
    await connection.run('INSERT INTO written VALUES ($layout, $stream, 0, 0)', { layout: LAYOUT, stream });
  });
  return { stream, position: 0, rows: 0 };
}

async function inOneStep(connection: DuckDBConnection, step: () => Promise<void>): Promise<void> {
  await connection.run('BEGIN TRANSACTION');
  try {
    await step();
  } catch (error) {
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
  await connection.run('COMMIT');
}

function numbered(rows: readonly AttributionRow[], first: number): string {
  return `[${rows.map((row, index) => `{"ordinal":${first + index},${textOf(row).slice(1)}`).join()}]`;
}

/** Archives have texts of before half a surrogate pair was refused, and providers may send one. */
function textOf(row: AttributionRow): string {
  const text = JSON.stringify(row);
  if (!ESCAPED_HALF.test(text)) return text;
  return JSON.stringify(row, (_, value: unknown) => (typeof value === 'string' ? wellFormed(value) : value));
}
