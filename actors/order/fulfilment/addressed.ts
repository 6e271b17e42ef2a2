/** Which fulfilment a command is about, and whether its sender may speak of it. */
import type { Message, Refusal } from '../../../protocols/actor.ts';
import { originKind } from '../../../protocols/token.ts';
import { refuse } from '../../chart.ts';
import { at, type Fulfilment, isOpen, type OrderRecord } from '../record.ts';

interface Addressed {
  fulfilment: Fulfilment;
  position: number;
}

/** Where none is named, it is the only one that `counts`. */
export function addressed(
  record: OrderRecord,
  message: Message<{ fulfilment?: string | undefined }>,
  counts: (fulfilment: Fulfilment) => boolean = isOpen,
): Addressed | { refuse: Refusal } {
  const store = speakingStore(message);
  const named = message.payload.fulfilment;
  return named === undefined ? theOnlyOne(record, store, counts) : theNamedOne(record, store, named);
}

/** A store speaks as itself; ops speaks for anybody. */
function speakingStore(message: Message): string | undefined {
  if (message.sender.kind !== 'command') throw new Error(`${message.name} is not from a command`);
  const { origin } = message.sender.command;
  return originKind(origin) === 'store' ? origin : undefined;
}

function theNamedOne(record: OrderRecord, store: string | undefined, named: string): Addressed | { refuse: Refusal } {
  const position = record.fulfilments.findIndex(({ id }) => id === named);
  if (position < 0) return refuse('unknown-fulfilment', `order ${record.id} has no fulfilment ${named}`);
  const fulfilment = at(record.fulfilments, position);
  if (store !== undefined && fulfilment.store !== store) {
    return refuse('not-your-fulfilment', `${named} belongs to another store`);
  }
  return { fulfilment, position };
}

function theOnlyOne(
  record: OrderRecord,
  store: string | undefined,
  counts: (fulfilment: Fulfilment) => boolean,
): Addressed | { refuse: Refusal } {
  const found: Addressed[] = [];
  record.fulfilments.forEach((fulfilment, position) => {
    if (counts(fulfilment) && (store === undefined || fulfilment.store === store)) found.push({ fulfilment, position });
  });
  const [only, ...others] = found;
  if (!only)
    return refuse('unknown-fulfilment', `order ${record.id} has no open fulfilment of ${store ?? 'any store'}`);
  if (others.length > 0) {
    const named = found.map(({ fulfilment }) => fulfilment.id).join(', ');
    return refuse('ambiguous-fulfilment', `order ${record.id} has ${named}: name one`);
  }
  return only;
}

/** In one of these states, and the store holds the stock; else a refusal that says how it is. */
export function inState(fulfilment: Fulfilment, ...states: Fulfilment['state'][]): { refuse: Refusal } | undefined {
  if (!states.includes(fulfilment.state)) {
    return refuse('wrong-state', `${fulfilment.id} is ${fulfilment.state}, not ${states.join(' or ')}`);
  }
  if (!fulfilment.terms) return refuse('wrong-state', `${fulfilment.id} waits for the store's stock to be reserved`);
  return undefined;
}
