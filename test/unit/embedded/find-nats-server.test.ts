import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  cacheFolder,
  checkServer,
  findNatsServer,
  type Search,
} from '../../../supervisor/embedded/find-nats-server.ts';
import { obtainNatsServer } from '../../../supervisor/embedded/obtain-nats-server.ts';
import { writeFakeServer } from '../../fixture/fake-server.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tillwire-find-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const machine = (env: Record<string, string> = {}) => ({
  env: { PATH: join(folder, 'bin'), XDG_CACHE_HOME: join(folder, 'cache'), ...env },
  folders: [],
});
const find = (env?: Record<string, string>): Promise<Search> => findNatsServer(machine(env));

describe('finding a nats-server', () => {
  test('NATS_SERVER comes before the PATH, and the PATH before the cache', async () => {
    const cached = writeFakeServer(join(folder, 'cache', 'tillwire'), '2.15.1');
    expect((await find()).found).toEqual({ binary: cached, version: '2.15.1' });
    const onPath = writeFakeServer(join(folder, 'bin'), '2.15.2');
    expect((await find()).found).toEqual({ binary: onPath, version: '2.15.2' });
    const chosen = writeFakeServer(join(folder, 'mine'), '2.15.3');
    expect((await find({ NATS_SERVER: chosen })).found).toEqual({ binary: chosen, version: '2.15.3' });
  });

  test('an old one on the PATH is passed over with its version and the one needed', async () => {
    writeFakeServer(join(folder, 'bin'), '2.9.10');
    const cached = writeFakeServer(join(folder, 'cache', 'tillwire'), '2.15.1');
    const { found, refused } = await find();
    expect(found?.binary).toBe(cached);
    expect(refused).toEqual([expect.stringMatching(/nats-server 2\.9\.10; Tillwire needs 2\.14\.4 or newer/)]);
  });

  test('an old one in NATS_SERVER is refused, not replaced', async () => {
    writeFakeServer(join(folder, 'bin'), '2.15.1');
    const old = writeFakeServer(join(folder, 'mine'), '2.14.3');
    await expect(find({ NATS_SERVER: old })).rejects.toThrow(
      /NATS_SERVER can't be used: .*2\.14\.3.*2\.14\.4 or newer/,
    );
  });

  test('a NATS_SERVER that is no program is refused', async () => {
    await expect(find({ NATS_SERVER: join(folder, 'nowhere') })).rejects.toThrow(/not an executable file/);
  });

  test('one that says nothing is refused for that', async () => {
    const silent = writeFakeServer(folder, '2.15.1');
    writeFileSync(silent, '#!/bin/sh\nexec tail -f /dev/null\n');
    expect(await checkServer(silent, 100)).toEqual({ refusal: `${silent} does not say its version within 0.1 s` });
  });

  test.each([
    ['/some/cache', '/some/cache/tillwire'],
    ['', join(homedir(), '.cache', 'tillwire')],
    ['cache', join(homedir(), '.cache', 'tillwire')],
  ])('with XDG_CACHE_HOME "%s" the cache is %s', (home, cache) => {
    expect(cacheFolder({ XDG_CACHE_HOME: home })).toBe(cache);
  });

  test('a file that can not be executed is no candidate', async () => {
    writeFakeServer(join(folder, 'bin'), '2.15.1');
    rmSync(join(folder, 'bin', 'nats-server'));
    writeFileSync(join(folder, 'bin', 'nats-server'), 'text');
    expect(await find()).toEqual({ found: undefined, refused: [] });
  });
});

describe('obtaining a nats-server', () => {
  test('what is there is not fetched', async () => {
    const onPath = writeFakeServer(join(folder, 'bin'), '2.15.1');
    const never = () => Promise.reject(new Error('fetched'));
    expect((await obtainNatsServer(() => {}, { ...machine(), ways: [never] })).binary).toBe(onPath);
  });

  test('the second way is tried when the first is closed, and the result is kept in the cache', async () => {
    const said: string[] = [];
    const ways = [
      () => Promise.reject(new Error('no route')),
      (into: string) => Promise.resolve(writeFakeServer(join(into, 'unpacked'), '2.15.1')),
    ];
    const options = { ...machine(), ways };
    const { binary } = await obtainNatsServer((line) => said.push(line), options);
    expect(binary).toBe(join(folder, 'cache', 'tillwire', 'nats-server'));
    expect(said[0]).toMatch(/no route/);
    expect((await find()).found?.binary).toBe(binary);
  });

  test('two that fetch at once both end with a good server', async () => {
    const ways = [(into: string) => Promise.resolve(writeFakeServer(into, '2.15.1'))];
    const both = [1, 2].map(() => obtainNatsServer(() => {}, { ...machine(), ways }));
    expect(new Set((await Promise.all(both)).map(({ binary }) => binary)).size).toBe(1);
  });

  test('a fetched one that is too old never reaches the cache', async () => {
    const ways = [(into: string) => Promise.resolve(writeFakeServer(into, '2.14.0'))];
    await expect(obtainNatsServer(() => {}, { ...machine(), ways })).rejects.toThrow(/2\.14\.0/);
    expect((await find()).found).toBeUndefined();
  });

  test('when nothing helps, the error names the reasons and three ways out', async () => {
    writeFakeServer(join(folder, 'bin'), '2.9.10');
    const ways = [() => Promise.reject(new Error('no route'))];
    const error = await obtainNatsServer(() => {}, { ...machine(), ways }).catch((thrown: Error) => thrown.message);
    expect(error).toMatch(/2\.9\.10[\s\S]*no route[\s\S]*1\. install[\s\S]*2\. download[\s\S]*3\. set NATS_SERVER/);
  });
});
