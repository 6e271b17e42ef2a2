/**
 * The first message of a commit that changes records. The server republishes it when the batch is decided, before any outcome or event
 * of the batch: whoever heard the records as they were published knows then that they are true.
 */
import type { MsgHdrs } from '@nats-io/transport-node';
import { KEY_PREFIX } from '../../protocols/subjects.ts';
import type { CommitMessage } from '../turn/ports.ts';
import type { BatchMessage } from './batch.ts';
import { headerLine } from './raw-headers.ts';

/** As it is republished. */
export const COMMIT_MARKS = 'tillwire.committed';

/** Nobody reads it from the bucket. */
const MARK_TTL_SECONDS = 60;
const RECORD_KEY = /^(order|store|return)\./;

export function markOf(batch: string, messages: readonly CommitMessage[]): BatchMessage | undefined {
  const records = messages.reduce((count, message) => (RECORD_KEY.test(message.key) ? count + 1 : count), 0);
  if (records === 0) return undefined;
  return {
    subject: `${KEY_PREFIX}live.${batch}.${COMMIT_MARKS}`,
    bytes: Buffer.from(String(records)),
    headers: headerLine('Nats-TTL', `${MARK_TTL_SECONDS}s`),
  };
}

interface CommitMark {
  /** As the published messages name it. */
  batch: string;
  /** How many parts of records it has. */
  records: number;
  /** Sequence of its message at position 0, if there were one: they are counted from 1. */
  base: number;
}

export function readMark({ headers, data }: { headers?: MsgHdrs; data: Uint8Array }): CommitMark {
  return {
    batch: headers?.get('Nats-Batch-Id') ?? '',
    records: Number(Buffer.from(data).toString()),
    base: Number(headers?.get('Nats-Sequence')) - 1,
  };
}
