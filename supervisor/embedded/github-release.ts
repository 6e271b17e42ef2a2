// Way one: the release archive of nats-server, checked against the checksums published beside it.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../protocols/thrown.ts';
import { runCommand } from './run-command.ts';

/** The version that Tillwire is tested with. */
const RELEASE_VERSION = '2.15.1';
const ARCHIVE_MEGABYTES = 7;

const RELEASES = 'https://github.com/nats-io/nats-server/releases/download';
/** Short: a network without GitHub must not keep anybody waiting for the other way. */
const REACH_TIMEOUT_MS = 5_000;
const DOWNLOAD_TIMEOUT_MS = 180_000;
const UNPACK_TIMEOUT_MS = 60_000;

const platforms: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin' };
const architectures: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64', arm: 'arm7' };

export type Say = (line: string) => void;

/** Puts the server of the release into the folder and returns its path. */
export async function fetchFromGithub(folder: string, say: Say, signal: AbortSignal, base = RELEASES): Promise<string> {
  const name = archiveName(process.platform, process.arch);
  const at = `${base}/v${RELEASE_VERSION}`;
  say(`fetching nats-server ${RELEASE_VERSION} from ${at} (about ${ARCHIVE_MEGABYTES} MB, once)…`);
  const sums = (await download(`${at}/SHA256SUMS`, REACH_TIMEOUT_MS, signal)).toString('utf8');
  const expected = checksumOf(sums, `${name}.tar.gz`);
  const archive = await download(`${at}/${name}.tar.gz`, DOWNLOAD_TIMEOUT_MS, signal);
  const actual = createHash('sha256').update(archive).digest('hex');
  if (actual !== expected) {
    throw new Error(`the checksum of ${name}.tar.gz is ${actual}, but SHA256SUMS says ${expected}`);
  }
  const path = join(folder, `${name}.tar.gz`);
  await writeFile(path, archive);
  await runCommand('tar', ['-xzf', path, '-C', folder], { timeoutMs: UNPACK_TIMEOUT_MS, signal });
  return join(folder, name, 'nats-server');
}

function archiveName(platform: string, architecture: string): string {
  const [system, machine] = [platforms[platform], architectures[architecture]];
  if (system === undefined || machine === undefined) {
    throw new Error(`no archive is known for ${platform} on ${architecture}`);
  }
  return `nats-server-v${RELEASE_VERSION}-${system}-${machine}`;
}

/** Lines of SHA256SUMS: the checksum in hex, blanks, the file's name. */
export function checksumOf(sums: string, file: string): string {
  for (const line of sums.split('\n')) {
    const [checksum, name] = line.trim().split(/\s+\*?/);
    if (name === file && checksum !== undefined && /^[0-9a-f]{64}$/i.test(checksum)) return checksum.toLowerCase();
  }
  throw new Error(`SHA256SUMS does not name ${file}`);
}

async function download(url: string, timeoutMs: number, signal: AbortSignal): Promise<Buffer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new Error(`${url}: ${messageOf(cause)}`, { cause: error });
  }
}
