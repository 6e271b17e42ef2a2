/** Where a command writes a document: stdout, or a file that appears when it is whole. */
import { randomBytes } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';

interface Output {
  write(text: string): Promise<void>;
}

/** `fill` writes it piece by piece. When that fails, no file is left. */
export async function writeTo<Result>(
  path: string | undefined,
  fill: (output: Output) => Promise<Result>,
): Promise<Result> {
  if (path === undefined) return fill({ write: toStdout });
  return inOnePiece(path, async (part) => {
    const file = await open(part, 'wx');
    try {
      // One `write` may take a part of it, as where a disk is nearly full.
      const result = await fill({ write: (text) => file.appendFile(text) });
      await file.sync();
      return result;
    } finally {
      await file.close();
    }
  });
}

/** The part has a name of its own: two that make the same file don't write into one another's. */
export async function inOnePiece<Result>(path: string, make: (part: string) => Promise<Result>): Promise<Result> {
  const part = `${path}.${randomBytes(4).toString('hex')}.part`;
  try {
    const result = await make(part);
    await rename(part, path);
    return result;
  } catch (error) {
    await unlink(part).catch(() => undefined);
    throw error;
  }
}

function toStdout(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()));
}
