/** Refuses a server on which the promises of a commit would not hold. */
import { setTimeout as pause } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { isRecentEnough, MINIMUM_VERSION, parseServerVersion } from '../embedded/server-version.ts';

const MONITOR_TIMEOUT_MS = 3000;
const ASK_AGAIN_MS = 250;

/** A monitoring address that does not answer is asked again: a busy machine is enough for that. */
export interface Patience {
  /** From the first question on. */
  forMs: number;
  /** Called once, before it is asked again. */
  waits(monitor: string, reason: string): void;
  stopping: AbortSignal;
}

export interface Durability {
  /** Monitoring addresses (`http://host:8222`) of all servers: they tell whether each write is synced. */
  monitors?: string[];
  /** The caller configured the server itself, with `sync_interval: always`. */
  syncedByCaller?: boolean;
  /** Go on with a server that doesn't sync, or doesn't tell. */
  allowUnsyncedServer?: boolean;
  /** Without it, each address is asked once. */
  patience?: Patience | undefined;
}

export async function checkServer(nats: NatsConnection, durability: Durability): Promise<void> {
  const said = nats.info?.version ?? 'of no version';
  const version = parseServerVersion(said);
  if (!version || !isRecentEnough(version)) {
    throw new Error(`nats-server ${said} is too old: ${MINIMUM_VERSION} or newer is needed`);
  }
  if (durability.allowUnsyncedServer || durability.syncedByCaller) return;
  const monitors = durability.monitors ?? [];
  if (monitors.length === 0) {
    throw new Error(
      'nobody says whether nats-server syncs each write (`sync_interval: always`): name its monitoring address, ' +
        'or allow an unsynced server explicitly',
    );
  }
  for (const monitor of monitors) await checkSynced(monitor, durability.patience);
}

async function checkSynced(monitor: string, patience: Patience | undefined): Promise<void> {
  if (await syncsEachWrite(monitor, patience)) return;
  throw new Error(
    `nats-server at ${monitor} acknowledges writes that a power failure loses: set \`sync_interval: always\`, ` +
      'or allow an unsynced server explicitly',
  );
}

async function syncsEachWrite(monitor: string, patience: Patience | undefined): Promise<boolean> {
  try {
    const answer = await ask(new URL('/jsz?config=1', monitor), monitor, patience);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const { config } = (await answer.json()) as { config?: { sync_always?: boolean } };
    return config?.sync_always === true;
  } catch (cause) {
    throw new Error(
      `nobody at ${monitor} says whether nats-server syncs each write (${reasonOf(cause)}): name its monitoring ` +
        'address (`http_port`), or allow an unsynced server explicitly',
      { cause },
    );
  }
}

async function ask(url: URL, monitor: string, patience: Patience | undefined): Promise<Response> {
  const stopping = patience ? [patience.stopping] : [];
  const until = performance.now() + (patience?.forMs ?? 0);
  for (let tries = 1; ; tries++) {
    try {
      return await fetch(url, { signal: AbortSignal.any([AbortSignal.timeout(MONITOR_TIMEOUT_MS), ...stopping]) });
    } catch (error) {
      if (!patience || patience.stopping.aborted || performance.now() >= until) throw error;
      if (tries === 1) patience.waits(monitor, reasonOf(error));
      await pause(ASK_AGAIN_MS, undefined, { signal: patience.stopping });
    }
  }
}

/** `fetch` says that it failed, and why in the cause; of several addresses of a name there is only the code. */
function reasonOf(error: unknown): string {
  const { cause = error } = error as { cause?: unknown };
  const { code, message } = cause as { code?: unknown; message?: string };
  return typeof code === 'string' ? code : String(message ?? cause);
}
