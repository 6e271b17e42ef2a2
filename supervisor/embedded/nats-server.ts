// An embedded server: a child process with a store folder of its own, on 127.0.0.1 only.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../protocols/thrown.ts';
import { makeFolder } from './make-folder.ts';
import { type ServerSettings, serverConfiguration, storeLayout } from './server-configuration.ts';
import { claimStore, recordOwner, type StoreClaim } from './store-owner.ts';
import { LEAST_ROOM_BYTES, requireRoom } from './store-room.ts';

/** A large store is recovered before the server listens. */
const START_TIMEOUT_MS = 60_000;
const GREETING_TIMEOUT_MS = 5_000;
/** How long an orderly stop may take before it is made an end. */
export const STOP_TIMEOUT_MS = 15_000;
const POLL_MS = 10;
const LOG_LINES_SHOWN = 15;
/**
 * Go threads that may run at once: no more than two cores have, a question waits until Go itself interrupts who stores a batch (10 ms);
 * beyond that the system shares its cores, and sooner.
 */
const GOMAXPROCS = String(Math.max(8, availableParallelism()));

export interface EmbeddedServerOptions extends ServerSettings {
  readonly binary: string;
  /** With less on its disk it is not started. */
  readonly leastRoomBytes?: number;
  /** Ends it as a crash does it, whatever it is at. */
  readonly killedBy?: AbortSignal;
  /** Ends its start, in order: rejects then with the reason. */
  readonly stoppedBy?: AbortSignal;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** It was asked to stop, did not in time, and was killed. */
  readonly overdue?: boolean;
}

export interface EmbeddedServer {
  readonly url: string;
  readonly port: number;
  /** The server's HTTP monitoring (`/varz`, `/jsz`). */
  readonly monitorUrl: string;
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** Orderly: what is stored is complete. */
  stop(): Promise<Exit>;
  /** As a crash does it. */
  kill(): Promise<Exit>;
}

/** Starts a server and returns when it serves, with JetStream. */
export async function startNatsServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const settings = { ...options, storeDir: madeFolder(options.storeDir) };
  const { stoppedBy = new AbortController().signal } = options;
  stoppedBy.throwIfAborted();
  const claim = await claimStore(settings.storeDir);
  const { child, pid, exited, logFrom } = await launch(settings, claim).catch((error) => {
    claim.release();
    throw error;
  });
  let ended: Exit | undefined;
  void exited.then((exit) => {
    ended = exit;
    claim.release();
  });
  const end = endings(child, exited);
  try {
    recordOwner(settings.storeDir, pid);
    const listening = await unlessStopped(
      serves(settings.storeDir, pid, () => ended),
      stoppedBy,
    );
    return { ...listening, pid, exited, ...end };
  } catch (error) {
    await (stoppedBy.aborted ? end.stop() : end.kill());
    stoppedBy.throwIfAborted();
    const reason = fatalLine(settings.storeDir, logFrom) ?? messageOf(error);
    throw new Error(`nats-server does not serve: ${reason}\n${lastLogLines(settings.storeDir)}`, { cause: error });
  }
}

/** Its one path, whatever links lead there. */
function madeFolder(storeDir: string): string {
  return writing(resolve(storeDir), () => {
    makeFolder(storeDir);
    return realpathSync(storeDir);
  });
}

function writing<Result>(folder: string, write: () => Result): Result {
  try {
    return write();
  } catch (error) {
    // Node.js tells of a read-only disk as of a folder that is not there.
    throw new Error(`${folder} can't be written: ${messageOf(error)}`, { cause: error });
  }
}

interface Launched {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** Where its part of the log file begins. */
  readonly logFrom: number;
}

async function launch(settings: EmbeddedServerOptions, claim: StoreClaim): Promise<Launched> {
  const layout = storeLayout(settings.storeDir);
  // The files of earlier runs would be taken for this one's, should the process id come again.
  writing(settings.storeDir, () => {
    rmSync(layout.ports, { recursive: true, force: true });
    makeFolder(layout.ports);
    writeFileSync(layout.configuration, serverConfiguration(settings));
  });
  requireRoom(settings.storeDir, settings.leastRoomBytes ?? LEAST_ROOM_BYTES);
  // What is said before the log file is open, and a panic, go to the same file.
  const log = openSync(layout.log, 'a');
  const logFrom = fstatSync(log).size;
  try {
    // Detached, a group of its own: Ctrl-C in a terminal must not take the server away before the nodes have drained.
    const child = spawn(settings.binary, ['-c', layout.configuration], {
      stdio: ['ignore', log, log, claim.file],
      detached: true,
      env: { GOMAXPROCS, ...process.env },
      signal: settings.killedBy,
      killSignal: 'SIGKILL',
    });
    const exited = new Promise<Exit>((settle) => child.once('exit', (code, signal) => settle({ code, signal })));
    await new Promise<void>((settle, fail) => child.once('spawn', settle).once('error', fail));
    if (child.pid === undefined) throw new Error(`${settings.binary} has no process id`);
    return { child, pid: child.pid, exited, logFrom };
  } finally {
    closeSync(log);
  }
}

