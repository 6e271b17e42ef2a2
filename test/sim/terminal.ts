/** Everybody outside: sends commands as bytes over an unsure line, and hears what is said to him. */
import { encode, MSGPACK_CONTENT_TYPE } from '../../protocols/codec.ts';
import type { Published } from './memory-server.ts';
import type { World } from './world.ts';

export interface Outcome {
  command: string;
  outcome: 'applied' | 'rejected';
  code?: string;
  reason?: string;
}

export interface To {
  origin: string;
  entity: string;
  id: string;
  name: string;
}

export class Terminal {
  private readonly world: World;
  /** That the server has, under an id of their own. */
  readonly published: Published[] = [];
  private readonly waiting = new Map<string, (outcome: Outcome) => void>();
  private sent = 0;

  constructor(world: World) {
    this.world = world;
  }

  /** `then` is called with the outcome, once. */
  send(to: To, payload: unknown, then?: (outcome: Outcome) => void): string {
    const encoding = this.world.random.chance(0.2) ? 'msgpack' : 'json';
    const messageId = `c${++this.sent}`;
    if (then) this.waiting.set(messageId, then);
    const contentType = encoding === 'msgpack' ? MSGPACK_CONTENT_TYPE : undefined;
    this.sendRaw({ ...to, messageId, contentType, bytes: encode(payload, encoding) });
    return messageId;
  }

  /** As it is, and perhaps again: a terminal that got no ack can't know. */
  sendRaw(message: Published): void {
    const { faults, random } = this.world;
    this.publishIn(this.world.latency(), message);
    if (message.messageId === undefined) return;
    if (faults.happens('doubled-command')) this.publishIn(random.between(1, 8000), message);
    if (faults.happens('late-double')) this.publishIn(random.between(15_000, 200_000), message);
  }

  hearOutcome(outcome: Outcome): void {
    const then = this.waiting.get(outcome.command);
    this.waiting.delete(outcome.command);
    then?.(outcome);
  }

  private publishIn(ms: number, message: Published): void {
    this.world.expect(ms, () => {
      const isNew = this.world.server.publish(message);
      const { origin, entity, id, name, messageId } = message;
      if (isNew && messageId !== undefined) this.published.push(message);
      this.world.say(origin, `${entity} ${id} ${name} ${messageId}${isNew ? '' : ' (duplicate)'}`);
    });
  }
}
