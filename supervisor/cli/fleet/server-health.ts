/**
 * Whether the embedded server still stores. After a failed write (a full disk) it refuses all others of that stream until it is
 * started again, however much room there is by then; its monitoring says so. Of what else that may complain (a stray folder, a
 * stream that is being deleted) nothing is mended by a start.
 */
import type { Logger } from 'pino';
import type { EmbeddedServer } from '../../embedded/nats-server.ts';
import { freeBytes, LEAST_ROOM_BYTES } from '../../embedded/store-room.ts';
import type { Part } from '../../node/supervise.ts';

const CHECK_MS = 2_000;
const ENDED = 'it ended, with little room on its disk';
const FAILED_WRITE = /write error: /;
/** Between two lines that say the same. */
const REMINDER_CHECKS = 30;

export interface RoomWorld {
  freeBytes(): number;
  /** Where that room is. */
  folder: string;
  log: Logger;
}

export interface HealthWorld extends RoomWorld {
  /** What the server says is wrong with it; undefined when nothing is, or when it does not answer. */
  complaint(): Promise<string | undefined>;
}

/** Whether the server may be started: without room it would lose what it has of a commit in part. Says so, not at every look. */
export class Room {
  private readonly world: RoomWorld;
  private roomless = 0;

  constructor(world: RoomWorld) {
    this.world = world;
  }

  isThere(reason: string): boolean {
    const { folder, log } = this.world;
    const free = this.world.freeBytes();
    if (free >= LEAST_ROOM_BYTES) return true;
    if (this.roomless++ % REMINDER_CHECKS === 0) {
      log.error(
        { reason, folder, freeBytes: free, wantedBytes: LEAST_ROOM_BYTES },
        `nats-server can't write: free space on the disk of ${folder}; it is started again as soon as there is room`,
      );
    }
    return false;
  }
}

export class ServerHealth {
  private readonly world: HealthWorld;
  private readonly room: Room;
  private complained = false;

  constructor(world: HealthWorld) {
    this.world = world;
    this.room = new Room(world);
  }

  /** An error when the server should be started again: at the second complaint in a row. */
  async check(): Promise<Error | undefined> {
    const said = await this.world.complaint();
    const complaint = said !== undefined && FAILED_WRITE.test(said) ? said : undefined;
    const again = this.complained;
    this.complained = complaint !== undefined;
    if (complaint === undefined || !again) return undefined;
    return this.room.isThere(complaint) ? new Error(`nats-server can't go on: ${complaint}`) : undefined;
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

/** In place of a server that ended on a full disk: `failed` is called once it may be started. Undefined where there is room. */
export function waitForRoom(folder: string, log: Logger, failed: (error: Error) => void): Part | undefined {
  const room = new Room({ freeBytes: () => freeBytes(folder), folder, log });
  if (room.isThere(ENDED)) return undefined;
  const timer = setInterval(() => {
    if (!room.isThere(ENDED)) return;
    clearInterval(timer);
    failed(new Error(`${ENDED}, and there is room again`));
  }, CHECK_MS);
  return { stop: async () => clearInterval(timer) };
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
