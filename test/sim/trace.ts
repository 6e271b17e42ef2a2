import { createHash } from 'node:crypto';

const LINES_AT_ONCE = 500;

/** One line a message. The hash of all lines tells two runs apart. */
export class Trace {
  private readonly hash = createHash('sha1');
  private readonly print: ((line: string) => void) | undefined;
  private readonly start: number;
  private lines: string[] = [];

  constructor(start: number, print?: (line: string) => void) {
    this.start = start;
    this.print = print;
  }

  line(now: number, who: string, what: string): void {
    const text = `${((now - this.start) / 1000).toFixed(3).padStart(9)} ${who.padEnd(9)} ${what}`;
    this.lines.push(text);
    if (this.lines.length >= LINES_AT_ONCE) this.flush();
    this.print?.(text);
  }

  digest(): string {
    this.flush();
    return this.hash.copy().digest('hex');
  }

  private flush(): void {
    this.hash.update(this.lines.join('\n'));
    this.lines = [];
  }
}
