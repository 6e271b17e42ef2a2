import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** With the folders above it. Node's own `recursive` never ends where a folder above can't have any (in `/proc`, say). */
export function makeFolder(path: string): void {
  if (isFolder(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have been quicker.
    if (!isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
