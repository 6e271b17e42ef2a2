/**
 * Programs as a bundle, made from their sources when there is none of them as they are. Node reads a few files then instead of a
 * thousand, each through a loader: it starts in a tenth of the time.
 *
 * Older ones stay, as processes that run may still read them; `npm ci` clears them away with the rest of node_modules.
 *
 * Plain JavaScript without imports from node_modules, but for esbuild when it is needed: most starts find the bundle there.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = ['protocols', 'actors', 'supervisor'];
/** The program of a thread lies beside the program that starts it. */
const PROGRAM = { main: 'supervisor/cli/main.ts', 'query-worker': 'supervisor/node/query-worker.ts' };
/** npm writes one of them whenever it changes what is installed: of a clone, or beside an installed package. */
const INSTALLED = ['node_modules/.package-lock.json', '../.package-lock.json'];
/** They find files or start threads beside their own, or are not there on every platform. */
const NOT_BUNDLED = ['@duckdb/*', 'pino', 'msgpackr-extract', 'esbuild', 'nats'];
/** Of a bundle: its files, and how long they are. */
const LENGTHS = 'lengths.json';

/**
 * The URL of `supervisor/cli/main.ts`, bundled.
 * @param {string} [root] of the package
 * @returns {Promise<string>}
 */
export async function bundledProgram(root = ROOT) {
  return new URL('main.js', await bundled(PROGRAM, [], root)).href;
}

/**
 * The URL of the folder in which these programs lie, bundled, as `<name>.js`.
 * @param {Record<string, string>} programs sources by name
 * @param {readonly string[]} folders with sources of theirs, beside those of the package
 * @param {string} [root] of the package
 * @returns {Promise<URL>}
 */
export async function bundled(programs, folders, root = ROOT) {
  const home = join(root, 'node_modules', '.cache', 'tillwire');
  const bundle = join(home, fingerprint(programs, [...SOURCES, ...folders], root));
  if (!isWhole(bundle)) await make(programs, root, home, bundle);
  return pathToFileURL(join(bundle, sep));
}

/**
 * Of what the bundle is made from, and where: sources are asked for files beside them. Times say nothing: a layer of an image keeps
 * whole seconds only.
 * @param {Record<string, string>} programs @param {readonly string[]} folders @param {string} root
 */
function fingerprint(programs, folders, root) {
  const hash = createHash('sha256').update(`${process.version} ${root} ${JSON.stringify(programs)}`);
  const installed = INSTALLED.filter((file) => existsSync(join(root, file)));
  for (const file of ['package.json', ...installed, ...folders.flatMap((folder) => sourcesIn(root, folder))]) {
    const contents = readFileSync(join(root, file));
    hash.update(` ${file} ${contents.length} `).update(contents);
  }
  return hash.digest('hex').slice(0, 32);
}

/**
 * In the same order everywhere. A recursive `readdir` takes several times as long.
 * @param {string} root @param {string} folder @returns {string[]}
 */
function sourcesIn(root, folder) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return sourcesIn(root, path);
      return /\.[jt]s$/.test(entry.name) ? [path] : [];
    });
}

/**
 * Whether its files are as long as when they were made: a power cut, or a copy that was interrupted, may leave them empty.
 * @param {string} bundle
 */
function isWhole(bundle) {
  try {
    const lengths = JSON.parse(readFileSync(join(bundle, LENGTHS), 'utf8'));
    return Object.entries(lengths).every(([name, length]) => statSync(join(bundle, name)).size === length);
  } catch {
    return false;
  }
}

/**
 * It appears whole or not at all: several processes may start at once.
 * @param {Record<string, string>} programs @param {string} root @param {string} home @param {string} bundle
 */
async function make(programs, root, home, bundle) {
  const making = newFolder(home);
  const damaged = `${making}-damaged`;
  try {
    await build(programs, root, making);
    keep(making);
    if (existsSync(bundle) && !isWhole(bundle)) renameSync(bundle, damaged);
    if (!existsSync(bundle)) renameSync(making, bundle);
  } catch (error) {
    if (!isWhole(bundle)) throw error;
  } finally {
    for (const folder of [making, damaged]) rmSync(folder, { recursive: true, force: true });
  }
}

/** On the disk before it has its name, with how long its files are. @param {string} folder */
function keep(folder) {
  const names = readdirSync(folder);
  const lengths = names.map((name) => [name, statSync(join(folder, name)).size]);
  writeFileSync(join(folder, LENGTHS), JSON.stringify(Object.fromEntries(lengths)));
  for (const name of [...names, LENGTHS, '.']) {
    const file = openSync(join(folder, name), 'r');
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }
}

/** Whoever may read the sources may read it. @param {string} home */
function newFolder(home) {
  try {
    mkdirSync(home, { recursive: true });
    const folder = mkdtempSync(join(home, 'making-'));
    chmodSync(folder, 0o755);
    return folder;
  } catch (error) {
    throw new Error(`${home} can't be written: run \`tillwire help\` once as the owner of the installation`, {
      cause: error,
    });
  }
}

let builds = 0;

/** @param {Record<string, string>} programs @param {string} root @param {string} folder */
async function build(programs, root, folder) {
  const { build, stop } = await import('esbuild');
  builds++;
  // Its process would stay as long as this one.
  const ended = () => (--builds === 0 ? stop() : undefined);
  await build({
    absWorkingDir: root,
    entryPoints: programs,
    outdir: folder,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    sourcemap: 'linked',
    external: NOT_BUNDLED,
    // Some libraries are CommonJS, and ask for what Node has.
    banner: {
      js: `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`,
    },
    plugins: [{ name: 'sources stay where they are', setup: keepPlaces }],
    logLevel: 'warning',
  }).finally(ended);
}

/** `import.meta.url` of a source is its own, wherever the bundle lies. @param {import('esbuild').PluginBuild} build */
function keepPlaces({ onLoad }) {
  onLoad({ filter: /\.ts$/ }, async ({ path }) => {
    const text = await readFile(path, 'utf8');
    return { contents: text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)), loader: 'ts' };
  });
}
