import { Packr } from 'msgpackr';
import { connect, headers, type NatsConnection } from 'nats';
import type { Encoding } from '../../../protocols/codec.ts';
import { eventually } from '../../fixture/eventually.ts';

const packr = new Packr({ useRecords: false });
const WITHIN_MS = 15_000;

interface Said {
  subject: string;
  payload: Record<string, unknown>;
}

/** A terminal that somebody else wrote: the older `nats` package, and nothing of ours. */
export class ForeignTerminal {
  readonly heard: Said[] = [];
  readonly #nats: NatsConnection;
  readonly #encoding: Encoding;

  private constructor(nats: NatsConnection, encoding: Encoding) {
    this.#nats = nats;
    this.#encoding = encoding;
  }

  static async open(url: string, encoding: Encoding = 'json'): Promise<ForeignTerminal> {
    const terminal = new ForeignTerminal(await connect({ servers: url }), encoding);
    for (const subject of ['out.>', 'event.>']) void terminal.#listen(subject);
    await terminal.#nats.flush();
    return terminal;
  }

  /** Sends a command and waits for its outcome. */
  async ask(subject: string, payload: object): Promise<Record<string, unknown>> {
    const id = await this.send(subject, payload);
    return this.hear(subject.replace('in.', 'out.'), (said) => said.command === id);
  }

  /** Resolves with the command's id once the server has stored it. */
  send(subject: string, payload: object): Promise<string> {
    const bytes = this.#encoding === 'msgpack' ? packr.pack(payload) : Buffer.from(JSON.stringify(payload));
    return this.sendBytes(subject, bytes);
  }

  async sendBytes(subject: string, bytes: Uint8Array): Promise<string> {
    const id = crypto.randomUUID();
    const head = headers();
    head.set('Nats-Msg-Id', id);
    if (this.#encoding === 'msgpack') head.set('Content-Type', 'application/msgpack');
    const ack = await this.#nats.request(subject, bytes, { headers: head, timeout: WITHIN_MS });
    if (typeof ack.json<{ seq?: number }>().seq !== 'number') throw new Error(`not stored: ${ack.string()}`);
    return id;
  }

  /** The first message there, of now or before, that `wanted` takes. */
  hear(subject: string, wanted: (payload: Said['payload']) => boolean = () => true): Promise<Said['payload']> {
    return eventually(() => this.heard.find((said) => said.subject === subject && wanted(said.payload))?.payload, {
      what: `${subject} is heard`,
      withinMs: WITHIN_MS,
    });
  }

  /** Undefined when there is no such entity. */
  async query<View>(subject: string): Promise<View | undefined> {
    const reply = await this.#nats.request(subject, '', { timeout: WITHIN_MS });
    const code = reply.headers?.get('Nats-Service-Error-Code');
    return code ? undefined : reply.json<View>();
  }

  close(): Promise<void> {
    return this.#nats.close();
  }

  async #listen(subject: string): Promise<void> {
    for await (const message of this.#nats.subscribe(subject)) {
      const packed = message.headers?.get('Content-Type') === 'application/msgpack';
      this.heard.push({
        subject: message.subject,
        payload: packed ? packr.unpack(message.data) : message.json(),
      });
    }
  }
}
