// One server a store folder: two would destroy it. Who was killed with -9 leaves its server running, though;
// that one is stopped, so that starting again just works.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { storeLayout } from './server-configuration.ts';

const orphanStopTimeoutMs = 10_000;
const pollMs = 20;

interface StoreOwner {
  /** The process that started the server and, while it lives, is its parent. */
  readonly owner: number;
  readonly server: number;
}

export function recordOwner(storeDir: string, server: number): void {
  const record: StoreOwner = { owner: process.pid, server };
  writeFileSync(storeLayout(storeDir).owner, JSON.stringify(record));
}

/** Returns when no server runs on the folder; throws when one does that somebody still cares for. */
export async function claimStore(storeDir: string): Promise<void> {
  const recorded = readOwner(storeDir);
  if (recorded === undefined) return;
  const running = describeProcess(recorded.server);
  // Process ids are used again: only a process that runs on this very folder counts.
  if (running === undefined || !running.command.includes(storeLayout(storeDir).configuration)) return;
  if (running.parent === recorded.owner) {
    throw new Error(`${storeDir} is in use by process ${recorded.owner} and its nats-server ${recorded.server}`);
  }
  await stopOrphan(recorded.server);
}

async function stopOrphan(server: number): Promise<void> {
  process.kill(server, 'SIGTERM');
  const deadline = performance.now() + orphanStopTimeoutMs;
  while (describeProcess(server) !== undefined) {
    if (performance.now() > deadline) throw new Error(`the nats-server ${server} of an earlier run does not stop`);
    await pause(pollMs);
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
