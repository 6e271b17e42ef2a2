// Plain JavaScript without imports from node_modules: it is what makes node_modules exist.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const lockfile = `${root}package-lock.json`;
// npm writes this copy of the lock when an install has finished, so an interrupted one doesn't count.
const installed = `${root}node_modules/.package-lock.json`;

/**
 * Installs the dependencies of a clone when they are missing or another version's; a published package has them
 * already, and what only developers need may be missing where the program is just run.
 * @param {{ forDevelopers?: boolean }} [options]
 */
export function installDependencies({ forDevelopers = false } = {}) {
  if (!existsSync(lockfile) || isUpToDate(forDevelopers)) return;
  console.error('tillwire: installing dependencies (npm ci), once…');
  // stdout is the program's own (`tillwire up` speaks JSON there), so npm's goes to stderr.
  const { status, error } = spawnSync('npm', ['ci', '--no-fund', '--no-audit'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (error || status !== 0) {
    console.error(
      `tillwire: npm ci failed (${error ? error.message : `exit code ${status}`}); run it by hand in ${root}`,
    );
    process.exit(1);
  }
}

/**
 * Compares what is installed with what the lockfile asks for; file times say nothing after a checkout.
 * @param {boolean} forDevelopers
 */
function isUpToDate(forDevelopers) {
  if (!existsSync(installed)) return false;
  const wanted = packagesOf(lockfile);
  const present = packagesOf(installed);
  return Object.entries(wanted).every(
    ([path, { version, optional, dev, peer }]) =>
      path === '' || optional || peer || (dev && !forDevelopers) || present[path]?.version === version,
  );
}

/** @param {string} path @returns {Record<string, { version?: string, optional?: boolean, dev?: boolean, peer?: boolean }>} */
function packagesOf(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages;
}

if (argv[1] === fileURLToPath(import.meta.url)) installDependencies({ forDevelopers: true });
