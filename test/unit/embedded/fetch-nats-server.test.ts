import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fetchNatsServer, type Way } from '../../../supervisor/embedded/fetch-nats-server.ts';
import { obtainNatsServer } from '../../../supervisor/embedded/obtain-nats-server.ts';
import { runCommand } from '../../../supervisor/embedded/run-command.ts';
import { writeFakeServer } from '../../fixture/fake-server.ts';

const TWO_HOURS = 7200;

let folder: string;
let cache: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tillwire-fetch-'));
  cache = join(folder, 'tillwire');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const env = () => ({ PATH: '', XDG_CACHE_HOME: folder });

describe('fetching nats-server', () => {
  test('ends at once when it is stopped, says so, and leaves nothing', async () => {
    const stop = new AbortController();
    const said: string[] = [];
    const sleeps: Way = async (into, _say, signal) => {
      setImmediate(() => stop.abort(new Error('stopped (SIGINT)')));
      return runCommand('sleep', ['60'], { timeoutMs: 60_000, cwd: into, signal });
    };
    const never: Way = () => Promise.reject(new Error('tried all the same'));
    const options = { env: env(), folders: [], ways: [sleeps, never], signal: stop.signal };
    await expect(obtainNatsServer((line) => said.push(line), options)).rejects.toThrow(/^stopped \(SIGINT\)$/);
    expect([said, readdirSync(cache)]).toEqual([[], []]);
  });

  test('removes what one that was killed left behind, and nothing of one that may still run', async () => {
    const [left, running] = [join(cache, 'fetch-left'), join(cache, 'fetch-running')];
    for (const path of [left, running]) mkdirSync(path, { recursive: true });
    const then = Date.now() / 1000 - TWO_HOURS;
    utimesSync(left, then, then);
    await fetchNatsServer(() => {}, { env: env(), ways: [async (into) => writeFakeServer(into, '2.15.1')] });
    expect([existsSync(left), existsSync(running)]).toEqual([false, true]);
  });

  test('says why when there can be no cache, instead of trying for ever', async () => {
    const fetched = fetchNatsServer(() => {}, { env: { XDG_CACHE_HOME: '/proc' }, ways: [async () => ''] });
    await expect(fetched).rejects.toThrow(/the cache can't be written: .*\/proc\/tillwire/);
  });
});
