/**
 * Who is there: every node refreshes a key of the bucket, and every node watches all of them.
 *
 * A node is live while its key was refreshed within `expireMs` of the local clock; a deleted key ends it at once. While this node
 * has no connection nobody expires: it can't tell. Views may differ for a moment; fencing makes that harmless.
 */
import { BUCKET, KEY_PREFIX, key } from '../../protocols/subjects.ts';
import type { Connection } from './connection.ts';
import { readOnce } from './direct-get.ts';
import { headersOf, isMarker } from './message-headers.ts';
import { OrderedReader, type ReadMessage } from './ordered-reader.ts';
import { rawHeaders } from './raw-headers.ts';

const LEAVE_TIMEOUT_MS = 2000;
/** A deleted key's marker goes by itself. */
const MARKER_TTL_SECONDS = 60;

export interface PresenceTiming {
  refreshMs: number;
  expireMs: number;
}

const PRESENCE_TIMING: PresenceTiming = { refreshMs: 500, expireMs: 3000 };

const subjectOf = (node: string): string => KEY_PREFIX + key.node(node);
const nodeOf = (subject: string): string => subject.slice(subject.lastIndexOf('.') + 1);

export class Presence {
  private readonly connection: Connection;
  private readonly node: string;
  private readonly timing: PresenceTiming;
  private readonly seenAt = new Map<string, number>();
  private live: string[] = [];
  private announcing: NodeJS.Timeout | undefined;
  private expiring: NodeJS.Timeout | undefined;
  private reader: OrderedReader | undefined;
  private readonly forgetReconnects: () => void;

  constructor(connection: Connection, node: string, timing: PresenceTiming = PRESENCE_TIMING) {
    this.connection = connection;
    this.node = node;
    this.timing = timing;
    this.forgetReconnects = connection.onReconnect(() => this.reconnected());
  }

  /** Lets the others see this node, and tells the live ones, sorted: as of now, and at each change. One that can't see them is seen no more. */
  async join(changed: (live: readonly string[]) => void, failed: (error: Error) => void): Promise<void> {
    try {
      await this.announce();
      await this.watch(changed, failed);
    } catch (error) {
      this.stop();
      throw error;
    }
  }

  private async announce(): Promise<void> {
    this.refresh();
    this.announcing = setInterval(() => this.refresh(), this.timing.refreshMs);
    await this.connection.nats.flush();
  }

  private async watch(changed: (live: readonly string[]) => void, failed: (error: Error) => void): Promise<void> {
    const found = await readOnce(this.connection, BUCKET, (reader) => reader.all(subjectOf('*')));
    for (const { subject } of found) this.seenAt.set(nodeOf(subject), performance.now());
    this.tell(changed);
    this.reader = new OrderedReader(this.connection, {
      stream: BUCKET,
      filters: [subjectOf('*')],
      after: found.at(-1)?.sequence ?? 0,
      deliver: (message) => {
        this.heard(message);
        this.tell(changed);
      },
      failed,
    });
    this.expiring = setInterval(() => {
      this.expire();
      this.tell(changed);
    }, this.timing.refreshMs);
    await this.reader.started();
  }

  /** Tells the others at once that this node is gone. */
  async leave(): Promise<void> {
    this.stop();
    const headers = rawHeaders(`KV-Operation:DEL\r\nNats-TTL:${MARKER_TTL_SECONDS}s\r\n`);
    const answer = this.connection.nats.request(subjectOf(this.node), new Uint8Array(), {
      headers,
      timeout: LEAVE_TIMEOUT_MS,
    });
    // Without an answer the key expires by itself.
    await this.connection.whileUp(answer).catch(() => undefined);
  }

  /** As a crash would: the others learn it by the key's age. */
  stop(): void {
    clearInterval(this.announcing);
    clearInterval(this.expiring);
    this.forgetReconnects();
    this.reader?.stop();
  }

  private refresh(): void {
    if (!this.connection.connected) return;
    const headers = rawHeaders(`Nats-TTL:${Math.ceil(this.timing.expireMs / 1000)}s\r\n`);
    this.connection.nats.publish(subjectOf(this.node), this.node, { headers });
  }

  private reconnected(): void {
    for (const node of this.seenAt.keys()) this.seenAt.set(node, performance.now());
    if (this.announcing) this.refresh();
  }

  private heard({ message }: ReadMessage): void {
    const node = nodeOf(message.subject);
    if (isMarker(headersOf(message).headers)) this.seenAt.delete(node);
    else this.seenAt.set(node, performance.now());
  }

  private expire(): void {
    if (!this.connection.connected) return;
    const oldest = performance.now() - this.timing.expireMs;
    for (const [node, at] of this.seenAt) if (at < oldest) this.seenAt.delete(node);
  }

  private tell(changed: (live: readonly string[]) => void): void {
    const now = [...this.seenAt.keys()].sort();
    if (now.join() === this.live.join()) return;
    this.live = now;
    changed(now);
  }
}
