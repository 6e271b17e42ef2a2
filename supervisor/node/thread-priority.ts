/**
 * Which threads of this process get a core first. Linux gives each thread a niceness of its own; elsewhere nothing is changed.
 */
import { readdirSync, readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { basename } from 'node:path';

const isKnown = process.platform === 'linux';

/** The system's id of the thread that calls; undefined where threads have no niceness. */
export function threadId(): number | undefined {
  return isKnown ? Number(basename(readlinkSync('/proc/thread-self'))) : undefined;
}

/** All other threads of the process, and those that they start, give way to it. */
export function letGoFirst(thread: number): void {
  for (const other of readdirSync('/proc/self/task').map(Number)) {
    if (other !== thread) tryToSet(other, constants.priority.PRIORITY_BELOW_NORMAL);
  }
  // One that was started by a thread that gives way does so too, and only a privileged process can take that back.
  tryToSet(thread, constants.priority.PRIORITY_NORMAL);
}

/** A thread may have ended meanwhile, and a process may not be allowed to: then it runs like the others. */
function tryToSet(thread: number, niceness: number): void {
  try {
    setPriority(thread, niceness);
  } catch {}
}
