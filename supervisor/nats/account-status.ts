/**
 * Which node holds a gateway account is the nodes' affair: any of them answers for it. The holder says its status by itself, and who
 * answers tells what was said last; a holder that is not heard is asked.
 */
import { decode, encode } from '../../protocols/codec.ts';
import type { GatewayStatus } from '../gateway/account-status.ts';
import type { Connection } from './connection.ts';

/** A change is said within this time. */
const SAY_EVERY_MS = 100;
/** The time of the last look at the queue is a part of the status: something is said every second. */
const TOLD_FOR_MS = 2500;
const TIMEOUT_MS = 1000;
/** Said at the end. */
const NO_MORE = new Uint8Array();

const asked = (account: string): string => `tillwire.account.${account}`;
const said = (account: string): string => `tillwire.account.${account}.status`;

/** Called on the node that holds the account; the function that is returned ends it. */
export function tellStatus(connection: Connection, account: string, status: () => Promise<GatewayStatus>): () => void {
  const encoded = async (): Promise<Uint8Array> => encode(await status(), 'msgpack');
  const subscription = connection.nats.subscribe(asked(account), {
    callback: (error, message) => {
      if (error) return;
      encoded().then(
        (bytes) => message.respond(bytes),
        () => undefined,
      );
    },
  });
  let ended = false;
  let next: NodeJS.Timeout | undefined;
  let last: Uint8Array = NO_MORE;
  const say = async (): Promise<void> => {
    const bytes = await encoded().catch(() => last);
    if (ended) return;
    if (connection.connected && Buffer.compare(bytes, last) !== 0) {
      connection.nats.publish(said(account), bytes);
      last = bytes;
    }
    next = setTimeout(() => void say(), SAY_EVERY_MS);
  };
  void say();
  return () => {
    ended = true;
    clearTimeout(next);
    if (connection.nats.isClosed()) return;
    subscription.unsubscribe();
    connection.nats.publish(said(account), NO_MORE);
  };
}

export class HeardStatuses {
  private readonly connection: Connection;
  private readonly heard = new Map<string, { bytes: Uint8Array; at: number }>();

  constructor(connection: Connection) {
    this.connection = connection;
  }

  listen(accounts: Iterable<string>): void {
    for (const account of accounts) {
      this.connection.nats.subscribe(said(account), {
        callback: (error, message) => {
          if (error) return;
          // A copy: its bytes are a part of all that was received with it.
          const bytes = new Uint8Array(message.data);
          if (bytes.length > 0) this.heard.set(account, { bytes, at: performance.now() });
          else this.heard.delete(account);
        },
      });
    }
  }

  /** Undefined while nobody holds it. */
  async of(account: string): Promise<GatewayStatus | undefined> {
    const last = this.heard.get(account);
    const isFresh = last !== undefined && performance.now() - last.at < TOLD_FOR_MS;
    const bytes = isFresh ? last.bytes : await this.ask(account);
    return bytes && (decode(bytes, 'msgpack') as GatewayStatus);
  }

  private ask(account: string): Promise<Uint8Array | undefined> {
    return this.connection.nats.request(asked(account), new Uint8Array(), { timeout: TIMEOUT_MS }).then(
      ({ data }) => data,
      () => undefined,
    );
  }
}
