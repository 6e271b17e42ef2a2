/** What goes wrong, and how often. A seed has its own mixture: calm ones, and ones where nearly everything fails. */
import type { Random } from './random.ts';

/** Probabilities of one chance each. */
const MOST = {
  /** The node dies with the commit computed, nothing sent. */
  'before-commit': 0.02,
  /** The commit happens, the node dies before it hears of it. */
  'after-commit': 0.02,
  /** The commit happens, its answer is lost. */
  'lost-answer': 0.05,
  /** The commit never arrives. */
  'lost-request': 0.05,
  /** The commit arrives after its sender stopped waiting for it. */
  'late-request': 0.05,
  /** A read of the store fails. */
  'failed-read': 0.02,
  /** What a node reads of a partition ends: it has to begin anew. */
  'unreadable-log': 0.005,
  /** The node dies between a call of the gateway and the delivery of its result. */
  'before-result': 0.03,
  /** A result is delivered again, later. */
  'doubled-result': 0.15,
  /** A result is stored, but who delivered it is not told. */
  'unsure-result': 0.08,
  /** A terminal doubts that its command arrived, and sends it again. */
  'doubled-command': 0.12,
  /** The same, long after the server's duplicate window. */
  'late-double': 0.12,
  /** A terminal hears the same message twice. */
  'doubled-notice': 0.1,
  /** A message takes very long. */
  straggler: 0.05,
} as const;

/** Chances a virtual second. */
const MOST_PER_SECOND = {
  /** A node stands still for a while and goes on as if nothing had happened. */
  pause: 0.08,
  /** A node dies for no reason. */
  crash: 0.04,
  /** The others believe that a live node is gone. */
  'false-death': 0.1,
  /** The pin of the gateway account moves to another node. */
  'moved-pin': 0.05,
} as const;

export type Fault = keyof typeof MOST | keyof typeof MOST_PER_SECOND;

export class Faults {
  readonly counts = new Map<string, number>();
  private readonly random: Random;
  private readonly probabilities = new Map<Fault, number>();
  private calm = false;

  constructor(random: Random, free = false) {
    this.random = random;
    const wild = free ? 0 : random.next();
    for (const [fault, most] of Object.entries({ ...MOST, ...MOST_PER_SECOND })) {
      const share = random.chance(0.3) ? 0 : random.next() * 2;
      this.probabilities.set(fault as Fault, most * share * wild);
    }
  }

  happens(fault: Fault): boolean {
    const happens = this.random.chance(this.probabilities.get(fault) ?? 0) && !this.calm;
    if (happens) this.count(fault);
    return happens;
  }

  /** The first of these that happens. */
  firstOf<Named extends Fault>(...faults: Named[]): Named | undefined {
    return faults.find((fault) => this.happens(fault));
  }

  /** From now on nothing goes wrong, so that everything that is to happen does. */
  end(): void {
    this.calm = true;
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}
