import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundledProgram } from '../../../supervisor/cli/bundle.js';

const CLI = fileURLToPath(new URL('../../../supervisor/cli', import.meta.url));
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'tillwire-bundle-'));
  await write('package.json', '{ "type": "module" }');
  await write('protocols/word.ts', `export const word: string = 'one';`);
  await write('actors/none.ts', '');
  await write('supervisor/node/query-worker.ts', '');
  const main = `import { word } from '../../protocols/word.ts';\nexport const said = [word, import.meta.url];`;
  await write('supervisor/cli/main.ts', main);
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(root, path, '..'), { recursive: true });
  await writeFile(join(root, path), text);
}

async function said(): Promise<string[]> {
  const { said } = (await import(await bundledProgram(root))) as { said: string[] };
  return said;
}

test('a bundle is made once, says what the sources say, and knows where they are', async () => {
  const place = pathToFileURL(join(root, 'supervisor/cli/main.ts')).href;
  expect(await said()).toEqual(['one', place]);
  const first = await bundledProgram(root);
  expect(await bundledProgram(root)).toBe(first);
  await write('protocols/word.ts', `export const word: string = 'another';`);
  expect(await said()).toEqual(['another', place]);
});

test('files that were copied with other times are the same ones', async () => {
  await write('node_modules/.package-lock.json', '{}');
  const first = await bundledProgram(root);
  for (const file of [
    'package.json',
    'node_modules/.package-lock.json',
    'protocols/word.ts',
    'supervisor/cli/main.ts',
  ]) {
    await utimes(join(root, file), 1_000_000_000, 1_000_000_000);
  }
  expect(await bundledProgram(root)).toBe(first);
});

test('another text of the same length makes another bundle, however old it says it is', async () => {
  const file = join(root, 'protocols/word.ts');
  await utimes(file, 1_000_000_000, 1_000_000_000);
  const first = await bundledProgram(root);
  await write('protocols/word.ts', `export const word: string = 'two';`);
  await utimes(file, 1_000_000_000, 1_000_000_000);
  expect(await bundledProgram(root)).not.toBe(first);
});

test('another version of a dependency makes another bundle', async () => {
  const first = await bundledProgram(root);
  await write('node_modules/.package-lock.json', '{}');
  expect(await bundledProgram(root)).not.toBe(first);
});

test('processes that start at once have one bundle, and nothing is left of the others', async () => {
  const all = await Promise.all([1, 2, 3].map(() => bundledProgram(root)));
  expect(new Set(all).size).toBe(1);
  expect(await readdir(join(root, 'node_modules/.cache/tillwire'))).toHaveLength(1);
});

test('no process of the bundler stays when it is made', async () => {
  const children = `execFileSync('ps', ['-axo', 'ppid=,args='], { encoding: 'utf8' })
    .split('\\n').filter((line) => Number(line.trim().split(' ')[0]) === process.pid && line.includes('--service'))`;
  const program = `
    import { execFileSync } from 'node:child_process';
    import { bundledProgram } from ${JSON.stringify(pathToFileURL(join(CLI, 'bundle.js')).href)};
    const children = () => ${children};
    await bundledProgram(${JSON.stringify(root)});
    const until = performance.now() + 5000;
    while (children().length > 0 && performance.now() < until) await new Promise(setImmediate);
    console.log(children().length);`;
  const run = ['--input-type=module', '--eval', program];
  expect(spawnSync(process.execPath, run, { encoding: 'utf8' })).toMatchObject({ stdout: '0\n', stderr: '' });
});

test('one with a file that is empty, or gone, is made again, and nothing is left of it', async () => {
  const program = await bundledProgram(root);
  const file = fileURLToPath(program);
  const whole = await readFile(file, 'utf8');
  const damages = [() => writeFile(file, ''), () => rm(file), () => rm(join(file, '..', 'query-worker.js'))];
  for (const damage of damages) {
    await damage();
    expect(await bundledProgram(root)).toBe(program);
    expect(await readFile(file, 'utf8')).toBe(whole);
    expect(await readdir(join(file, '..'))).toContain('query-worker.js');
    expect(await readdir(join(file, '../..'))).toHaveLength(1);
  }
});

test('a folder that is not there to be written is named, with what to do', async () => {
  await write('node_modules', 'a file');
  await expect(bundledProgram(root)).rejects.toThrow(
    /node_modules\/\.cache\/tillwire can't be written: run `tillwire help`/,
  );
});

test('the program says so in one line, and exits 1', async () => {
  await write('node_modules', 'a file');
  for (const file of ['tillwire.js', 'bundle.js', 'install-dependencies.js']) {
    await cp(join(CLI, file), join(root, 'supervisor/cli', file));
  }
  const program = join(root, 'supervisor/cli/tillwire.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'help'], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/^tillwire: .*tillwire can't be written: run `tillwire help` once as the owner.*\n$/);
});
