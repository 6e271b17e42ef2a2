// One server a store folder: two would destroy it. A lock sees to that, which the owner has, and its server by
// inheritance. Who was killed with -9 leaves its server running, and the lock taken; that one is stopped, so that
// starting again just works.
import { execFileSync } from 'node:child_process';
import { closeSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { lockFile } from './file-lock.ts';
import { storeLayout } from './server-configuration.ts';

const ORPHAN_STOP_TIMEOUT_MS = 10_000;
/** Its process is gone a moment before its files are closed. */
const FREED_WITHIN_MS = 2_000;
const POLL_MS = 20;

interface StoreOwner {
  /** The process that started the server and, while it lives, is its parent. */
  readonly owner: number;
  readonly server: number;
}

export function recordOwner(storeDir: string, server: number): void {
  const record: StoreOwner = { owner: process.pid, server };
  writeFileSync(storeLayout(storeDir).owner, JSON.stringify(record));
}

/** The lock of a store folder: whoever is started with the file has it too. */
export interface StoreClaim {
  readonly file: number;
  release(): void;
}

/** When no server runs on the folder, whose path has no links; throws when one does that somebody still cares for. */
export async function claimStore(storeDir: string): Promise<StoreClaim> {
  const orphan = findOrphan(storeDir);
  if (orphan !== undefined) await stopOrphan(orphan);
  const deadline = performance.now() + (orphan === undefined ? 0 : FREED_WITHIN_MS);
  for (;;) {
    const file = lockFile(storeLayout(storeDir).lock);
    if (file !== undefined) return { file, release: () => closeSync(file) };
    if (performance.now() > deadline) break;
    await pause(POLL_MS);
  }
  // Another one that starts says only later who it is.
  findOrphan(storeDir);
  throw new Error(`${storeDir} is in use by another process: a nats-server runs on it, or one is being started`);
}

/** The server that was left behind; throws when there is one that has its owner. */
function findOrphan(storeDir: string): number | undefined {
  const recorded = readOwner(storeDir);
  if (recorded === undefined) return undefined;
  const running = describeProcess(recorded.server);
  // Process ids are used again: only a process that runs on this very folder counts.
  if (running === undefined || !running.command.includes(storeLayout(storeDir).configuration)) return undefined;
  if (running.parent === recorded.owner) {
    throw new Error(`${storeDir} is in use by process ${recorded.owner} and its nats-server ${recorded.server}`);
  }
  return recorded.server;
}

async function stopOrphan(server: number): Promise<void> {
  process.kill(server, 'SIGTERM');
  const deadline = performance.now() + ORPHAN_STOP_TIMEOUT_MS;
  while (describeProcess(server) !== undefined) {
    if (performance.now() > deadline) throw new Error(`the nats-server ${server} of an earlier run does not stop`);
    await pause(POLL_MS);
  }
}

function readOwner(storeDir: string): StoreOwner | undefined {
  try {
    const { owner, server } = JSON.parse(readFileSync(storeLayout(storeDir).owner, 'utf8'));
    return Number.isSafeInteger(owner) && Number.isSafeInteger(server) ? { owner, server } : undefined;
  } catch {
    return undefined;
  }
}

interface RunningProcess {
  readonly parent: number;
  readonly command: string;
}

/** Nothing for a process that has ended, though nobody may have waited for it yet. */
function describeProcess(pid: number): RunningProcess | undefined {
  try {
    return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
  } catch {
    return undefined;
  }
}

/** Slim images have no `ps`. */
function fromProc(pid: number): RunningProcess | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the name in parentheses and may contain anything.
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === 'Z') return undefined;
  return { parent: Number(parent), command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') };
}

function fromPs(pid: number): RunningProcess | undefined {
  const printed = execFileSync('ps', ['-o', 'ppid=,args=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  const [, parent, command] = /^(\d+)\s+(.*)$/.exec(printed) ?? [];
  return parent === undefined || command === undefined ? undefined : { parent: Number(parent), command };
}
