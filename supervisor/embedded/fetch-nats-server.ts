import { randomUUID } from 'node:crypto';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchFromDebian } from './debian-package.ts';
import { cachedServer, cacheFolder, checkServer, type Environment, type FoundServer } from './find-nats-server.ts';
import { fetchFromGithub, type Say } from './github-release.ts';

/** Puts an executable nats-server somewhere into the given folder and returns its path. */
export type Way = (folder: string, say: Say) => Promise<string>;

export interface FetchOptions {
  readonly env?: Environment;
  readonly ways?: readonly Way[];
}

/**
 * Fetches nats-server into the cache by the first way that succeeds. Each run works in a folder of its own and the
 * last step is a rename, so two at once end with one good server, and an interrupted one leaves none.
 */
export async function fetchNatsServer(
  say: Say,
  { env = process.env, ways = [fetchFromGithub, fetchFromDebian] }: FetchOptions = {},
): Promise<FoundServer> {
  const failures: string[] = [];
  for (const way of ways) {
    const folder = join(cacheFolder(env), `fetch-${randomUUID()}`);
    try {
      await mkdir(folder, { recursive: true });
      return await install(await way(folder, say), cachedServer(env));
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
      say(`not that way: ${failures.at(-1)}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  throw new Error(failures.join('\n'));
}

/** Only a server that runs here and is recent enough gets into the cache. */
async function install(fetched: string, cached: string): Promise<FoundServer> {
  await chmod(fetched, 0o755);
  const checked = await checkServer(fetched);
  if (!('version' in checked)) throw new Error(checked.refusal);
  await rename(fetched, cached);
  return { binary: cached, version: checked.version };
}
