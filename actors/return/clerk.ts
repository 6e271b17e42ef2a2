/** Who stands at the counter: a store speaks for itself, ops for anybody. */
import type { Message } from '../../protocols/actor.ts';
import { originKind } from '../../protocols/token.ts';

/** The store that sent the command, if one did. */
export function speakingStore({ name, sender }: Message): string | undefined {
  if (sender.kind !== 'command') throw new Error(`${name} is not from a command`);
  const { origin } = sender.command;
  return originKind(origin) === 'store' ? origin : undefined;
}
