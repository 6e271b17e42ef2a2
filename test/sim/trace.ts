import { hash } from 'node:crypto';

interface Line {
  now: number;
  who: string;
  what: string;
}

/** One line a message. The hash of all lines tells two runs apart; few ask for it, so lines are put into words only then. */
export class Trace {
  private readonly print: ((line: string) => void) | undefined;
  private readonly start: number;
  private readonly lines: Line[] = [];

  constructor(start: number, print?: (line: string) => void) {
    this.start = start;
    this.print = print;
  }

  line(now: number, who: string, what: string): void {
    const line = { now, who, what };
    this.lines.push(line);
    this.print?.(this.text(line));
  }

  digest(): string {
    return hash('sha1', this.lines.map((line) => this.text(line)).join('\n'));
  }

  private text({ now, who, what }: Line): string {
    return `${((now - this.start) / 1000).toFixed(3).padStart(9)} ${who.padEnd(9)} ${what}`;
  }
}
