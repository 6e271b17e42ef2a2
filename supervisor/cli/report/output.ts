/** Where a command writes a document: stdout, or a file that appears when it is whole. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { chmod, open, realpath, rename, rm, stat } from 'node:fs/promises';

const ENDS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const PERMISSIONS = 0o777;

interface Output {
  write(text: string): Promise<void>;
}

/** `fill` writes it piece by piece. When that fails, or is ended by a signal, no file is left. */
export async function writeTo<Result>(
  path: string | undefined,
  fill: (output: Output) => Promise<Result>,
): Promise<Result> {
  if (path === undefined) return fill({ write: toStdout });
  return inOnePiece(path, async (part) => {
    const file = await open(part, 'w');
    try {
      // One `write` may take a part of it, as where a disk is nearly full.
      const result = await fill({ write: (text) => file.appendFile(text) });
      if ((await file.stat()).isFile()) await file.sync();
      return result;
    } finally {
      await file.close();
    }
  });
}

/**
 * What is there is replaced, by one that may be read by as many; of a link, what it leads to. A device or a pipe is written as it is.
 * The part has a name of its own: two that make the same file don't write into one another's.
 */
export async function inOnePiece<Result>(path: string, make: (part: string) => Promise<Result>): Promise<Result> {
  const before = await stat(path).catch(() => undefined);
  if (before && !before.isFile()) return make(path);
  const target = before ? await realpath(path) : path;
  const part = `${target}.${randomBytes(4).toString('hex')}.part`;
  const keep = removedBySignal(part);
  try {
    if (before) await (await open(part, 'wx', before.mode & PERMISSIONS)).close();
    const result = await make(part);
    if (before) await chmod(part, before.mode & PERMISSIONS);
    await rename(part, target);
    return result;
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  } finally {
    keep();
  }
}

/** A signal ends the process as it would have. */
function removedBySignal(part: string): () => void {
  const remove = (signal: NodeJS.Signals): void => {
    keep();
    rmSync(part, { force: true });
    process.kill(process.pid, signal);
  };
  const keep = (): void => {
    for (const signal of ENDS) process.off(signal, remove);
  };
  for (const signal of ENDS) process.on(signal, remove);
  return keep;
}

function toStdout(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()));
}