function endings(child: ChildProcess, exited: Promise<Exit>): Pick<EmbeddedServer, 'stop' | 'kill'> {
  const kill = () => {
    child.kill('SIGKILL');
    return exited;
  };
  const stop = async () => {
    child.kill('SIGTERM');
    let isOverdue = false;
    const overdue = setTimeout(() => {
      isOverdue = true;
      void kill();
    }, STOP_TIMEOUT_MS);
    const exit = await exited;
    clearTimeout(overdue);
    return isOverdue ? { ...exit, overdue: true } : exit;
  };
  return { stop, kill };
}

/** Rejects when a stop is asked for; what was waited for may go on. */
async function unlessStopped<Result>(waited: Promise<Result>, stoppedBy: AbortSignal): Promise<Result> {
  let stop = (): void => {};
  const stopped = new Promise<never>((_, fail) => {
    stop = () => fail(stoppedBy.reason);
  });
  stoppedBy.addEventListener('abort', stop);
  if (stoppedBy.aborted) stop();
  try {
    return await Promise.race([waited, stopped]);
  } finally {
    stoppedBy.removeEventListener('abort', stop);
  }
}

async function serves(storeDir: string, pid: number, ended: () => Exit | undefined): Promise<Listening> {
  const listening = await listeningOn(storeDir, pid, ended);
  await greets(listening.port);
  return listening;
}

type Listening = Pick<EmbeddedServer, 'url' | 'port' | 'monitorUrl'>;

/** Waits for the file in which the server says where it listens. */
async function listeningOn(storeDir: string, pid: number, ended: () => Exit | undefined): Promise<Listening> {
  const file = join(storeLayout(storeDir).ports, `nats-server_${pid}.ports`);
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    const exit = ended();
    if (exit !== undefined) throw new Error(`it exited with ${exit.signal ?? `code ${exit.code}`}`);
    const listening = readPorts(file);
    if (listening !== undefined) return listening;
    await pause(POLL_MS);
  }
  throw new Error(`it does not listen after ${START_TIMEOUT_MS} ms`);
}

function readPorts(file: string): Listening | undefined {
  try {
    const { nats, monitoring } = JSON.parse(readFileSync(file, 'utf8'));
    const port = Number(new URL(nats[0]).port);
    return { url: `nats://127.0.0.1:${port}`, port, monitorUrl: String(monitoring[0]) };
  } catch {
    // Not there yet, or not written to its end yet.
    return undefined;
  }
}

/** The first line a server says to a client: that it comes, and promises JetStream, is the proof that it serves. */
async function greets(port: number): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    const greeting = await new Promise<string>((settle, fail) => {
      let said = '';
      socket.setTimeout(GREETING_TIMEOUT_MS, () => fail(new Error(`no greeting within ${GREETING_TIMEOUT_MS} ms`)));
      socket.once('error', fail);
      socket.once('close', () => fail(new Error('it hung up instead of greeting')));
      socket.on('data', (bytes) => {
        said += bytes.toString('utf8');
        if (said.includes('\n')) settle(said);
      });
    });
    if (!/^INFO .*"jetstream":\s*true/.test(greeting))
      throw new Error(`its greeting promises no JetStream: ${greeting}`);
  } finally {
    socket.destroy();
  }
}

/** What this very run ended of, in the server's words. */
function fatalLine(storeDir: string, logFrom: number): string | undefined {
  const said = readFileSync(storeLayout(storeDir).log).subarray(logFrom).toString();
  return said
    .split('\n')
    .flatMap((line) => /\[FTL\] (.*)$/.exec(line)?.[1] ?? [])
    .at(-1);
}

function lastLogLines(storeDir: string): string {
  const { log } = storeLayout(storeDir);
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-LOG_LINES_SHOWN);
  return [`the end of ${log}:`, ...lines.map((line) => `  ${line}`)].join('\n');
}
