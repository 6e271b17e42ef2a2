import { randomUUID } from 'node:crypto';
import { chmod, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../protocols/thrown.ts';
import { fetchFromDebian } from './debian-package.ts';
import { cachedServer, cacheFolder, checkServer, type Environment, type FoundServer } from './find-nats-server.ts';
import { fetchFromGithub, type Say } from './github-release.ts';
import { makeFolder } from './make-folder.ts';

/** Puts an executable nats-server somewhere into the given folder and returns its path. */
export type Way = (folder: string, say: Say, signal: AbortSignal) => Promise<string>;

export interface FetchOptions {
  readonly env?: Environment;
  readonly ways?: readonly Way[];
  /** Ends it: rejects then with the reason. */
  readonly signal?: AbortSignal;
}

const PREFIX = 'fetch-';
/** Longer than any way may take. */
const STALE_MS = 3_600_000;

/**
 * Fetches nats-server into the cache by the first way that succeeds. Each run works in a folder of its own and the
 * last step is a rename, so two at once end with one good server, and an interrupted one leaves none.
 */
export async function fetchNatsServer(
  say: Say,
  {
    env = process.env,
    ways = [fetchFromGithub, fetchFromDebian],
    signal = new AbortController().signal,
  }: FetchOptions = {},
): Promise<FoundServer> {
  const cache = cacheFolder(env);
  await removeStale(cache);
  const failures: string[] = [];
  for (const way of ways) {
    signal.throwIfAborted();
    const folder = newFolder(cache);
    try {
      return await install(await way(folder, say, signal), cachedServer(env));
    } catch (error) {
      // Ctrl-C in a terminal reaches what was run for it, too: then that failed first.
      signal.throwIfAborted();
      failures.push(messageOf(error));
      say(`not that way: ${failures.at(-1)}`);
    } finally {
      await remove(folder);
    }
  }
  throw new Error(failures.join('\n'));
}

function newFolder(cache: string): string {
  const folder = join(cache, `${PREFIX}${randomUUID()}`);
  try {
    makeFolder(folder);
    return folder;
  } catch (error) {
    throw new Error(`the cache can't be written: ${messageOf(error)}`, { cause: error });
  }
}

/** What can't be removed does no harm; what was ended a moment ago may write there once more. */
async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}

/** What runs that were killed left there. */
async function removeStale(cache: string): Promise<void> {
  for (const name of await readdir(cache).catch(() => [])) {
    const folder = join(cache, name);
    if (!name.startsWith(PREFIX)) continue;
    const age = await stat(folder).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > STALE_MS) await remove(folder);
  }
}

/** Only a server that runs here and is recent enough gets into the cache. */
async function install(fetched: string, cached: string): Promise<FoundServer> {
  await chmod(fetched, 0o755);
  const checked = await checkServer(fetched);
  if (!('version' in checked)) throw new Error(checked.refusal);
  await rename(fetched, cached);
  return { binary: cached, version: checked.version };
}
