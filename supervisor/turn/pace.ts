/** When work that goes on and on lets IO and timers run: after so many pieces, or sooner where they take long, as those of large orders do. */
const MOST_MS = 5;

export class Pace {
  private readonly now: () => number;
  private readonly most: number;
  private done = 0;
  private began = 0;
  /** Milliseconds of work since the last breath. */
  private spent = 0;

  constructor(now: () => number, most: number) {
    this.now = now;
    this.most = most;
  }

  /** The next piece. */
  begin(): void {
    this.began = this.now();
  }

  /** It is done: true when it is time. */
  isDue(): boolean {
    this.spent += this.now() - this.began;
    const isDue = ++this.done % this.most === 0 || this.spent >= MOST_MS;
    if (isDue) this.spent = 0;
    return isDue;
  }
}
