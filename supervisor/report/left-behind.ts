/**
 * Files of the report that nodes left behind: each start under another name begins one. One is deleted when it surely only takes room:
 *
 * L1  It is of the same archive, and holds nothing that the report in use doesn't.
 * L2  Its node is gone, and it was not written for a while: a node that comes back goes on with its file.
 * L3  Nobody has it open: it is deleted under the lock of the database.
 */
import { readdir, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { HOUR_MS } from '../../protocols/durations.ts';

/** The report in use. */
interface InUse {
  folder: string;
  node: string;
  stream: string;
  position: number;
}

interface World {
  isLive(node: string): boolean;
  now(): number;
}

const LEFT_MS = HOUR_MS;
const NAME = /^([A-Za-z0-9_-]{1,64})\.duckdb$/;

/** Resolves with the paths of those that were deleted. */
export async function removeLeftBehind(inUse: InUse, { isLive, now }: World): Promise<string[]> {
  const removed: string[] = [];
  for (const name of await readdir(inUse.folder)) {
    const node = NAME.exec(name)?.[1];
    if (node === undefined || node === inUse.node || isLive(node)) continue;
    const path = join(inUse.folder, name);
    if (now() - (await stat(path)).mtimeMs < LEFT_MS) continue;
    const isSpare = (connection: DuckDBConnection) => holdsNoMore(connection, inUse);
    // First without a trace: it may be anybody's.
    if (!(await opened(path, 'READ_ONLY', isSpare))) continue;
    const remove = async (connection: DuckDBConnection) => (await isSpare(connection)) && removeOpen(connection, path);
    if (await opened(path, 'READ_WRITE', remove)) removed.push(path);
  }
  return removed;
}

/** False where somebody has it open, or it is no database. */
async function opened(
  path: string,
  mode: 'READ_ONLY' | 'READ_WRITE',
  use: (connection: DuckDBConnection) => Promise<boolean>,
): Promise<boolean> {
  const instance = await DuckDBInstance.create(path, {
    access_mode: mode,
    memory_limit: '64MB',
    threads: '1',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  }).catch(() => undefined);
  if (!instance) return false;
  try {
    return await use(await instance.connect());
  } finally {
    instance.closeSync();
  }
}

const NO_MORE = `
  SELECT 1 FROM written WHERE stream = $stream AND position <= $position
    AND EXISTS (SELECT 1 FROM duckdb_tables() WHERE table_name = 'booked')`;

/** Also where it is of another layout. */
async function holdsNoMore(connection: DuckDBConnection, { stream, position }: InUse): Promise<boolean> {
  // Another database has no such columns.
  const read = connection.runAndReadAll(NO_MORE, { stream, position: BigInt(position) }).catch(() => undefined);
  return (await read)?.currentRowCount === 1;
}

async function removeOpen(connection: DuckDBConnection, path: string): Promise<true> {
  // Closing it then writes to nothing that a node of the same name may begin meanwhile.
  await connection.run('CHECKPOINT');
  await unlink(path);
  await rm(`${path}.tmp`, { recursive: true, force: true });
  return true;
}
