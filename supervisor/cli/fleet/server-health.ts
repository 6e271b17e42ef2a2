/**
 * Whether the embedded server still stores. After a failed write (a full disk) it refuses all others of that stream until it is
 * started again, however much room there is by then; its monitoring says so. Of what else that may complain (a stray folder, a
 * stream that is being deleted) nothing is mended by a start.
 */
import type { Logger } from 'pino';
import type { EmbeddedServer } from '../../embedded/nats-server.ts';
import { freeBytes, LEAST_ROOM_BYTES } from '../../embedded/store-room.ts';

const CHECK_MS = 2_000;
const FAILED_WRITE = /write error: /;
/** Between two lines that say the same. */
const REMINDER_CHECKS = 30;

export interface HealthWorld {
  /** What the server says is wrong with it; undefined when nothing is, or when it does not answer. */
  complaint(): Promise<string | undefined>;
  freeBytes(): number;
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

  /** An error when the server should be started again: at the second complaint in a row. */
  async check(): Promise<Error | undefined> {
    const said = await this.world.complaint();
    const complaint = said !== undefined && FAILED_WRITE.test(said) ? said : undefined;
    const again = this.complained;
    this.complained = complaint !== undefined;
    if (complaint === undefined || !again) return undefined;
    const free = this.world.freeBytes();
    if (free >= LEAST_ROOM_BYTES) return new Error(`nats-server can't go on: ${complaint}`);
    if (this.roomless++ % REMINDER_CHECKS === 0) this.askForRoom(complaint, free);
    return undefined;
  }

  private askForRoom(complaint: string, freeBytes: number): void {
    const { folder, log } = this.world;
    log.error(
      { reason: complaint, folder, freeBytes, wantedBytes: LEAST_ROOM_BYTES },
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
    freeBytes: () => freeBytes(folder),
    folder,
    log,
  });
  let timer: NodeJS.Timeout | undefined;
  let watching = true;
  const check = async (): Promise<void> => {
    const error = await health.check().catch((cause: Error) => log.warn({ err: cause }, 'nats-server was not checked'));
    if (!watching) return;
    if (error) failed(error);
    else timer = setTimeout(check, CHECK_MS);
  };
  timer = setTimeout(check, CHECK_MS);
  return () => {
    watching = false;
    clearTimeout(timer);
  };
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
