/** Which node holds a gateway account is the nodes' affair: any of them answers for it, by asking the one that does. */
import { decode, encode } from '../../protocols/codec.ts';
import type { GatewayStatus } from '../gateway/account-status.ts';
import type { Connection } from './connection.ts';

const TIMEOUT_MS = 1000;

const subjectOf = (account: string): string => `tillwire.account.${account}`;

/** Called on the node that holds the account; the function that is returned ends it. */
export function answerStatus(
  connection: Connection,
  account: string,
  status: () => Promise<GatewayStatus>,
): () => void {
  const subscription = connection.nats.subscribe(subjectOf(account), {
    callback: (error, message) => {
      if (error) return;
      status().then(
        (found) => message.respond(encode(found, 'msgpack')),
        () => undefined,
      );
    },
  });
  return () => {
    if (!connection.nats.isClosed()) subscription.unsubscribe();
  };
}

/** Undefined while nobody holds it. */
export async function askStatus(connection: Connection, account: string): Promise<GatewayStatus | undefined> {
  try {
    const reply = await connection.nats.request(subjectOf(account), new Uint8Array(), { timeout: TIMEOUT_MS });
    return decode(reply.data, 'msgpack') as GatewayStatus;
  } catch {
    return undefined;
  }
}
