/**
 * One process a name: whoever holds it answers for it. A name is free as soon as its holder's connection is gone, whatever ended it.
 */
import { createInbox } from '@nats-io/transport-node';
import type { Connection } from './connection.ts';

/** In which all that hold the name or want it answer. */
const ANSWER_MS = 500;

const HELD = 'held';

/** Resolves with false where somebody else holds the name. Of several that ask at once, one does. */
export async function holdAlone({ nats }: Connection, name: string): Promise<boolean> {
  const subject = `tillwire.held.${name}`;
  const me = createInbox();
  /** Who else holds it, or wants it at the same time: of these the least one gets it. */
  const others: string[] = [];
  let isHeld = false;
  const subscription = nats.subscribe(subject, {
    callback: (error, message) => {
      if (error || message.string() === me) return;
      if (!isHeld) others.push(message.string());
      message.respond(isHeld ? HELD : me);
    },
  });
  for await (const answer of await nats.requestMany(subject, me, { strategy: 'timer', maxWait: ANSWER_MS })) {
    others.push(answer.string());
  }
  isHeld = others.every((other) => other !== HELD && other > me);
  if (!isHeld) subscription.unsubscribe();
  return isHeld;
}
