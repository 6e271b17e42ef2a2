/** A node as a child process. It says over the IPC channel when it serves, and stops itself when that channel breaks. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Logger } from 'pino';
import type { Part } from '../../node/supervise.ts';
import { NATS_VARIABLE } from '../terminal-options.ts';
import { PROGRAM } from './program.ts';
import { sayingWhatIsWaitedFor } from './slow-stop.ts';

/** How long a drain may take before it is made an end: calls to gateways (5 s), the commit under way, and goodbye. */
const DRAIN_MS = 15_000;
const STDERR = 2;

export const READY = 'ready';

interface NodeProcess extends Part {
  pid: number;
}

interface NodeProcessEvents {
  ready(): void;
  /** It ended, though nobody stopped it. */
  failed(error: Error): void;
}

interface NodeCommand {
  name: string;
  /** With its login: it goes where other users of the machine don't see it. */
  natsUrl: string;
  /** All others. */
  args: readonly string[];
  /** Ends it as a crash does it, whatever it is at. */
  killedBy: AbortSignal;
}

export async function startNodeProcess(
  { name, natsUrl, args, killedBy }: NodeCommand,
  events: NodeProcessEvents,
  log: Logger,
): Promise<NodeProcess> {
  const child = spawn(process.execPath, [...process.execArgv, PROGRAM, 'node', ...args], {
    stdio: ['ignore', STDERR, STDERR, 'ipc'],
    env: { ...process.env, [NATS_VARIABLE]: natsUrl },
    // A group of its own: Ctrl-C in a terminal must reach it through its parent, in order.
    detached: true,
    signal: killedBy,
    killSignal: 'SIGKILL',
  });
  const exited = new Promise<void>((settle) => {
    child.once('exit', (code, signal) => {
      events.failed(new Error(`node process ${child.pid} ended with ${signal ?? `exit code ${code}`}`));
      settle();
    });
  });
  child.on('message', (message) => {
    if (message === READY) events.ready();
  });
  await new Promise<void>((settle, fail) => child.once('spawn', settle).once('error', fail));
  if (child.pid === undefined) throw new Error('the node process has no process id');
  return { pid: child.pid, stop: () => sayingWhatIsWaitedFor(name, DRAIN_MS, log, drain(child, exited)) };
}

/** Resolves with whether it had to be killed. */
async function drain(child: ChildProcess, exited: Promise<void>): Promise<boolean> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  let isOverdue = false;
  const overdue = setTimeout(() => {
    isOverdue = true;
    child.kill('SIGKILL');
  }, DRAIN_MS);
  await exited;
  clearTimeout(overdue);
  return isOverdue;
}
