// Looks for a nats-server that is there already; fetching one is fetch-nats-server.ts.
import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { messageOf } from '../../protocols/thrown.ts';
import { isRecentEnough, MINIMUM_VERSION, parseServerVersion } from './server-version.ts';

const VERSION_TIMEOUT_MS = 10_000;

/** Where packages put servers, though a plain user's PATH seldom has it. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin'];

export type Environment = Readonly<Record<string, string | undefined>>;

export interface FoundServer {
  readonly binary: string;
  readonly version: string;
}

export interface Search {
  readonly found: FoundServer | undefined;
  /** One line a server that is there and can't be used, with the reason. */
  readonly refused: readonly string[];
}

export interface SearchOptions {
  readonly env?: Environment;
  readonly folders?: readonly string[];
}

/** The folder that keeps what was fetched, for every checkout and version of Tillwire. A path that is not absolute says nothing (XDG). */
export function cacheFolder({ XDG_CACHE_HOME: home = '' }: Environment = process.env): string {
  return join(isAbsolute(home) ? home : join(homedir(), '.cache'), 'tillwire');
}

export function cachedServer(env: Environment = process.env): string {
  return join(cacheFolder(env), 'nats-server');
}

/** In this order: `NATS_SERVER`, the PATH, the cache. */
export async function findNatsServer({
  env = process.env,
  folders = SYSTEM_FOLDERS,
}: SearchOptions = {}): Promise<Search> {
  if (env.NATS_SERVER) return chosenServer(env.NATS_SERVER);
  const onPath = [...(env.PATH ?? '').split(delimiter), ...folders].filter((folder) => folder !== '');
  const candidates = [...onPath.map((folder) => join(folder, 'nats-server')), cachedServer(env)];
  const refused: string[] = [];
  for (const binary of new Set(candidates)) {
    if (!isExecutable(binary)) continue;
    const checked = await checkServer(binary);
    if ('version' in checked) return { found: checked, refused };
    refused.push(checked.refusal);
  }
  return { found: undefined, refused };
}

/** Who names a server wants that one: taking another silently would hide the mistake. */
async function chosenServer(binary: string): Promise<Search> {
  const checked = isExecutable(binary) ? await checkServer(binary) : { refusal: `${binary} is not an executable file` };
  if ('version' in checked) return { found: checked, refused: [] };
  throw new Error(`NATS_SERVER can't be used: ${checked.refusal}`);
}

/** Runs `binary --version`: the only proof that it starts on this machine at all. */
export async function checkServer(
  binary: string,
  withinMs = VERSION_TIMEOUT_MS,
): Promise<FoundServer | { readonly refusal: string }> {
  let printed: string;
  try {
    const limits = { timeout: withinMs, killSignal: 'SIGKILL' } as const;
    printed = (await promisify(execFile)(binary, ['--version'], limits)).stdout;
  } catch (error) {
    if (error instanceof Error && 'killed' in error && error.killed)
      return { refusal: `${binary} does not say its version within ${withinMs / 1000} s` };
    return { refusal: `${binary} does not start: ${messageOf(error).trim()}` };
  }
  const version = parseServerVersion(printed);
  if (version === undefined)
    return { refusal: `${binary} does not say its version, but: ${printed.slice(0, 80).trim()}` };
  if (!isRecentEnough(version)) {
    return { refusal: `${binary} is nats-server ${version.text}; Tillwire needs ${MINIMUM_VERSION} or newer` };
  }
  return { binary, version: version.text };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
