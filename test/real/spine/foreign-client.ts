/** A terminal that somebody else wrote: the older `nats` package, an encoding, the wire contract, and nothing of ours. */
import { Packr } from 'msgpackr';
import { connect, headers, type Msg, type NatsConnection } from 'nats';
import { eventually } from '../../fixture/eventually.ts';

export type Encoding = 'json' | 'msgpack';
export type Payload = Record<string, unknown>;

export interface Heard {
  subject: string;
  encoding: Encoding;
  payload: Payload;
}

export interface Ack {
  seq: number;
  duplicate?: boolean;
}

interface Login {
  user: string;
  pass: string;
}

/** Headers of a command; what is undefined is left out. */
export interface Envelope {
  id?: string | undefined;
  contentType?: string | undefined;
}

const packr = new Packr({ useRecords: false });
const MSGPACK = 'application/msgpack';
const WITHIN_MS = 15_000;

export class ForeignClient {
  /** Everything on `out.>` and `event.>` since the connection was made. */
  readonly heard: Heard[] = [];
  readonly nats: NatsConnection;
  readonly encoding: Encoding;
  private readonly answers = new Map<unknown, Heard[]>();
  private ids = 0;

  private constructor(nats: NatsConnection, encoding: Encoding) {
    this.nats = nats;
    this.encoding = encoding;
  }

  /** With a login it hears what the origin of that name may hear. */
  static async connect(url: string, encoding: Encoding = 'json', login?: Login): Promise<ForeignClient> {
    const client = new ForeignClient(await connect({ servers: url, ...login }), encoding);
    for (const subject of [login ? `out.${login.user}.>` : 'out.>', 'event.>']) {
      client.nats.subscribe(subject, {
        callback: (error, message) => {
          if (!error) client.take(read(message));
        },
      });
    }
    await client.nats.flush();
    return client;
  }

  private take(heard: Heard): void {
    this.heard.push(heard);
    if (!heard.subject.startsWith('out.')) return;
    const { command } = heard.payload;
    const answers = this.answers.get(command);
    if (answers) answers.push(heard);
    else this.answers.set(command, [heard]);
  }

  newId(): string {
    return `${this.nats.info?.client_id}-${this.ids++}`;
  }

  /** Resolves when the server has stored the command. */
  send(subject: string, payload: unknown, id = this.newId()): Promise<Ack> {
    const contentType = this.encoding === 'msgpack' ? MSGPACK : undefined;
    return this.sendBytes(subject, encode(payload, this.encoding), { id, contentType });
  }

  async sendBytes(subject: string, bytes: Uint8Array, { id, contentType }: Envelope): Promise<Ack> {
    const head = headers();
    if (id !== undefined) head.set('Nats-Msg-Id', id);
    if (contentType !== undefined) head.set('Content-Type', contentType);
    const reply = await this.nats.request(subject, bytes, { headers: head, timeout: WITHIN_MS });
    const ack = reply.json<Ack & { error?: { description: string } }>();
    if (ack.error) throw new Error(`not stored: ${ack.error.description}`);
    return ack;
  }

  /** Sends a command and waits for its outcome. */
  async ask(subject: string, payload: unknown, id = this.newId()): Promise<Payload> {
    await this.send(subject, payload, id);
    return (await this.outcome(id)).payload;
  }

  /** The outcomes of a command that were heard so far. */
  outcomes(id: string): readonly Heard[] {
    return this.answers.get(id) ?? [];
  }

  outcome(id: string): Promise<Heard> {
    return eventually(() => this.outcomes(id)[0], { what: `the outcome of ${id}`, withinMs: WITHIN_MS });
  }

  hear(subject: string, wanted: (payload: Payload) => boolean = () => true): Promise<Payload> {
    return eventually(() => this.heard.find((said) => said.subject === subject && wanted(said.payload))?.payload, {
      what: `${subject} is heard`,
      withinMs: WITHIN_MS,
    });
  }

  /** Undefined when there is no such entity. */
  async query<View>(subject: string, request: unknown = undefined): Promise<View | undefined> {
    const contentType = headers();
    if (this.encoding === 'msgpack') contentType.set('Content-Type', MSGPACK);
    const bytes = request === undefined ? new Uint8Array() : encode(request, this.encoding);
    const reply = await this.nats.request(subject, bytes, { headers: contentType, timeout: WITHIN_MS });
    const code = reply.headers?.get('Nats-Service-Error-Code');
    if (code === '404') return undefined;
    if (code) throw new Error(`${subject}: ${reply.headers?.get('Nats-Service-Error')}`);
    return read(reply).payload as View;
  }

  async until<View>(subject: string, holds: (view: View) => boolean): Promise<View> {
    const check = async () => {
      const view = await this.query<View>(subject);
      return view !== undefined && holds(view) && view;
    };
    return eventually<View>(check, { what: `${subject} is as it must be`, withinMs: WITHIN_MS });
  }

  close(): Promise<void> {
    return this.nats.close();
  }
}

const encode = (payload: unknown, encoding: Encoding): Uint8Array =>
  encoding === 'msgpack' ? packr.pack(payload) : Buffer.from(JSON.stringify(payload));

function read(message: Msg): Heard {
  const packed = message.headers?.get('Content-Type') === MSGPACK;
  const payload = packed ? packr.unpack(message.data) : message.json();
  return { subject: message.subject, encoding: packed ? 'msgpack' : 'json', payload };
}
