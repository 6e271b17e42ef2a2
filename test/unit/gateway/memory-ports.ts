/** The ports of supervisor/gateway in memory, as unkind as a test wants them. */
import { noDepths } from '../../../actors/gateway/priority.ts';
import type { GatewayKind, GatewayRequest, GatewayResult } from '../../../protocols/gateway.ts';
import type {
  Delivery,
  KnownDepths,
  RequestSource,
  ResultSink,
  SimulatorLog,
} from '../../../supervisor/gateway/ports.ts';

export class MemorySource implements RequestSource {
  readonly acked: string[] = [];
  readonly released: string[] = [];
  readonly alive: string[] = [];
  /** Requests handed out at a time, at most so far, by kind. */
  mostPulled = 0;
  lookedAt = 0;
  private waiting: { request: GatewayRequest; redelivered: boolean }[] = [];
  private pulls: { kind: GatewayKind; max: number; resolve: (deliveries: Delivery[]) => void }[] = [];

  add(...requests: GatewayRequest[]): void {
    this.waiting.push(...requests.map((request) => ({ request, redelivered: false })));
    this.serve();
  }

  redeliver(request: GatewayRequest): void {
    this.waiting.push({ request, redelivered: true });
    this.serve();
  }

  pull(kind: GatewayKind, max: number, signal: AbortSignal): Promise<Delivery[]> {
    return new Promise((done) => {
      const resolve = (deliveries: Delivery[]): void => {
        signal.removeEventListener('abort', abort);
        done(deliveries);
      };
      const pull = { kind, max, resolve };
      const abort = (): void => {
        this.pulls = this.pulls.filter((other) => other !== pull);
        resolve([]);
      };
      this.pulls.push(pull);
      signal.addEventListener('abort', abort);
      this.serve();
    });
  }

  async depths(): Promise<KnownDepths> {
    const depths = noDepths();
    for (const { request } of this.waiting) depths[request.kind] += 1;
    return { depths, at: this.lookedAt };
  }

  private serve(): void {
    this.pulls = this.pulls.filter((pull) => {
      const taken = this.waiting.filter(({ request }) => request.kind === pull.kind).slice(0, pull.max);
      if (taken.length === 0) return true;
      this.mostPulled = Math.max(this.mostPulled, taken.length);
      this.waiting = this.waiting.filter((one) => !taken.includes(one));
      pull.resolve(taken.map(({ request, redelivered }) => this.delivery(request, redelivered)));
      return false;
    });
  }

  private delivery(request: GatewayRequest, redelivered: boolean): Delivery {
    return {
      request,
      redelivered,
      ack: () => this.acked.push(request.key),
      working: () => this.alive.push(request.key),
      release: () => this.released.push(request.key),
    };
  }
}

export class MemorySink implements ResultSink {
  readonly delivered: GatewayResult[] = [];
  /** Set to make a delivery fail or wait. */
  before: () => Promise<void> = async () => {};

  async deliver(result: GatewayResult): Promise<void> {
    await this.before();
    this.delivered.push(result);
  }

  of(key: string): string[] {
    return this.delivered
      .filter((result) => result.key === key)
      .map(({ outcome, code }) => (code ? `${outcome} ${code}` : outcome));
  }
}

/** What the next append does; `lost-after`: it is in the log, but nobody is told. */
export type AppendFault = 'lost-before' | 'lost-after';

export class MemoryLog implements SimulatorLog {
  readonly messages: Uint8Array[] = [];
  faults: (AppendFault | undefined)[] = [];
  /** Set to hold appends up. */
  before: () => Promise<void> = async () => {};

  async *read(after: number): AsyncIterable<{ sequence: number; bytes: Uint8Array }> {
    for (const [index, bytes] of this.messages.slice(after).entries()) yield { sequence: after + index + 1, bytes };
  }

  async append(expectedLast: number, bytes: Uint8Array): Promise<{ sequence: number } | 'stale'> {
    await this.before();
    const fault = this.faults.shift();
    if (fault === 'lost-before') throw new Error('connection lost');
    if (expectedLast !== this.messages.length) return 'stale';
    this.messages.push(bytes);
    if (fault === 'lost-after') throw new Error('connection lost');
    return { sequence: this.messages.length };
  }
}
