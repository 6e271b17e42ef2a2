import { createHash } from 'node:crypto';

/** One line a message. The hash of all lines tells two runs apart. */
export class Trace {
  private readonly hash = createHash('sha1');
  private readonly print: ((line: string) => void) | undefined;
  private readonly start: number;

  constructor(start: number, print?: (line: string) => void) {
    this.start = start;
    this.print = print;
  }

  line(now: number, who: string, what: string): void {
    const text = `${((now - this.start) / 1000).toFixed(3).padStart(9)} ${who.padEnd(9)} ${what}`;
    this.hash.update(text).update('\n');
    this.print?.(text);
  }

  digest(): string {
    return this.hash.copy().digest('hex');
  }
}
