/** The people in the stores: they take, refuse or forget what they are given, find less than there should be, hand over. */
import type { OrderCommands } from '../../protocols/commands.ts';
import { exactOrder, firstUnits } from './exact-amounts.ts';
import type { Heard } from './heard.ts';
import type { Random } from './random.ts';
import type { Outcome, Terminal } from './terminal.ts';
import type { World } from './world.ts';

export interface Units {
  line: string;
  quantity: number;
}

interface Work {
  order: string;
  fulfilment: string;
  store: string;
  mode: string;
  lines: Units[];
  random: Random;
  tries: number;
}

const MOST_TRIES = 8;

export class Clerks {
  private readonly world: World;
  private readonly terminal: Terminal;
  private readonly random: Random;
  private readonly known = new Set<string>();
  private readonly placeOf: (order: string) => OrderCommands['place'] | undefined;
  private tickets = 0;

  constructor(
    world: World,
    terminal: Terminal,
    random: Random,
    placeOf: (order: string) => OrderCommands['place'] | undefined,
  ) {
    this.world = world;
    this.terminal = terminal;
    this.random = random;
    this.placeOf = placeOf;
  }

  hear({ origin, name, payload }: Heard): void {
    if (origin === undefined || name !== 'assigned') return;
    const { order, fulfilment, mode, accepted, lines } = payload as unknown as Work & { accepted: boolean };
    if (this.known.has(fulfilment)) return;
    this.known.add(fulfilment);
    const random = this.random.fork(fulfilment);
    const work: Work = { order, fulfilment, mode, store: origin, random, tries: 0, lines: lines.map(units) };
    this.later(work, () => (accepted ? this.prepare(work) : this.decide(work)));
  }

  private decide(work: Work): void {
    const { random } = work;
    if (random.chance(0.07)) return;
    if (random.chance(0.08)) this.say(work, 'decline', { reason: 'no time' });
    else if (random.chance(0.15)) this.prepare(work);
    else this.say(work, 'accept', {}, () => this.prepare(work));
  }

  private prepare(work: Work): void {
    const { random } = work;
    if (random.chance(0.03)) return;
    if (random.chance(0.15)) {
      const missing = someOf(work.lines, random);
      this.say(work, 'short-pick', { lines: missing }, (outcome) => {
        if (outcome.outcome === 'applied') work.lines = without(work.lines, missing);
        this.makeReady(work);
      });
    } else this.makeReady(work);
  }

  private makeReady(work: Work): void {
    const { random } = work;
    if (work.lines.length === 0) return;
    if (work.mode === 'reserve-and-collect' && random.chance(0.4)) this.sellSometime(work);
    else if (random.chance(0.25)) {
      const first = someOf(work.lines, random);
      this.say(work, 'ready', { lines: first }, () => this.readyAll(work));
    } else if (random.chance(0.15) && work.mode !== 'reserve-and-collect') {
      this.say(work, 'ready', { lines: this.weigh(work) }, () => this.readyAll(work));
    } else this.readyAll(work);
  }

  /** Some goods are sold by weight: about what was planned, sometimes far more. */
  private weigh({ order, lines, random }: Work): object[] {
    const place = this.placeOf(order);
    const exact = place && exactOrder(place);
    return someOf(lines, random).map(({ line, quantity }) => {
      const item = exact?.lines.find((known) => known.line === line);
      const planned = item ? Number(firstUnits(item.gross, item.quantity, Math.min(quantity, item.quantity))) : 0;
      const percent = random.chance(0.1) ? random.between(0, 300) : random.between(90, 108);
      return { line, quantity, amount: Math.floor((planned * percent) / 100) };
    });
  }

  private readyAll(work: Work): void {
    this.say(work, 'ready', {}, () =>
      work.mode === 'reserve-and-collect' ? this.sellSometime(work) : this.handOver(work),
    );
  }

  /** Tries until it is paid for, as long as anybody waits at the counter. Some never come, some refuse what they see. */
  private handOver(work: Work): void {
    if (++work.tries > MOST_TRIES) return;
    const { random } = work;
    const isShipped = work.mode === 'ship';
    if (!isShipped && random.chance(0.15)) return;
    const taken =
      !isShipped && random.chance(0.25) ? { lines: someOf(work.lines, random).filter(() => random.chance(0.8)) } : {};
    this.say(work, isShipped ? 'ship' : 'collect', taken, ({ code }) => {
      if (code === 'not-funded') this.handOver(work);
    });
  }

  /** A till that was offline tells of its tickets when the reservation has run out. */
  private sellSometime(work: Work): void {
    if (work.random.chance(0.25)) this.world.expect(work.random.between(8000, 30_000), () => this.sell(work));
    else this.sell(work);
  }

  private sell(work: Work): void {
    const place = this.placeOf(work.order);
    if (!place) return;
    const { random } = work;
    const exact = exactOrder(place);
    const wanted = random.chance(0.3) ? someOf(work.lines, random) : work.lines;
    const lines = wanted.map(({ line, quantity }) => {
      const item = exact.lines.find((known) => known.line === line);
      const full = item ? Number(firstUnits(item.gross, item.quantity, Math.min(quantity, item.quantity))) : 0;
      // The units that are sold may be dearer by a minor unit than these, never by more than one each.
      const amount = Math.max(
        0,
        full - (random.chance(0.2) ? random.between(1, 100) : random.chance(0.5) ? quantity : 0),
      );
      return { line, quantity, amount };
    });
    const amount = lines.reduce((sum, line) => sum + line.amount, 0) + (random.chance(0.05) ? 1 : 0);
    const ticket = `T${++this.tickets}`;
    // Whether the return has paid by then, nobody at the till can know.
    const exchanged = place.exchange && random.chance(0.6) ? Math.min(amount, place.exchange.amount) : 0;
    const tenders = [
      { kind: 'cash', amount: amount - exchanged },
      ...(exchanged > 0 ? [{ kind: 'exchange', amount: exchanged }] : []),
    ];
    this.say(work, 'sell', { ticket, lines, tenders }, ({ code }) => {
      if ((code === 'wrong-amount' || code === 'not-funded') && ++work.tries < 5) this.sell(work);
    });
  }

  private say(work: Work, name: string, payload: object, then?: (outcome: Outcome) => void): void {
    const { random, store, fulfilment, order } = work;
    const origin = random.chance(0.95) ? store : 'ops-sim';
    const named = random.chance(0.9) || origin !== store ? { fulfilment } : {};
    const next = then && ((outcome: Outcome) => this.later(work, () => then(outcome)));
    this.terminal.send({ origin, entity: 'order', id: order, name }, { ...named, ...payload }, next);
  }

  private later({ random }: Work, run: () => void): void {
    this.world.expect(random.chance(0.1) ? random.between(1000, 20_000) : random.between(5, 1500), run);
  }
}

const units = ({ line, quantity }: Units): Units => ({ line, quantity });

export function someOf(lines: readonly Units[], random: Random): Units[] {
  const some = lines
    .filter(() => random.chance(0.6))
    .map(({ line, quantity }) => ({ line, quantity: random.between(1, quantity) }));
  return some.length > 0 ? some : lines.slice(0, 1);
}

function without(lines: readonly Units[], gone: readonly Units[]): Units[] {
  const missing = new Map(gone.map(({ line, quantity }) => [line, quantity]));
  return lines
    .map(({ line, quantity }) => ({ line, quantity: quantity - (missing.get(line) ?? 0) }))
    .filter(({ quantity }) => quantity > 0);
}
