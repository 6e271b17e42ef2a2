import { without } from '../../../supervisor/sample/clerk.ts';
import { hear } from '../../../supervisor/sample/hear.ts';
import type { Journey } from '../../../supervisor/sample/journey.ts';
import { NETWORK } from '../../../supervisor/sample/network.ts';
import { JOURNEY_START, type JourneyState, react } from '../../../supervisor/sample/react.ts';
import type { SampleCommand } from '../../../supervisor/sample/sample-command.ts';

type Units = { line: string; quantity: number };
type Said = [subject: string, payload: object];

/** Stands in for the system: does what it is asked, at once, and gives what a store sends back to the next one. */
export class ToySystem {
  readonly sent: SampleCommand[] = [];
  readonly captured = new Set<string>();
  #work = new Map<string, { store: string; lines: Units[]; open: boolean }>();
  readonly #order: string;
  readonly #journey: Journey;
  readonly #store: string;
  /** How often each message is delivered. */
  readonly #deliveries: number;

  constructor(journey: Journey, store: string, deliveries: number) {
    this.#journey = journey;
    this.#order = journey.placed.order;
    this.#store = journey.placed.place.collectAt ?? store;
    this.#deliveries = deliveries;
  }

  run(): JourneyState {
    let state = JOURNEY_START;
    const toSend = [this.#journey.place];
    for (let command = toSend.shift(); command !== undefined; command = toSend.shift()) {
      this.sent.push(command);
      for (const [subject, payload] of this.#answer(command)) {
        for (let n = 0; n < this.#deliveries; n += 1) {
          const heard = hear(subject, payload);
          if (heard === undefined) throw new Error(`${subject} is not heard`);
          const reaction = react(this.#journey, state, heard);
          state = reaction.state;
          toSend.push(...reaction.commands);
        }
      }
    }
    return state;
  }

  #answer({ subject, id, payload }: SampleCommand): Said[] {
    const [, origin = '', entity = '', entityId = '', name = ''] = subject.split('.');
    const outcome: Said = [`out.${origin}.${entity}.${entityId}.${name}`, { command: id, outcome: 'applied' }];
    if (entity === 'return') return [outcome];
    return [outcome, ...this.#consequences(name, payload as { fulfilment?: string; lines?: Units[] })];
  }

  #consequences(name: string, payload: { fulfilment?: string; lines?: Units[] }): Said[] {
    const work = this.#work.get(payload.fulfilment ?? '');
    if (name === 'place') return [this.#assign(this.#store, this.#journey.placed.place.lines)];
    if (name === 'cancel') return payload.lines ? [] : this.#cancelAll();
    if (work === undefined) throw new Error(`${name} names no work`);
    if (name === 'decline') {
      work.open = false;
      return [this.#assign(this.#next(), work.lines)];
    }
    if (name === 'short-pick') {
      const missing = payload.lines ?? [];
      work.open = without(work.lines, missing).length > 0;
      return [this.#assign(this.#next(), missing)];
    }
    if (name === 'ready' && this.#journey.placed.place.payment) return [this.#capture(payload.fulfilment ?? '')];
    if (['ship', 'collect', 'sell'].includes(name)) work.open = false;
    return [...this.#work.values()].some(({ open }) => open) ? [] : [this.#event('fulfilled', {})];
  }

  /** Nobody is asked twice. */
  #next(): string {
    const asked = new Set([...this.#work.values()].map(({ store }) => store));
    const next = NETWORK.find(({ id }) => !asked.has(id));
    if (next === undefined) throw new Error(`everybody was asked for ${this.#order}`);
    return next.id;
  }

  #assign(store: string, lines: readonly Units[]): Said {
    const fulfilment = `${this.#order}-${this.#work.size + 1}`;
    this.#work.set(fulfilment, { store, lines: [...lines], open: true });
    return [`out.${store}.order.${this.#order}.assigned`, { fulfilment, lines }];
  }

  #capture(fulfilment: string): Said {
    this.captured.add(fulfilment);
    return this.#event('captured', { fulfilment });
  }

  #cancelAll(): Said[] {
    const withdrawn = [...this.#work].map(
      ([fulfilment, { store }]): Said => [`out.${store}.order.${this.#order}.withdrawn`, { fulfilment }],
    );
    return [...withdrawn, this.#event('cancelled', {})];
  }

  #event(name: string, payload: object): Said {
    return [`event.order.${this.#order}.${name}`, payload];
  }
}
