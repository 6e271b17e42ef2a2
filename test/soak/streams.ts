/** What each stream holds and takes on disk, and how far the archive is behind. */

import { BUCKET, COMMANDS, DEAD, EVENTS, SIMULATOR } from '../../protocols/subjects.ts';
import { requestApi } from '../../supervisor/nats/api.ts';
import type { Connection } from '../../supervisor/nats/connection.ts';

const STREAMS = [COMMANDS, BUCKET, EVENTS, DEAD, SIMULATOR] as const;

export interface StreamSize {
  stream: string;
  messages: number;
  bytes: number;
  /** Ever stored. */
  stored: number;
}

interface StreamInfo {
  state: { messages: number; bytes: number; last_seq: number };
  sources?: { lag: number }[];
}

export function streamSizes(connection: Connection): Promise<StreamSize[]> {
  return Promise.all(
    STREAMS.map(async (stream) => {
      const { state } = await info(connection, stream);
      return { stream, messages: state.messages, bytes: state.bytes, stored: state.last_seq };
    }),
  );
}

/** Messages of the bucket that the archive has not looked at yet. */
export async function archiveLag(connection: Connection): Promise<number> {
  const { sources = [] } = await info(connection, EVENTS);
  return sources.reduce((sum, { lag }) => sum + lag, 0);
}

function info(connection: Connection, stream: string): Promise<StreamInfo> {
  return requestApi<StreamInfo>(connection, `STREAM.INFO.${stream}`, {});
}
