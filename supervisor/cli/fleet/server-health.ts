/**
 * Whether the embedded server still stores. After a failed write (a full disk) it refuses all others of that stream until it is
 * started again, however much room there is by then; its monitoring says so.
 */
import { statfs } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { EmbeddedServer } from '../../embedded/nats-server.ts';

const CHECK_MS = 2_000;
/** Two of a stream's files: with less, a server that is started again would soon stand still again. */
const ROOM_BYTES = 16 * 1024 * 1024;
/** Between two lines that say the same. */
const REMINDER_CHECKS = 30;

export interface HealthWorld {
  /** What the server says is wrong with it; undefined when it says nothing, or does not answer. */
  complaint(): Promise<string | undefined>;
  freeBytes(): Promise<number>;
  /** Where that room is. */
  folder: string;
  log: Logger;
}

export class ServerHealth {
  private readonly world: HealthWorld;
  private complained = false;
  private roomless = 0;

  constructor(world: HealthWorld) {
    this.world = world;
  }

  /** An error when the server should be started again. A stream that is just made looks broken too, but only once. */
  async check(): Promise<Error | undefined> {
    const complaint = await this.world.complaint();
    const again = this.complained;
    this.complained = complaint !== undefined;
    if (complaint === undefined || !again) return undefined;
    const free = await this.world.freeBytes();
    if (free >= ROOM_BYTES) return new Error(`nats-server can't go on: ${complaint}`);
    if (this.roomless++ % REMINDER_CHECKS === 0) this.askForRoom(complaint, free);
    return undefined;
  }

  private askForRoom(complaint: string, freeBytes: number): void {
    const { folder, log } = this.world;
    log.error(
      { reason: complaint, folder, freeBytes, wantedBytes: ROOM_BYTES },
      `nats-server can't write: free space on the disk of ${folder}; it is started again as soon as there is room`,
    );
  }
}

/** Calls `failed` once when the server should be started again; returns how to stop watching. */
export function watchHealth(
  { monitorUrl }: EmbeddedServer,
  folder: string,
  log: Logger,
  failed: (error: Error) => void,
): () => void {
  const health = new ServerHealth({
    complaint: () => complaintOf(monitorUrl),
    freeBytes: async () => {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
    folder,
    log,
  });
  const timer = setInterval(async () => {
    const error = await health.check().catch((cause: Error) => log.warn({ err: cause }, 'nats-server was not checked'));
    if (error) failed(error);
  }, CHECK_MS);
  return () => clearInterval(timer);
}

async function complaintOf(monitorUrl: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${monitorUrl}/healthz`, { signal: AbortSignal.timeout(CHECK_MS) });
    const { status, error } = (await response.json()) as { status?: string; error?: string };
    return status === 'ok' ? undefined : (error ?? status);
  } catch {
    // It is busy, or it ended: that is seen elsewhere.
    return undefined;
  }
}
