/** The history of an order, from its facts, the archive, the log of commands and the gateway's journal. */
import { decode, encodingOf } from '../../protocols/codec.ts';
import type { OrderFacts } from '../../protocols/order-facts.ts';
import { parseCommandSubject } from '../../protocols/subjects.ts';
import { bookedRows } from '../feed/booked-rows.ts';
import type { JournalRow } from '../gateway/simulator-journal.ts';
import type { AskedCommand, SaidOutcome } from './causes.ts';
import type { History } from './explain.ts';

interface Stored {
  subject: string;
  sequence: number;
  bytes: Uint8Array;
  headers: { get(name: string): string };
}

export interface Sources {
  query<Reply>(subject: string, request?: object): Promise<Reply | undefined>;
  /** All that was said, or asked, under a subject. */
  said(subject: string): Promise<readonly Stored[]>;
  asked(subject: string): Promise<readonly Stored[]>;
}

/** Undefined where there is no such order. */
export async function recordedHistory(order: string, { query, said, asked }: Sources): Promise<History | undefined> {
  const facts = await query<OrderFacts>(`query.order.${order}.facts`);
  if (!facts) return undefined;
  const returns = new Set(facts.entries.flatMap((entry) => entry.return ?? []));
  const accounts = new Set(facts.entries.flatMap((entry) => entry.account ?? []));
  const [booked, outcomes] = await Promise.all([
    said(`event.attribution.${order}.booked`),
    said(`out.*.order.${order}.*`),
  ]);
  const subjects = [`cmd.*.order.${order}.*.*`, ...[...returns].map((id) => `cmd.*.return.${id}.*.*`)];
  const commands = await Promise.all(subjects.map(asked));
  const journals = await Promise.all(
    [...accounts].map((account) => query<{ calls: JournalRow[] }>(`query.gateway.${account}.journal`, { order })),
  );
  return {
    facts,
    rows: booked.flatMap(bookedRows),
    outcomes: outcomes.flatMap(appliedOutcome),
    commands: commands.flat().flatMap(askedCommand),
    calls: journals.flatMap((journal) => journal?.calls ?? []),
  };
}

/** `out.…` holds work for stores too. */
function appliedOutcome({ bytes, headers }: Stored): SaidOutcome[] {
  const payload = decode(bytes, encodingOf(headers.get('Content-Type'))) as Partial<SaidOutcome> & { outcome?: string };
  const { command, revision, outcome } = payload;
  return outcome === 'applied' && command !== undefined && revision !== undefined ? [{ command, revision }] : [];
}

function askedCommand({ subject, sequence, headers }: Stored): AskedCommand[] {
  const address = parseCommandSubject(subject);
  if (!address) return [];
  const { origin, entity, id: of, name } = address;
  const trace = headers.get('traceparent');
  const id = headers.get('Nats-Msg-Id') || `seq-${sequence}`;
  const at = new Date(headers.get('Nats-Time-Stamp')).toISOString();
  return [{ id, origin, entity, of, name, at, ...(trace === '' ? {} : { trace }) }];
}
