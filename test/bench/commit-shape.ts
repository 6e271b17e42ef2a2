/** How large the node's commits are, seen on the wire by listening to the bucket for a while: outside of measured windows. */
import type { Msg, MsgHdrs, NatsConnection } from '@nats-io/transport-node';
import { KEY_PREFIX } from '../../protocols/subjects.ts';

export interface CommitShape {
  commits: number;
  messagesPerCommit: number;
  /** Payload and headers of one message. */
  bytesPerMessage: number;
  /** Share of each kind of key among the messages. */
  kinds: Record<string, number>;
}

export async function observeCommits(nats: NatsConnection, seconds: number): Promise<CommitShape> {
  let commits = 0;
  let bytes = 0;
  const kinds = new Map<string, number>();
  const subscription = nats.subscribe(`${KEY_PREFIX}>`, {
    callback: (error, message) => {
      if (error || !message.headers?.has('Nats-Batch-Id')) return;
      if (message.headers.has('Nats-Batch-Commit')) commits++;
      bytes += message.data.length + headerBytes(message.headers);
      const kind = kindOf(message);
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    },
  });
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  subscription.unsubscribe();
  const messages = [...kinds.values()].reduce((sum, count) => sum + count, 0);
  return {
    commits,
    messagesPerCommit: messages / commits,
    bytesPerMessage: bytes / messages,
    kinds: Object.fromEntries([...kinds].map(([kind, count]) => [kind, count / messages])),
  };
}

/** `order`, `cursor`, `live.event`: the first token that says what it is. */
function kindOf({ subject }: Msg): string {
  const tokens = subject.slice(KEY_PREFIX.length).split('.');
  return tokens[0] === 'live' ? `live.${tokens[2]}` : String(tokens[0]);
}

function headerBytes(headers: MsgHdrs): number {
  let bytes = 'NATS/1.0\r\n\r\n'.length;
  for (const [name, values] of headers) {
    for (const value of values) bytes += name.length + value.length + ':\r\n'.length;
  }
  return bytes;
}
