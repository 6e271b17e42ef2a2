/**
 * A lock that the system frees when the last process ends that has it: with -9, or by a crash too. It is of the open file, so a
 * child that the file is passed on to keeps it when this process is gone.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../../protocols/thrown.ts';

/** Node.js has no name for it. macOS has it, Linux has not. */
const O_EXLOCK = 0x20;
const TAKEN = new Set(['EAGAIN', 'EBUSY', 'EWOULDBLOCK']);
const FLOCK_TIMEOUT_MS = 10_000;

/** The file, locked, to be closed by the caller; nothing when somebody else has it. */
export function lockFile(path: string): number | undefined {
  return process.platform === 'linux' ? lockedByFlock(path) : lockedAtOpening(path);
}

/** Node.js can't ask for it; the command `flock` does it for a file that is open here. */
function lockedByFlock(path: string): number | undefined {
  const file = opened(path);
  const { error, status, stderr } = spawnSync('flock', ['-n', '3'], {
    stdio: ['ignore', 'ignore', 'pipe', file],
    encoding: 'utf8',
    timeout: FLOCK_TIMEOUT_MS,
  });
  if (status === 0) return file;
  closeSync(file);
  // It says nothing when the lock is taken.
  if (status === 1 && stderr === '') return undefined;
  const missing = error && 'code' in error && error.code === 'ENOENT';
  const reason = missing ? 'the command flock is needed for it (util-linux)' : stderr.trim() || error?.message;
  throw new Error(`${path} can't be locked: ${reason ?? `flock ended with ${status}`}`);
}

function opened(path: string): number {
  try {
    return openSync(path, 'a');
  } catch (error) {
    throw new Error(`${dirname(path)} can't be written: ${messageOf(error)}`, { cause: error });
  }
}

function lockedAtOpening(path: string): number | undefined {
  const { O_RDWR, O_CREAT, O_NONBLOCK = 0 } = constants;
  try {
    return openSync(path, O_RDWR | O_CREAT | O_NONBLOCK | O_EXLOCK, 0o644);
  } catch (error) {
    if (TAKEN.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
