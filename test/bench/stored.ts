/** What the streams hold, and what that takes on disk. */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { BUCKET, COMMANDS, DEAD, EVENTS, SIMULATOR } from '../../protocols/subjects.ts';

const STREAMS = [COMMANDS, BUCKET, EVENTS, DEAD, SIMULATOR] as const;
const DISK_BLOCK = 512;

/** Messages ever stored, by stream. */
export type Stored = Record<(typeof STREAMS)[number], number>;

export async function storedMessages(nats: NatsConnection): Promise<Stored> {
  const sequences = await Promise.all(STREAMS.map(async (stream) => [stream, await lastSequence(nats, stream)]));
  return Object.fromEntries(sequences);
}

export function storedBetween(before: Stored, after: Stored): Stored {
  return Object.fromEntries(STREAMS.map((stream) => [stream, after[stream] - before[stream]])) as Stored;
}

async function lastSequence(nats: NatsConnection, stream: string): Promise<number> {
  const answer = await nats.request(`$JS.API.STREAM.INFO.${stream}`, '', { timeout: 5000 });
  const { state, error } = answer.json<{ state?: { last_seq: number }; error?: { description: string } }>();
  if (!state) throw new Error(`stream ${stream}: ${error?.description}`);
  return state.last_seq;
}

/** As `du` counts: blocks, not lengths. The server removes files and folders meanwhile: what is gone takes nothing. */
export function bytesOnDisk(folder: string): number {
  let bytes = 0;
  for (const entry of unlessGone(() => readdirSync(folder, { withFileTypes: true })) ?? []) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += bytesOnDisk(path);
    else bytes += (unlessGone(() => lstatSync(path))?.blocks ?? 0) * DISK_BLOCK;
  }
  return bytes;
}

function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
