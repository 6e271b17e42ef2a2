/** What led to an entry, or to a row: the step that made it, and back from there to a command that somebody sent. */
import type { AttributionRow } from '../../protocols/attribution.ts';
import type { EntryFacts, OrderFacts } from '../../protocols/order-facts.ts';
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

export interface Cause {
  what: string;
  /** Of the order, by the step. */
  revision?: number;
  command?: AskedCommand;
}

interface Told {
  facts: OrderFacts;
  rows: readonly AttributionRow[];
  outcomes: readonly SaidOutcome[];
  commands: readonly AskedCommand[];
}

/** Nearest first. */
export function causesOf(entry: EntryFacts | undefined, row: AttributionRow | undefined, told: Told): Cause[] {
  const causes: Cause[] = [];
  const seen = new Set<string>();
  let next: Stepped | undefined = row ? rowStep(row) : entry && entryStep(entry);
  while (next !== undefined) {
    const { what, revision, returned } = next;
    const command = commandOf(revision, told);
    causes.push({ what, ...(revision === undefined ? {} : { revision }), ...(command ? { command } : {}) });
    if (command) break;
    if (returned !== undefined) return [...causes, ...ofReturn(returned, told)];
    next = revision === undefined ? undefined : newsOf(revision, told, seen);
  }
  return causes;
}

interface Stepped {
  what: string;
  revision: number | undefined;
  /** A return that it is of. */
  returned?: string;
}

function entryStep({ entry, step, return: returned }: EntryFacts): Stepped {
  return { what: `${entry} was asked for`, revision: step, ...(returned === undefined ? {} : { returned }) };
}

const rowStep = (row: AttributionRow): Stepped => ({ what: `${row.row} was booked`, revision: stepOf(row) });

function commandOf(revision: number | undefined, { outcomes, commands }: Told): AskedCommand | undefined {
  const outcome = outcomes.find((said) => said.revision === revision);
  return outcome && commands.find(({ id }) => id === outcome.command);
}

/** A step that no command made heard news of an entry, as a rule: its rows say of which. */
function newsOf(revision: number, { facts, rows }: Told, seen: Set<string>): Stepped | undefined {
  for (const row of rows) {
    if (stepOf(row) !== revision || row.entry === undefined || seen.has(row.entry)) continue;
    const entry = facts.entries.find((known) => known.entry === row.entry);
    if (!entry || entry.step === revision) continue;
    seen.add(entry.entry);
    const asked = entryStep(entry);
    return { ...asked, what: `${entry.entry} was asked for, and its news led on` };
  }
  return undefined;
}

function ofReturn(id: string, { commands }: Told): Cause[] {
  return commands
    .filter(({ entity, of }) => entity === 'return' && of === id)
    .map((command) => ({ what: `return ${id}: ${command.name}`, command }));
}
