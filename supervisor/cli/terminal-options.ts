/** What every command that asks a running system takes. */
import { openTerminal, type Terminal } from './open-terminal.ts';

const DEFAULT_URL = 'nats://127.0.0.1:4222';

export const TERMINAL_OPTIONS = {
  nats: { type: 'string', value: '<url>', help: `the system to ask (TILLWIRE_NATS, else ${DEFAULT_URL})` },
  json: { type: 'boolean', help: 'print JSON' },
} as const;

export function natsUrl({ nats }: { nats?: string }): string {
  return nats ?? process.env.TILLWIRE_NATS ?? DEFAULT_URL;
}

/** Opens a terminal, and closes it whatever happens. */
export async function withTerminal<Result>(
  values: { nats?: string },
  use: (terminal: Terminal) => Promise<Result>,
): Promise<Result> {
  const terminal = await openTerminal(natsUrl(values));
  try {
    return await use(terminal);
  } finally {
    await terminal.close();
  }
}
