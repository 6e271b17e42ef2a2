/** What set a step off, where no command did (the outcome of a command names the step): for whoever explains an amount. */
import type { Message, Sender } from '../../../protocols/actor.ts';
import type { Heard } from '../../../protocols/attribution.ts';

/** What the record keeps of the step that reserved an entry. */
export interface Stepped {
  /** Revision of the order; not there on what is older than this field. */
  readonly step?: number;
  readonly heard?: Heard;
}

/** What messages to an order call what they are of: no two in one message, or the first says most. */
interface Named {
  key: string;
  entry: string;
  fulfilment: string;
  return: string;
  store: string;
  /** Position. */
  tender: number;
  outcome: string;
}

export function heardIn(
  { tenders }: { readonly tenders: readonly { readonly transaction: string }[] },
  { name, payload, sender }: Message,
): { heard?: Heard } {
  if (sender.kind === 'command') return {};
  const { key, entry, fulfilment, return: returned, store, tender, outcome } = payload as Partial<Named>;
  const authorisation = typeof tender === 'number' ? tenders[tender]?.transaction : undefined;
  const about = key ?? entry ?? fulfilment ?? returned ?? store ?? authorisation;
  const { from, id } = speaker(sender);
  return {
    heard: {
      from,
      ...(id === undefined ? {} : { id }),
      name,
      ...(about === undefined ? {} : { about }),
      ...(outcome === undefined ? {} : { outcome }),
    },
  };
}

function speaker(sender: Exclude<Sender, { kind: 'command' }>): Pick<Heard, 'from' | 'id'> {
  if (sender.kind === 'actor') return { from: sender.entity, id: sender.id };
  return sender.kind === 'gateway' ? { from: 'gateway', id: sender.account } : { from: sender.kind };
}
