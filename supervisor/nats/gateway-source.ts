/** The requests and controls of one gateway account, from the bucket: see RequestSource of supervisor/gateway/ports.ts. */
import { noDepths } from '../../actors/gateway/priority.ts';
import { decode } from '../../protocols/codec.ts';
import { GATEWAY_KINDS, type GatewayKind, type GatewayRequest } from '../../protocols/gateway.ts';
import { BUCKET, KEY_PREFIX, key } from '../../protocols/subjects.ts';
import type { Delivery, KnownDepths, RequestSource } from '../gateway/ports.ts';
import { Backlog } from './backlog.ts';
import type { Connection } from './connection.ts';
import { PinnedConsumer } from './pinned-consumer.ts';

const CONTROL_WINDOW = 50;

const consumerOf = (account: string, kind: string): string => `gateway-${account}-${kind}`;
const REQUESTS = new RegExp(`^${consumerOf('(.+)', `(?:${GATEWAY_KINDS.join('|')})`)}$`);

/** Undefined of one that does not read requests. */
export const accountOfConsumer = (name: string): string | undefined => REQUESTS.exec(name)?.[1];

/** A script or capability record, to be applied once by its id. */
export interface ControlDelivery {
  id: string;
  control: string;
  payload: unknown;
  ack(): void;
}

export class NatsRequestSource implements RequestSource {
  private readonly requests: Map<GatewayKind, PinnedConsumer>;
  private readonly controls: PinnedConsumer;
  private readonly backlog: Backlog;

  constructor(connection: Connection, account: string, ackWaitMs: number) {
    const consumer = (kind: string): PinnedConsumer =>
      new PinnedConsumer(connection, {
        stream: BUCKET,
        name: consumerOf(account, kind),
        filter: KEY_PREFIX + key.gateway(account, kind, '>'),
        ackWaitMs,
      });
    this.requests = new Map(GATEWAY_KINDS.map((kind) => [kind, consumer(kind)]));
    this.controls = consumer('control');
    this.backlog = new Backlog([...this.requests.values()]);
  }

  async pull(kind: GatewayKind, max: number, signal: AbortSignal): Promise<Delivery[]> {
    const pulled = await this.consumer(kind).pull(max, signal);
    return pulled.map(({ bytes, redelivered, ack, working, release }) => {
      return { request: decode(bytes, 'msgpack') as GatewayRequest, redelivered, ack, working, release };
    });
  }

  /** Like `pull`, for what scripts the simulator or describes its capabilities. */
  async pullControls(signal: AbortSignal): Promise<ControlDelivery[]> {
    const pulled = await this.controls.pull(CONTROL_WINDOW, signal);
    return pulled.map(({ subject, bytes, ack }) => {
      const { control, payload } = decode(bytes, 'msgpack') as { control: string; payload: unknown };
      return { id: subject.slice(subject.lastIndexOf('.') + 1), control, payload, ack };
    });
  }

  async depths(): Promise<KnownDepths> {
    await this.backlog.known;
    const depths = noDepths();
    for (const [kind, consumer] of this.requests) depths[kind] = consumer.waiting;
    return { depths, at: this.backlog.at };
  }

  /** Resolves when others get what waits. */
  async close(): Promise<void> {
    this.backlog.close();
    await Promise.all([...this.requests.values(), this.controls].map((consumer) => consumer.close()));
  }

  private consumer(kind: GatewayKind): PinnedConsumer {
    const consumer = this.requests.get(kind);
    if (!consumer) throw new Error(`no gateway requests of kind ${kind}`);
    return consumer;
  }
}
