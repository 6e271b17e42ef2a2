import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from './command.ts';

/** The path of `--data`, absolute; the folder may not be there yet. */
export function dataFolder(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === false) {
    throw new UsageError(`--data ${path}: a folder is wanted`);
  }
  return resolve(path);
}
