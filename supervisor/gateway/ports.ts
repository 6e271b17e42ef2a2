/** What the gateway's parts need of the world: on NATS in supervisor/nats/, in memory in tests. */
import type { Depths } from '../../actors/gateway/priority.ts';
import type { GatewayKind, GatewayRequest, GatewayResult } from '../../protocols/gateway.ts';

/** From 0 up to, not including, 1. */
export type Random = () => number;

/** A request that this node holds until it is acknowledged. */
export interface Delivery {
  request: GatewayRequest;
  /** It was delivered before, to anybody: a previous holder may have sent it. */
  redelivered: boolean;
  /** Done: it never comes again. */
  ack(): void;
  /** Not done yet, but alive: restarts the time after which it would be delivered again. */
  working(): void;
  /** Not done, and not by this node: may be delivered again at once. */
  release(): void;
}

/** How many requests were never pulled, by kind. */
export interface KnownDepths {
  depths: Depths;
  /** Milliseconds since the epoch: what came before is counted. */
  at: number;
}

/** The requests of one account. */
export interface RequestSource {
  /**
   * Up to `max` requests of a kind, oldest first. Resolves as soon as there is one, or empty after a while without any, or
   * when aborted; it must not resolve empty at once, because the caller asks again.
   */
  pull(kind: GatewayKind, max: number, signal: AbortSignal): Promise<Delivery[]>;
  /** As far as it is known without asking anybody. */
  depths(): Promise<KnownDepths>;
}

export interface ResultSink {
  /** Resolves when the result is durable; a rejection ends the part, and what it held is delivered again. */
  deliver(result: GatewayResult, order: string): Promise<void>;
}

/** The log of one simulated account: a subject of its own. */
export interface SimulatorLog {
  /** What was appended after that sequence (0: everything), oldest first, up to the end as of now. */
  read(after: number): AsyncIterable<{ sequence: number; bytes: Uint8Array }>;
  /** `stale`: the last message is not the expected one, nothing was appended. A rejection: nobody knows. */
  append(expectedLast: number, bytes: Uint8Array): Promise<{ sequence: number } | 'stale'>;
}
