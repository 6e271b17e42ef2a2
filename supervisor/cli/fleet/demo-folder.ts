/** The folder of one demo. Those of demos that were killed are removed before, with the servers that they left behind. */
import { randomUUID } from 'node:crypto';
import { lstatSync, readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { claimStore } from '../../embedded/store-owner.ts';
import { nodeName } from '../node-name.ts';

export async function openDemoFolder(): Promise<string> {
  requireFolder(tmpdir());
  const prefix = `tillwire-demo-${nodeName().replace(/\d+$/, '')}${processSpace()}-`;
  for (const name of readdirSync(tmpdir())) {
    const [, pid] = name.startsWith(prefix) ? (/^(\d+)-\w+$/.exec(name.slice(prefix.length)) ?? []) : [];
    if (pid !== undefined && isGone(Number(pid))) await removeDemo(join(tmpdir(), name));
  }
  return mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
}

function requireFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new Error(`${path} is no folder: TMPDIR says where the demo has its own, or --data names one that stays`);
}

/**
 * What process ids are told apart by, beside the host: containers and sandboxes may share its name and its folder, and know nothing of
 * each other's processes. Where that can't be told, a name that no other demo has.
 */
function processSpace(): string {
  if (process.platform !== 'linux') return 'host';
  try {
    return readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
  } catch {
    return randomUUID();
  }
}

/** What can't be removed stays: this demo has a folder of its own. */
async function removeDemo(folder: string): Promise<void> {
  try {
    const found = lstatSync(folder);
    if (!found.isDirectory() || found.uid !== process.getuid?.()) return;
    const claim = await claimStore(realpathSync(folder));
    await rm(folder, { recursive: true, force: true }).finally(() => claim.release());
  } catch {}
}

function isGone(pid: number): boolean {
  // One of an earlier life: this one has no folder yet.
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
