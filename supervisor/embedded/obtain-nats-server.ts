import { type FetchOptions, fetchNatsServer } from './fetch-nats-server.ts';
import { cachedServer, type FoundServer, findNatsServer, type SearchOptions } from './find-nats-server.ts';
import type { Say } from './github-release.ts';
import { MINIMUM_VERSION } from './server-version.ts';

/** The nats-server of this machine: one that is there, else one that is fetched, else an error that says what to do. */
export async function obtainNatsServer(say: Say, options: SearchOptions & FetchOptions = {}): Promise<FoundServer> {
  const { found, refused } = await findNatsServer(options);
  for (const refusal of refused) say(`passed over: ${refusal}`);
  if (found !== undefined) return found;
  try {
    const fetched = await fetchNatsServer(say, options);
    say(`nats-server ${fetched.version} is in ${fetched.binary}`);
    return fetched;
  } catch (error) {
    options.signal?.throwIfAborted();
    throw new Error(threeWays(cachedServer(options.env), [...refused, error instanceof Error ? error.message : '']), {
      cause: error,
    });
  }
}

function threeWays(cached: string, reasons: readonly string[]): string {
  const lines = reasons.flatMap((reason) => reason.split('\n')).filter((line) => line !== '');
  return [
    `no nats-server ${MINIMUM_VERSION} or newer was found or could be fetched:`,
    ...lines.map((line) => `  - ${line}`),
    'Any of these helps:',
    "  1. install nats-server from your system's packages, so that it is on the PATH;",
    `  2. download it from its release page, and put it at ${cached};`,
    '  3. set NATS_SERVER to the path of a server you have.',
  ].join('\n');
}
