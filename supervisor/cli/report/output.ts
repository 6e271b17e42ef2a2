/** Where a command writes a document: stdout, or a file that appears when it is whole. */
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
    const file = await open(part, 'w');
    try {
      return await fill({ write: async (text) => void (await file.write(text)) });
    } finally {
      await file.close();
    }
  });
}

export async function inOnePiece<Result>(path: string, make: (part: string) => Promise<Result>): Promise<Result> {
  const part = `${path}.part`;
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
