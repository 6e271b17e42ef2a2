// Way two: Debian's package, downloaded and unpacked by the system's own apt-get and dpkg, without root and
// without touching the system: configuration, package lists, caches and state are all in the given folder.
// The mirror and how to reach it are read from the system's configuration; apt verifies the signatures.
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Say } from './github-release.ts';
import { type CommandOptions, runCommand } from './run-command.ts';

/** The first release whose nats-server is recent enough. */
const RELEASE = 'forky';
const KEYRINGS = ['/usr/share/keyrings/debian-archive-keyring.gpg', '/usr/share/keyrings/debian-archive-keyring.pgp'];
const APT_TIMEOUT_MS = 300_000;

/** Puts the server of the package into the folder and returns its path. */
export async function fetchFromDebian(folder: string, say: Say, signal: AbortSignal): Promise<string> {
  const keyring = KEYRINGS.find((path) => existsSync(path));
  if (keyring === undefined) throw new Error('this is no Debian system: there is no Debian archive keyring');
  const apt: CommandOptions = {
    timeoutMs: APT_TIMEOUT_MS,
    signal,
    cwd: folder,
    env: { APT_CONFIG: join(folder, 'apt.conf'), LC_ALL: 'C' },
  };
  const mirror = await systemMirror(folder, signal);
  const architecture = (await runCommand('dpkg', ['--print-architecture'], apt)).trim();
  await prepareFolder(folder, sourcesFile({ mirror, architecture, keyring }));
  say(`fetching nats-server from Debian ${RELEASE} at ${mirror} (about 15 MB with the index, once)…`);
  await runCommand('apt-get', ['update'], apt);
  await runCommand('apt-get', ['download', 'nats-server'], apt);
  const file = (await readdir(folder)).find((name) => name.endsWith('.deb'));
  if (file === undefined) throw new Error('apt-get download left no package');
  await runCommand('dpkg', ['-x', file, 'unpacked'], apt);
  return join(folder, 'unpacked', 'usr', 'sbin', 'nats-server');
}

/** Asked of apt rather than read from files: there are several formats and places for them. */
async function systemMirror(folder: string, signal: AbortSignal): Promise<string> {
  const lists = join(folder, 'system-lists');
  await mkdir(join(lists, 'partial'), { recursive: true });
  const args = ['update', '--print-uris', '-o', `Dir::State::lists=${lists}`];
  const mirror = debianMirror(await runCommand('apt-get', args, { timeoutMs: APT_TIMEOUT_MS, signal }));
  if (mirror === undefined) throw new Error("apt's configuration names no Debian mirror");
  return mirror;
}

/** The mirror of `'<mirror>/dists/<release>/InRelease' …`; security and other archives don't carry all packages. */
export function debianMirror(printedUris: string): string | undefined {
  for (const [, mirror] of printedUris.matchAll(/^'([^']+)\/dists\/[^/']+\/InRelease'/gm)) {
    if (mirror !== undefined && /\/debian\/?$/.test(mirror)) return mirror;
  }
  return undefined;
}

interface Source {
  readonly mirror: string;
  readonly architecture: string;
  readonly keyring: string;
}

function sourcesFile({ mirror, architecture, keyring }: Source): string {
  return [
    'Types: deb',
    `URIs: ${mirror}`,
    `Suites: ${RELEASE}`,
    'Components: main',
    `Architectures: ${architecture}`,
    `Signed-By: ${keyring}`,
    '',
  ].join('\n');
}

async function prepareFolder(folder: string, sources: string): Promise<void> {
  for (const name of ['lists/partial', 'cache/archives/partial', 'state', 'log', 'empty', 'sources.d']) {
    await mkdir(join(folder, name), { recursive: true });
  }
  await writeFile(join(folder, 'state', 'status'), '');
  await writeFile(join(folder, 'sources.d', 'debian.sources'), sources);
  const system = await runCommand('apt-config', ['dump'], { timeoutMs: APT_TIMEOUT_MS });
  await writeFile(join(folder, 'apt.conf'), aptConfiguration(folder, system));
}

/**
 * Of the system's configuration only how to reach a mirror is kept: its hooks would run on the real caches,
 * its extra indexes are of no use, and nothing may switch the check of signatures off.
 */
export function aptConfiguration(folder: string, systemDump: string): string {
  const kept = systemDump.split('\n').filter((line) => /^Acquire::(?!IndexTargets|Changelogs|Allow)/.test(line));
  const own = [
    `Dir::Etc::main "${folder}/empty/main"`,
    `Dir::Etc::parts "${folder}/empty"`,
    `Dir::Etc::sourcelist "${folder}/empty/list"`,
    `Dir::Etc::sourceparts "${folder}/sources.d"`,
    `Dir::Etc::preferences "${folder}/empty/preferences"`,
    `Dir::Etc::preferencesparts "${folder}/empty"`,
    `Dir::State "${folder}/state"`,
    `Dir::State::lists "${folder}/lists"`,
    `Dir::State::status "${folder}/state/status"`,
    `Dir::Cache "${folder}/cache"`,
    `Dir::Log "${folder}/log"`,
    // As root, apt would else hand the work to a user that can't enter this folder.
    'APT::Sandbox::User "root"',
    'Acquire::Languages "none"',
    'Acquire::PDiffs "false"',
  ];
  return `${[...kept, ...own.map((line) => `${line};`)].join('\n')}\n`;
}
