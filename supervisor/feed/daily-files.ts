/**
 * Rows of the report in files by day of booking, `attribution-2026-11-22.jsonl`, one JSON object a line.
 *
 * F1  `position.json` names how far the stream was read and how long each file was then; it is replaced in one piece, after what was
 *     appended is on the disk. On opening, files are cut back to it: a crash at any point neither skips nor repeats a row.
 * F2  Finished files may be taken away: one that is gone starts anew should a row of its day still come. A file that is shorter than
 *     it was, or longer while it is written, is damage, and nothing is written.
 * F3  One writer a folder: whoever opens it holds its id first.
 */
import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, readFile, realpath, rename, stat, truncate, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttributionRow } from '../../protocols/attribution.ts';
import { makeFolder } from '../embedded/make-folder.ts';

const POSITION = 'position.json';
const DAILY = /^attribution-\d{4}-\d{2}-\d{2}\.jsonl$/;

interface Written {
  /** Which stream the position is of. */
  stream: string;
  position: number;
  /** Bytes, by name of the file. */
  lengths: Record<string, number>;
  /** Of the folder, wherever it is mounted; none in those that were begun without. */
  id?: string;
}

export class DailyFiles {
  private readonly folder: string;
  private written: Written;

  private constructor(folder: string, written: Written) {
    this.folder = folder;
    this.written = written;
  }

  /** The folder is made where there is none. */
  static async idOf(folder: string, stream: string): Promise<string> {
    makeFolder(folder);
    const begun: Written = { stream, position: 0, lengths: {}, id: randomUUID() };
    // Two may begin it at once: one of them does.
    await withFile(join(folder, POSITION), 'wx', (file) => file.writeFile(textOf(begun))).catch(ignoreExisting);
    const written = await readPosition(folder);
    if (written.id !== undefined) return written.id;
    // Begun by an earlier version: all that ask derive the same one.
    return createHash('sha256')
      .update(await realpath(folder))
      .digest('hex');
  }

  /** Of a folder that `idOf` knows. */
  static async open(folder: string, stream: string): Promise<DailyFiles> {
    const written = await readPosition(folder);
    if (written.stream !== stream) {
      throw new Error(
        `${folder} was written from ${written.stream}, this is ${stream}: a feed of it needs a new folder`,
      );
    }
    const files = new DailyFiles(folder, written);
    await files.cutBack();
    return files;
  }

  /** The last message that was written. */
  get position(): number {
    return this.written.position;
  }

  /** Resolves when the rows are on the disk, with the position of the last message that they came in. */
  async append(rows: readonly AttributionRow[], position: number): Promise<void> {
    const lengths = { ...this.written.lengths };
    for (const [name, lines] of byFile(rows)) {
      lengths[name] = await appendAt(join(this.folder, name), lengths[name] ?? 0, lines);
    }
    await this.remember({ ...this.written, position, lengths });
  }

  private async remember(written: Written): Promise<void> {
    const next = join(this.folder, `${POSITION}.next`);
    await withFile(next, 'w', (file) => file.writeFile(textOf(written)));
    await rename(next, join(this.folder, POSITION));
    // The names of new files, and of this one, are in the folder.
    await withFile(this.folder, 'r', async () => {});
    this.written = written;
  }

  private async cutBack(): Promise<void> {
    const found = new Set((await readdir(this.folder)).filter((name) => DAILY.test(name)));
    const lengths: Record<string, number> = {};
    for (const [name, length] of Object.entries(this.written.lengths)) if (found.has(name)) lengths[name] = length;
    for (const name of found) {
      const length = lengths[name];
      const path = join(this.folder, name);
      if (length === undefined) await unlink(path);
      else await cutTo(path, length);
    }
    this.written = { ...this.written, lengths };
  }
}

async function cutTo(path: string, length: number): Promise<void> {
  const { size } = await stat(path);
  if (size < length) throw new Error(`${path} has ${size} bytes, ${length} were written: it was changed`);
  if (size > length) await truncate(path, length);
}

/** Resolves with the length after it. */
async function appendAt(path: string, length: number, lines: Buffer): Promise<number> {
  let before = length;
  await withFile(path, 'a', async (file) => {
    const { size } = await file.stat();
    // It was taken away, and starts anew.
    if (size === 0) before = 0;
    if (size !== before)
      throw new Error(`${path} has ${size} bytes, ${length} were written: something else writes to it`);
    await file.appendFile(lines);
  });
  return before + lines.length;
}

const textOf = (written: Written): string => `${JSON.stringify(written, null, 2)}\n`;

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

async function readPosition(folder: string): Promise<Written> {
  const path = join(folder, POSITION);
  const text = await readFile(path, 'utf8');
  try {
    return JSON.parse(text) as Written;
  } catch (cause) {
    throw new Error(`${path} can't be read: it was changed`, { cause });
  }
}

function byFile(rows: readonly AttributionRow[]): Map<string, Buffer> {
  const lines = new Map<string, string[]>();
  for (const row of rows) {
    const name = `attribution-${row.at.slice(0, 10)}.jsonl`;
    const known = lines.get(name);
    const line = `${JSON.stringify(row)}\n`;
    if (known) known.push(line);
    else lines.set(name, [line]);
  }
  return new Map([...lines].map(([name, of]) => [name, Buffer.from(of.join(''))]));
}

/** What was done with the file is on the disk when this resolves. */
async function withFile(path: string, flags: string, use: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, flags);
  try {
    await use(file);
    await file.sync();
  } finally {
    await file.close();
  }
}
