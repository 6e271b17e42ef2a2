import type { Outcome } from '../open-terminal.ts';

export function outcomeText(what: string, { outcome, code, reason, revision }: Outcome): string {
  const why = code === undefined ? '' : `: ${code}${reason === undefined ? '' : `, ${reason}`}`;
  return `${what}: ${outcome}${why} (revision ${revision})\n`;
}
