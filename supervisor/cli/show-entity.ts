/** The commands that ask for one entity and show it. */
import { isToken } from '../../protocols/token.ts';
import { EXIT, UsageError } from './command.ts';
import type { CliTerminal } from './open-terminal.ts';
import { print } from './print.ts';
import { withTerminal } from './terminal-options.ts';

interface Shown<View> {
  entity: string;
  id: string | undefined;
  text(view: View): string;
  /** Asked otherwise than by one query. */
  ask?(terminal: CliTerminal, id: string): Promise<View | undefined>;
}

export async function showEntity<View extends object>(
  { entity, id, text, ask }: Shown<View>,
  values: { nats?: string; json?: boolean },
): Promise<number> {
  const known = checkedId(entity, id);
  const view = await withTerminal(values, (terminal) =>
    ask ? ask(terminal, known) : terminal.query<View>(`query.${entity}.${known}`),
  );
  if (view === undefined) throw new Error(`there is no ${entity} ${id}`);
  print(view, values.json, () => text(view));
  return EXIT.done;
}

/** It becomes a token of a subject: wildcards and dots would ask for something else. */
export function checkedId(what: string, id: string | undefined): string {
  if (id === undefined) throw new UsageError(`which ${what}?`);
  if (!isToken(id))
    throw new UsageError(`${JSON.stringify(id)} is no ${what}: letters, digits, _ and - only, at most 64`);
  return id;
}
