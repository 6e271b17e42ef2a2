/** The requests that an account part holds: each key once, bounded by kind, kept alive at the source. */
import { type Attempt, begin } from '../../actors/gateway/attempt.ts';
import { type Depths, noDepths } from '../../actors/gateway/priority.ts';
import { GATEWAY_KINDS, type GatewayKind } from '../../protocols/gateway.ts';
import type { Delivery } from './ports.ts';

export interface Held {
  delivery: Delivery;
  attempt: Attempt;
  /** A call or the delivery of a result is under way. */
  busy: boolean;
  /** When the source last heard of it. */
  aliveAt: number;
  onGone: (() => void)[];
}

export class HeldRequests {
  readonly count: Depths = noDepths();
  private readonly window: number;
  private readonly byKey = new Map<string, Held>();
  private readonly onRoom = new Map<GatewayKind, () => void>();

  constructor(window: number) {
    this.window = window;
  }

  /** Undefined when the key is held already: then the new delivery is the one to acknowledge. */
  admit(delivery: Delivery, now: number): Held | undefined {
    const { key, kind } = delivery.request;
    const known = this.byKey.get(key);
    if (known) {
      known.delivery = delivery;
      known.aliveAt = now;
      return undefined;
    }
    const held: Held = { delivery, attempt: begin(delivery.redelivered), busy: false, aliveAt: now, onGone: [] };
    this.byKey.set(key, held);
    this.count[kind] += 1;
    return held;
  }

  drop(held: Held): void {
    const { key, kind } = held.delivery.request;
    if (!this.byKey.delete(key)) return;
    this.count[kind] -= 1;
    for (const tell of held.onGone) tell();
    if (this.hasRoom(kind)) this.wake(kind);
  }

  all(): Held[] {
    return [...this.byKey.values()];
  }

  get anyBusy(): boolean {
    return this.all().some(({ busy }) => busy);
  }

  /** How many more of a kind fit, once it is worth a pull: a quarter of the window. */
  async room(kind: GatewayKind): Promise<number> {
    if (!this.hasRoom(kind)) await new Promise<void>((resolve) => this.onRoom.set(kind, resolve));
    return this.window - this.count[kind];
  }

  /** Ends every wait for room. */
  wakeAll(): void {
    for (const kind of GATEWAY_KINDS) this.wake(kind);
  }

  /** Resolves when the key is not held (any more). */
  async gone(key: string): Promise<void> {
    const held = this.byKey.get(key);
    if (held) await new Promise<void>((resolve) => held.onGone.push(resolve));
  }

  /** Says `working` for what the source has not heard of for so long. */
  keepAlive(now: number, silentMs: number): void {
    for (const held of this.byKey.values()) {
      if (now - held.aliveAt < silentMs) continue;
      held.delivery.working();
      held.aliveAt = now;
    }
  }

  private hasRoom(kind: GatewayKind): boolean {
    return this.window - this.count[kind] >= Math.ceil(this.window / 4);
  }

  private wake(kind: GatewayKind): void {
    this.onRoom.get(kind)?.();
    this.onRoom.delete(kind);
  }
}
