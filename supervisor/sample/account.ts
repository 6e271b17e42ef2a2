/** Says of each line of the sheet, exactly once, what became of it. Amounts are exact (mills): quantity × price. */
import type { SheetRow } from './read-sheet.ts';
import { LEFT_OUT_RULES, type LeftOutReason } from './rules.ts';

/** `credited` lines became returns or refunded shipping. */
export type Fate = 'traded' | 'shipping' | 'credited';

export type Tally = { lines: number; amountMills: number };

export type LeftOut = {
  reason: LeftOutReason;
  rule: string;
  /** Lines left out wholly. */
  lines: number;
  /** Lines of which some units were left out: they are counted where their other units went. */
  partLines: number;
  amountMills: number;
  examples: string[];
};

export type Account = Record<Fate, Tally> & { leftOut: LeftOut[] };

const MAX_EXAMPLES = 3;

export class AccountBook {
  private readonly kept: Record<Fate, Tally> = { traded: empty(), shipping: empty(), credited: empty() };
  private readonly leftOut = new Map<LeftOutReason, LeftOut>();

  keep(fate: Fate, row: SheetRow, quantity = row.quantity): void {
    this.kept[fate].lines += 1;
    this.kept[fate].amountMills += quantity * row.priceMills;
  }

  leaveOut(reason: LeftOutReason, row: SheetRow): void {
    this.entry(reason, row, row.quantity).lines += 1;
  }

  /** Some units of a line that was kept. */
  leaveOutPart(reason: LeftOutReason, row: SheetRow, quantity: number): void {
    this.entry(reason, row, quantity).partLines += 1;
  }

  close(): Account {
    const leftOut = [...this.leftOut.values()].sort((a, b) => b.lines - a.lines || a.reason.localeCompare(b.reason));
    return { ...this.kept, leftOut };
  }

  private entry(reason: LeftOutReason, row: SheetRow, quantity: number): LeftOut {
    const entry = this.leftOut.get(reason) ?? {
      reason,
      rule: LEFT_OUT_RULES[reason],
      lines: 0,
      partLines: 0,
      amountMills: 0,
      examples: [],
    };
    this.leftOut.set(reason, entry);
    entry.amountMills += quantity * row.priceMills;
    if (entry.examples.length < MAX_EXAMPLES) entry.examples.push(`${row.invoice} ${row.stockCode} × ${quantity}`);
    return entry;
  }
}

function empty(): Tally {
  return { lines: 0, amountMills: 0 };
}
