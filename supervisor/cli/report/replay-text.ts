/** What a period would have come to under other rules, for people. */
import { formatMinor } from '../../../protocols/currency.ts';
import type { Replay } from '../../report/replay.ts';
import { type Column, table } from '../../text/table.ts';

type Compared = ReturnType<Replay['result']>[number];

export interface Replayed {
  rows: number;
  parties: Compared[];
  /** Rows that were recorded before they said what it takes to reckon them anew: they are left as they are. */
  unknown: number;
  /** Units that stores took back for others before rows said so, or that nobody opened. */
  untold: number;
  /** Rows of orders that were placed before any version of the file is valid. */
  withoutVersion: number;
  caveat?: string;
}

const amount = (head: 'was' | 'would' | 'difference'): Column<Compared> => ({
  head,
  align: 'right',
  cell: (of) => formatMinor(of[head], of.currency),
});

const SHOWN: readonly Column<Compared>[] = [
  { head: 'party', cell: ({ party }) => party },
  amount('was'),
  amount('would'),
  amount('difference'),
];

export const RECKONED =
  "shares of goods, shipping fees and handling fees; what headquarters' own stores sell is its own under any rules";

export function replayText({ rows, parties, unknown, untold, withoutVersion, caveat }: Replayed): string {
  const lines = [`${rows} rows under other rules; nothing was changed`, ...table(SHOWN, parties, '  ')];
  lines.push(`reckoned anew are ${RECKONED}`);
  if (withoutVersion > 0)
    lines.push(
      `${withoutVersion} rows are of orders that were placed before any version of the file is valid: the stores' own commission decides about them;`,
      '--as-of <time> reckons all of them under the version that is valid then',
    );
  if (unknown > 0) lines.push(`${unknown} rows are too old to be reckoned anew: they are left as they are`);
  if (untold > 0)
    lines.push(
      `${untold} units that stores took back for others have no handling fee reckoned: they are too old for one, or nobody opened the store`,
    );
  if (caveat !== undefined) lines.push(caveat);
  return `${lines.join('\n')}\n`;
}
