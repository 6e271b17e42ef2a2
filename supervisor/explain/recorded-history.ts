/** The history of an order, from its facts, the archive, the log of commands and the gateway's journal. */
import { decode, encodingOf } from '../../protocols/codec.ts';
import type { OrderFacts } from '../../protocols/order-facts.ts';
import { parseCommandSubject } from '../../protocols/subjects.ts';
import { bookedIn } from '../feed/booked-rows.ts';
import type { JournalRow } from '../gateway/simulator-journal.ts';
import { queryPages } from '../nats/query-pages.ts';
import type { AskedCommand, SaidOutcome } from './causes.ts';
import type { History } from './explain.ts';

interface Stored {
  subject: string;
  sequence: number;
  /** RFC 3339: when the server stored it. */
  at: string;
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
  const booked = (await said(`event.attribution.${order}.booked`)).map(bookedIn);
  const rows = booked.flatMap((event) => event.rows);
  const returns = new Set([...facts.entries, ...rows].flatMap((of) => of.return ?? []));
  // What was paid at a till has no account of its own: the rows name the one that moved the stores' money.
  const accounts = new Set([...facts.entries, ...rows].flatMap((of) => of.account ?? []));
  const about = [`order.${order}`, ...[...returns].map((id) => `return.${id}`)];
  const [ofOrder, ...ofReturns] = await Promise.all(
    about.map(async (entity) => {
      const [outcomes, commands] = await Promise.all([said(`out.*.${entity}.*`), asked(`cmd.*.${entity}.*.*`)]);
      return toldOf(outcomes.flatMap(saidOutcome), commands.flatMap(askedCommand));
    }),
  );
  const calls = await Promise.all([...accounts].map((account) => callsOf(order, account, query)));
  return {
    facts,
    rows,
    steps: booked.map(({ revision, at, heard }) => ({ revision, at, ...(heard ? { heard } : {}) })),
    outcomes: ofOrder?.applied ?? [],
    commands: [ofOrder, ...ofReturns].flatMap((told) => told?.commands ?? []),
    calls: calls.flat(),
  };
}

async function callsOf(order: string, account: string, query: Sources['query']): Promise<JournalRow[]> {
  const calls: JournalRow[] = [];
  const subject = `query.gateway.${account}.journal`;
  for await (const page of queryPages<{ calls: JournalRow[] }>({ query }, subject, { order }))
    calls.push(...page.calls);
  return calls;
}

type Outcome = SaidOutcome & { outcome: string };

/** Each command once, and none that was refused. */
function toldOf(
  outcomes: readonly Outcome[],
  commands: readonly AskedCommand[],
): { applied: Outcome[]; commands: AskedCommand[] } {
  const applied = outcomes.filter(({ outcome }) => outcome === 'applied');
  const known = new Set(applied.map(({ command }) => command));
  const refused = new Set(outcomes.flatMap(({ command }) => (known.has(command) ? [] : command)));
  const first = new Map(commands.toReversed().map((command) => [command.id, command]));
  const kept = commands.filter((command) => first.get(command.id) === command && !refused.has(command.id));
  return { applied, commands: kept };
}

/** `out.…` holds work for stores too. */
function saidOutcome({ bytes, headers }: Stored): Outcome[] {
  const payload = decode(bytes, encodingOf(headers.get('Content-Type'))) as Partial<Outcome>;
  const { command, revision, outcome } = payload;
  if (command === undefined || revision === undefined || outcome === undefined) return [];
  return [{ command, revision, outcome }];
}

function askedCommand({ subject, sequence, at: storedAt, headers }: Stored): AskedCommand[] {
  const address = parseCommandSubject(subject);
  if (!address) return [];
  const { origin, entity, id: of, name } = address;
  const trace = headers.get('traceparent');
  const id = headers.get('Nats-Msg-Id') || `seq-${sequence}`;
  const at = new Date(storedAt).toISOString();
  return [{ id, origin, entity, of, name, at, ...(trace === '' ? {} : { trace }) }];
}
