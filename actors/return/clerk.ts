/** Who stands at the counter: a store speaks for itself, ops for anybody. */
import type { Message, Refusal } from '../../protocols/actor.ts';
import { originKind } from '../../protocols/token.ts';
import { refuse } from '../chart.ts';
import type { ReturnRecord } from './record.ts';

/** The store that sent the command, if one did. */
export function speakingStore({ name, sender }: Message): string | undefined {
  if (sender.kind !== 'command') throw new Error(`${name} is not from a command`);
  const { origin } = sender.command;
  return originKind(origin) === 'store' ? origin : undefined;
}

/** A store cancels what it requested. */
export function requestedElsewhere(record: ReturnRecord, message: Message): { refuse: Refusal } | undefined {
  const store = speakingStore(message);
  if (store === undefined || store === record.requestedBy) return undefined;
  const requester = record.requestedBy ?? 'another one';
  return refuse('not-allowed', `${record.id} was requested by ${requester}: only it, a channel or ops may cancel it`);
}

/** A store inspects, and hands back, what it holds. */
export function goodsElsewhere(record: ReturnRecord, message: Message): { refuse: Refusal } | undefined {
  const store = speakingStore(message);
  if (store === undefined || store === record.store) return undefined;
  return refuse('not-allowed', `the goods of ${record.id} are at ${record.store ?? 'headquarters'}`);
}
