/** What waits for its turn to be called, first in first out within a kind. */
import { type Depths, nextKind, noDepths } from '../../actors/gateway/priority.ts';
import { GATEWAY_KINDS, type GatewayKind } from '../../protocols/gateway.ts';

export class RequestQueues<Item> {
  readonly depths: Depths = noDepths();
  private readonly queues = new Map(GATEWAY_KINDS.map((kind) => [kind, new Set<Item>()]));

  /** An item is in a queue once. */
  push(kind: GatewayKind, item: Item): void {
    this.queue(kind).add(item);
    this.depths[kind] = this.queue(kind).size;
  }

  peek(): Item | undefined {
    const kind = nextKind(this.depths);
    return kind && this.queue(kind).values().next().value;
  }

  remove(kind: GatewayKind, item: Item): void {
    this.queue(kind).delete(item);
    this.depths[kind] = this.queue(kind).size;
  }

  private queue(kind: GatewayKind): Set<Item> {
    const queue = this.queues.get(kind);
    if (!queue) throw new Error(`no queue for ${kind}`);
    return queue;
  }
}
