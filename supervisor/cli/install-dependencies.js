// Plain JavaScript without imports from node_modules: it is what makes node_modules exist.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const lockfile = `${root}package-lock.json`;
// npm writes this copy of the lock when an install has finished, so an interrupted one doesn't count.
const installed = `${root}node_modules/.package-lock.json`;
const SIGNALLED = 128;
/** @type {readonly NodeJS.Signals[]} */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Installs the dependencies of a clone when they are missing or another version's; a published package has them
 * already, and what only developers need may be missing where the program is just run.
 * @param {{ forDevelopers?: boolean }} [options]
 */
export async function installDependencies({ forDevelopers = false } = {}) {
  if (!existsSync(lockfile) || isUpToDate(forDevelopers)) return;
  console.error('tillwire: installing dependencies (npm ci), once…');
  const { stopped, failure } = await runNpm();
  if (stopped) {
    console.error(`tillwire: stopped (${stopped}) while dependencies were installed; the next start does it again`);
    process.exit(SIGNALLED + constants.signals[stopped]);
  }
  if (failure) {
    console.error(`tillwire: npm ci failed (${failure}); run it by hand in ${root}`);
    process.exit(1);
  }
}

/**
 * Ends when npm has ended, also where a signal asks for it: the next start would else install into the same folder meanwhile.
 * @returns {Promise<{ stopped?: NodeJS.Signals | undefined, failure?: string | undefined }>}
 */
async function runNpm() {
  /** @type {NodeJS.Signals | undefined} */
  let stopped;
  /** @param {NodeJS.Signals} signal */
  const stop = (signal) => {
    // It may take long to clean up: whoever asks again does not wait for that, and the next start begins anew.
    npm.kill(stopped === undefined ? signal : 'SIGKILL');
    if (stopped === undefined) console.error('tillwire: waiting for npm to clean up…');
    stopped ??= signal;
  };
  // Before npm runs: it would be left alone by a signal that comes first.
  for (const signal of SIGNALS) process.on(signal, stop);
  const windows = process.platform === 'win32';
  // stdout is the program's own (`tillwire up` speaks JSON there), so npm's goes to stderr. A group of its own: it hears of
  // a Ctrl-C once, from here, and can clean up.
  const npm = spawn('npm', ['ci', '--no-fund', '--no-audit'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: windows,
    detached: !windows,
  });
  try {
    const [code, signal] = await once(npm, 'close');
    return { stopped, failure: code === 0 ? undefined : (signal ?? `exit code ${code}`) };
  } catch (error) {
    return { stopped, failure: error instanceof Error ? error.message : String(error) };
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}

/**
 * Compares what is installed with what the lockfile asks for; file times say nothing after a checkout.
 * @param {boolean} forDevelopers
 */
function isUpToDate(forDevelopers) {
  if (!existsSync(installed)) return false;
  const wanted = packagesOf(lockfile);
  const present = packagesIfReadable(installed);
  return Object.entries(wanted).every(
    ([path, { version, optional, dev, peer }]) =>
      path === '' || optional || peer || (dev && !forDevelopers) || present[path]?.version === version,
  );
}

/** None of a file that a power cut left empty. @param {string} path */
function packagesIfReadable(path) {
  try {
    return packagesOf(path) ?? {};
  } catch {
    return {};
  }
}

/** @param {string} path @returns {Record<string, { version?: string, optional?: boolean, dev?: boolean, peer?: boolean }>} */
function packagesOf(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages;
}

if (argv[1] === fileURLToPath(import.meta.url)) await installDependencies({ forDevelopers: true });
