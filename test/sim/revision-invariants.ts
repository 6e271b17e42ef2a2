/** A revision names one state of what a query shows, and never goes back; a return has another one only where it shows another state. */

import { VIEWED } from '../../supervisor/node/viewed-entities.ts';
import type { StoredPart } from '../../supervisor/turn/ports.ts';

interface Shown {
  revision: number;
  state: string;
}

const VIEWS = new Map(
  VIEWED.filter(({ aspect }) => aspect === undefined).map(({ kind, view }) => {
    const shown = (parts: StoredPart[]) => view(kind.load(parts)) as { revision: number } | undefined;
    return [kind.entity, shown];
  }),
);

export class RevisionInvariants {
  private readonly shown = new Map<string, Shown>();

  committed(entity: string, id: string, parts: StoredPart[]): string[] {
    const found = VIEWS.get(entity)?.(parts);
    if (!found) return [];
    const { revision, ...rest } = found;
    const name = `${entity}.${id}`;
    const before = this.shown.get(name);
    const now = { revision, state: JSON.stringify(rest) };
    this.shown.set(name, now);
    return before ? wrong(before, now, entity === 'return') : [];
  }
}

function wrong(before: Shown, now: Shown, isExact: boolean): string[] {
  if (now.revision < before.revision) return [`the revision went from ${before.revision} to ${now.revision}`];
  if (now.revision === before.revision) {
    return now.state === before.state ? [] : [`revision ${now.revision} names ${before.state} and ${now.state}`];
  }
  return isExact && now.state === before.state
    ? [`revisions ${before.revision} and ${now.revision} name one state`]
    : [];
}
