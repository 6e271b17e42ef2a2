/** Time that moves from one event to the next. Between two events everything that was promised settles. */

interface Event {
  at: number;
  /** Of two events at one time the one that was set first comes first. */
  order: number;
  run: (() => void) | undefined;
}

export class VirtualTime {
  now: number;
  /** Events that came to pass. */
  passed = 0;
  private readonly heap: Event[] = [];
  private set = 0;

  constructor(start: number) {
    this.now = start;
  }

  /** The function that is returned cancels it. */
  after(ms: number, run: () => void): () => void {
    const event: Event = { at: this.now + Math.max(0, ms), order: this.set++, run };
    this.push(event);
    return () => {
      event.run = undefined;
    };
  }

  /** Lets the next event happen, and resolves when all that it set off has settled. To be called behind an `await`: see `settled`. */
  step(): Promise<void> {
    let event = this.pop();
    while (event && !event.run) event = this.pop();
    if (event?.run) {
      this.now = event.at;
      this.passed++;
      event.run();
    }
    return settled();
  }

  private push(event: Event): void {
    const { heap } = this;
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (!above || isBefore(above, event)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = event;
  }

  private pop(): Event | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      const child = this.earlierChild(index);
      const below = heap[child];
      if (!below || isBefore(last, below)) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = last;
    return first;
  }

  private earlierChild(index: number): number {
    const left = 2 * index + 1;
    const [one, other] = [this.heap[left], this.heap[left + 1]];
    return one && other && isBefore(other, one) ? left + 1 : left;
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

/**
 * All microtasks have run, however many of them set off others: a tick that one of them asks for comes after them, and without a
 * round of the event loop.
 */
function settled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
