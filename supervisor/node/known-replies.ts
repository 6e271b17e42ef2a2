/** Replies about records that have not changed since: to make one of a store with many articles takes tens of milliseconds. */
import type { Reply } from '../nats/reply.ts';
import type { StoredPart } from '../turn/ports.ts';

interface Known {
  /** Another list is another version of the record. */
  parts: readonly StoredPart[];
  reply: Reply;
  bytes: number;
}

export class KnownReplies {
  /** The last used last. */
  private readonly known = new Map<string, Known>();
  private readonly maxBytes: number;
  private bytes = 0;

  /** `maxBytes`: of the records that are told of; what is told of them is several times that. */
  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  /** `make` is called where the record changed, or nothing is known; undefined: there is nothing to tell of. */
  of(question: string, parts: readonly StoredPart[], make: () => Reply | undefined): Reply | undefined {
    const known = this.known.get(question);
    this.drop(question);
    const reply = known?.parts === parts ? known.reply : make();
    if (reply) this.keep(question, parts, reply);
    return reply;
  }

  private keep(question: string, parts: readonly StoredPart[], reply: Reply): void {
    const bytes = parts.reduce((sum, part) => sum + part.bytes.length, 0);
    this.known.set(question, { parts, reply, bytes });
    this.bytes += bytes;
    for (const oldest of this.known.keys()) {
      if (this.bytes <= this.maxBytes) return;
      this.drop(oldest);
    }
  }

  private drop(question: string): void {
    this.bytes -= this.known.get(question)?.bytes ?? 0;
    this.known.delete(question);
  }
}
