/**
 * What led to an entry, or to a row: the step that made it, what set that step off, and back from there to a command that somebody sent.
 * All that an order does goes back to one, and be it the one that placed it.
 */
import type { AttributionRow, Booked, Heard } from '../../protocols/attribution.ts';
import type { EntryFacts, OrderFacts } from '../../protocols/order-facts.ts';
import { heardWords } from './heard-words.ts';
import { stepOf } from './row-step.ts';

/** The one outcome of a command that was applied. */
export interface SaidOutcome {
  command: string;
  revision: number;
}

export interface AskedCommand {
  /** `Nats-Msg-Id`, or `seq-<n>` of a command without one. */
  id: string;
  origin: string;
  entity: string;
  of: string;
  name: string;
  /** RFC 3339: when the server stored it. */
  at: string;
  /** W3C traceparent. */
  trace?: string;
}

/** A step that booked rows. */
export type BookedStep = Pick<Booked, 'revision' | 'at' | 'heard'>;

export interface Cause {
  what: string;
  /** Of the order, by the step. */
  revision?: number;
  /** RFC 3339. */
  at?: string;
  command?: AskedCommand;
}

interface Told {
  facts: OrderFacts;
  rows: readonly AttributionRow[];
  steps: readonly BookedStep[];
  outcomes: readonly SaidOutcome[];
  commands: readonly AskedCommand[];
}

/** Something that a step of the order made. */
interface Made {
  what: string;
  /** Of the step; none where the entry is older than what the order keeps of it. */
  revision: number | undefined;
  at: string;
  /** Whose money it is. */
  party: string | undefined;
  /** A return that it is of. */
  returned: string | undefined;
}

/** Nearest first. */
export function causesOf(entry: EntryFacts | undefined, row: AttributionRow | undefined, told: Told): Cause[] {
  const causes: Cause[] = [];
  const seen = new Set<number>();
  let next = row ? rowMade(row, told) : entry && entryMade(entry);
  while (next !== undefined) {
    const { what, revision, at } = next;
    const command = commandOf(revision, told);
    causes.push({ what, ...(revision === undefined ? {} : { revision }), at, ...(command ? { command } : {}) });
    if (command) return causes;
    const heard = heardIn(revision, told);
    if (heard) causes.push({ what: heardWords(heard, told.facts, revision), at });
    if (revision !== undefined) seen.add(revision);
    const before = newsOf(next, heard, told, seen);
    const asked = before ? [] : ofReturn(returnOf(next, heard, told), at, told);
    if (asked.length > 0) return [...causes, ...asked];
    next = before ?? shareOf(next, told);
  }
  return [...causes, ...placed(told)];
}

function entryMade({ entry, step, at, party, return: returned }: EntryFacts): Made {
  return { what: `${entry} was asked for`, revision: step, at, party, returned };
}

function rowMade(row: AttributionRow, { facts }: Pick<Told, 'facts'>): Made {
  const entry = facts.entries.find((known) => known.entry === row.entry);
  const { party, at, return: returned = entry?.return } = row;
  return { what: `${row.row} was booked`, revision: stepOf(row), at, party: party ?? entry?.party, returned };
}

function commandOf(revision: number | undefined, { outcomes, commands }: Told): AskedCommand | undefined {
  const outcome = outcomes.find((said) => said.revision === revision);
  return outcome && commands.find(({ id }) => id === outcome.command);
}

function heardIn(revision: number | undefined, { facts, steps }: Told): Heard | undefined {
  if (revision === undefined) return undefined;
  const booked = steps.find((step) => step.revision === revision);
  return booked?.heard ?? facts.entries.find(({ step }) => step === revision)?.heard;
}

/** What the step heard news of: an entry that was asked for before. Of older steps, their rows say of which. */
function newsOf({ revision }: Made, heard: Heard | undefined, told: Told, seen: ReadonlySet<number>): Made | undefined {
  const { facts, rows } = told;
  const names = heard ? [heard.about] : rows.filter((row) => stepOf(row) === revision).map(({ entry }) => entry);
  const entry = facts.entries.find(
    ({ entry: name, step }) => names.includes(name) && (step === undefined || !seen.has(step)),
  );
  return entry && entryMade(entry);
}

function returnOf({ revision, party, returned }: Made, heard: Heard | undefined, { rows }: Told): string | undefined {
  if (returned !== undefined) return returned;
  if (heard?.from === 'return') return heard.id;
  // What a store gets for its pains.
  return rows.find((row) => stepOf(row) === revision && row.party === party && row.return !== undefined)?.return;
}

/** Of what the return was told by then. */
function ofReturn(id: string | undefined, at: string, { commands }: Told): Cause[] {
  return commands
    .filter(({ entity, of, at: asked }) => entity === 'return' && of === id && Date.parse(asked) <= Date.parse(at))
    .map((command) => ({ what: `return ${id}: ${command.name}`, command }))
    .reverse();
}

/** What a store is paid, or gives back, later than it was earned: the row that changed its share last. */
function shareOf({ revision, party }: Made, told: Told): Made | undefined {
  if (revision === undefined) return undefined;
  const row = told.rows.findLast((of) => of.party === party && of.storeShare !== 0 && stepOf(of) < revision);
  return row && rowMade(row, told);
}

function placed({ outcomes, commands }: Told): Cause[] {
  const command = commands.find(
    ({ id, entity, name }) => entity === 'order' && name === 'place' && outcomes.some((said) => said.command === id),
  );
  return command ? [{ what: 'the order was placed', command }] : [];
}
