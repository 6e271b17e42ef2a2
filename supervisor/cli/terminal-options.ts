/** What every command that asks a running system takes. */
import { withoutLogin } from '../nats/server-address.ts';
import { type CliTerminal, openTerminal } from './open-terminal.ts';

const DEFAULT_URL = 'nats://127.0.0.1:4222';

export const NATS_VARIABLE = 'TILLWIRE_NATS';

export const TERMINAL_OPTIONS = {
  nats: { type: 'string', value: '<url>', help: `the system to ask (${NATS_VARIABLE}, else ${DEFAULT_URL})` },
  json: { type: 'boolean', help: 'print JSON' },
} as const;

/** Everybody on a machine sees its command lines: of the server that an option names, the login may be in the variable. */
export function natsUrl({ nats }: { nats?: string }): string {
  // Set to nothing, it says nothing.
  const known = process.env[NATS_VARIABLE] || undefined;
  if (nats === undefined) return known ?? DEFAULT_URL;
  return known !== undefined && withoutLogin(known) === nats ? known : nats;
}

/** Opens a terminal, and closes it whatever happens. */
export async function withTerminal<Result>(
  values: { nats?: string },
  use: (terminal: CliTerminal) => Promise<Result>,
): Promise<Result> {
  const terminal = await openTerminal(natsUrl(values));
  try {
    return await use(terminal);
  } finally {
    await terminal.close();
  }
}
