/** Every command gets exactly one outcome, however often it came; another content under its id is told so. */
import { hash } from 'node:crypto';
import { isToken, subjectPart } from '../../protocols/token.ts';
import type { LogEntry } from '../../supervisor/turn/ports.ts';
import type { Heard } from './heard.ts';
import type { Outcome } from './terminal.ts';

/** Of one command. An id used again for another entity is another command. */
interface Group {
  origin: string;
  copies: number;
  contents: Set<string>;
}

export class OutcomeInvariants {
  private readonly outcomes = new Map<string, Outcome[]>();

  heard({ origin, entity, id, name, payload }: Heard): void {
    if (origin === undefined || !('outcome' in payload)) return;
    const outcome = payload as unknown as Outcome;
    const asked = `${outcome.command} ${entity} ${id} ${name}`;
    const known = this.outcomes.get(asked);
    if (known) known.push(outcome);
    else this.outcomes.set(asked, [outcome]);
  }

  check(commands: readonly LogEntry[]): string[] {
    const groups = groupsOf(commands);
    const found = [...groups].flatMap(([asked, group]) => wrong(asked, group, this.outcomes.get(asked) ?? []));
    for (const asked of this.outcomes.keys()) {
      if (!groups.has(asked)) found.push(`an outcome of ${asked}, which nobody sent`);
    }
    return found;
  }
}

function groupsOf(commands: readonly LogEntry[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const { subject, messageId, sequence, bytes } of commands) {
    const tokens = subject.split('.');
    const origin = tokens[5] ?? '';
    // What no subject can have is not said again in an outcome.
    const address = tokens.slice(2, 5).map(subjectPart);
    const asked = [messageId ?? `seq-${sequence}`, ...address].join(' ');
    const group = groups.get(asked) ?? { origin, copies: 0, contents: new Set() };
    group.copies++;
    group.contents.add(hash('sha1', bytes));
    groups.set(asked, group);
  }
  return groups;
}

function wrong(asked: string, { origin, copies, contents }: Group, outcomes: readonly Outcome[]): string[] {
  if (!isToken(origin)) return [];
  const reused = outcomes.filter(({ code }) => code === 'command-id-reused').length;
  const all = outcomes.map(({ outcome, code }) => code ?? outcome).join(', ');
  const said = `${asked}, stored ${copies} times: outcomes ${all || 'none'}`;
  const answered = outcomes.length >= contents.size && outcomes.length <= copies;
  return answered && outcomes.length - reused <= 1 ? [] : [said];
}
