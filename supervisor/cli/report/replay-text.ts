/** What a period would have come to under other rules, for people. */
import { formatMinor } from '../../../protocols/currency.ts';
import type { Replay } from '../../report/replay.ts';
import { type Column, table } from '../views/table.ts';

type Compared = ReturnType<Replay['result']>[number];

export interface Replayed {
  rows: number;
  parties: Compared[];
  /** Shares that were recorded before rows said what it takes to reckon them anew: they are left as they are. */
  unknown: number;
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

export const AS_RECORDED = "shipping, handling fees and what headquarters' own stores sell";

export function replayText({ rows, parties, unknown, caveat }: Replayed): string {
  const lines = [`${rows} rows under other rules; nothing was changed`, ...table(SHOWN, parties, '  ')];
  lines.push(`reckoned anew are the shares of goods; ${AS_RECORDED} stay as recorded`);
  if (unknown > 0) lines.push(`${unknown} shares are too old to be reckoned anew: they are left as they are`);
  if (caveat !== undefined) lines.push(caveat);
  return `${lines.join('\n')}\n`;
}
