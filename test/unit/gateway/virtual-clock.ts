import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../../supervisor/clock.ts';

interface Timer {
  at: number;
  order: number;
  run: () => void;
}

/** Time that moves only when a test says so. Between two timers everything that was promised settles. */
export class VirtualClock implements Clock {
  private time: number;
  private readonly start: number;
  private setBy = 0;
  private timers: Timer[] = [];
  private set = 0;

  constructor(start = Date.parse('2026-11-22T09:00:00Z')) {
    this.time = start;
    this.start = start;
  }

  now(): number {
    return this.time + this.setBy;
  }

  elapsed(): number {
    return this.time - this.start;
  }

  /** As an operator sets a clock: nothing is due earlier or later. */
  setClockBy(ms: number): void {
    this.setBy += ms;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.time + ms, order: this.set++, run };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  async advance(ms: number): Promise<void> {
    const until = this.time + ms;
    await setImmediate();
    for (let next = this.nextUntil(until); next; next = this.nextUntil(until)) {
      this.time = next.at;
      this.timers = this.timers.filter((other) => other !== next);
      next.run();
      await setImmediate();
    }
    this.time = until;
  }

  private nextUntil(until: number): Timer | undefined {
    const due = this.timers.filter(({ at }) => at <= until);
    return due.sort((a, b) => a.at - b.at || a.order - b.order)[0];
  }
}
