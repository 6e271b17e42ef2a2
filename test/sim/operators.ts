/**
 * People who look after what failed or stayed unknown: they look it up at the provider, ask again, or pay by other ways. What nothing else
 * ends they take off the list of what a person must look at.
 */
import type { ProviderAnswer } from '../../actors/gateway/answer.ts';
import type { Heard } from './heard.ts';
import type { Random } from './random.ts';
import type { Terminal } from './terminal.ts';
import type { World } from './world.ts';

const LATEST_MS = 8000;
const UNTIL_MS = 50_000;

/** Said of what a person found. */
const LOOKED_UP = 'looked-up';

/** Said when the provider is asked no more. */
const GIVEN_UP = ['attempts-exhausted', 'key-too-old'];

/** The provider's own. */
interface ProviderBooks {
  lookup(key: string): ProviderAnswer | undefined;
  failedForCertain(key: string): boolean;
}

export class Operators {
  private readonly world: World;
  private readonly terminal: Terminal;
  private readonly random: Random;
  private readonly books: ProviderBooks;
  private readonly endsAt: number;

  constructor(world: World, terminal: Terminal, random: Random, books: ProviderBooks) {
    this.world = world;
    this.terminal = terminal;
    this.random = random;
    this.books = books;
    this.endsAt = world.time.now + UNTIL_MS;
  }

  hear({ origin, entity, id, name, payload }: Heard): void {
    if (origin !== undefined || entity !== 'order' || this.world.time.now > this.endsAt) return;
    this.seeTo(id, name, payload);
    const { entry, code, gatewayReference } = payload as { entry?: string; code?: string; gatewayReference?: string };
    if (entry === undefined) return;
    if (name === 'refund-by-hand') this.payByHand(id, entry);
    else if (name.endsWith('-unknown')) this.lookUp(id, entry, GIVEN_UP.includes(code ?? ''));
    else if (!name.endsWith('-failed')) return;
    else if (gatewayReference === undefined || code === LOOKED_UP) this.askAgain(id, entry, name);
    else if (this.random.chance(0.6)) this.lookUpLate(id, entry);
  }

  /** Sometimes before he may: the provider is still being asked. */
  private lookUp(order: string, entry: string, isGivenUp: boolean): void {
    if (!isGivenUp && !this.random.chance(0.1)) return;
    this.later(() => {
      const known = this.books.lookup(entry);
      if (known?.answer === 'ok') {
        this.say(order, 'confirm', { entry, gatewayReference: known.gatewayReference });
      } else if (
        known?.answer !== 'declined' ||
        known.gatewayReference === undefined ||
        this.books.failedForCertain(entry)
      ) {
        // Not of what came back and may be taken after all: heard when that is known, it would be the word of who knows that it will not.
        this.say(order, 'fail', { entry, reason: 'the provider knows nothing of it' });
      }
    });
  }

  /** What failed late, he looks up before he asks for it again. */
  private lookUpLate(order: string, entry: string): void {
    this.later(() => {
      if (this.books.failedForCertain(entry)) this.say(order, 'fail', { entry, reason: 'it came back' });
      else this.say(order, 'retry', { entry });
    });
  }

  private askAgain(order: string, entry: string, name: string): void {
    const { random } = this;
    if (name === 'refund-failed' && random.chance(0.25)) {
      this.later(() => this.say(order, 'settle-refund', { entry, reference: `bank-${entry}`, reason: 'card closed' }));
    } else if (name === 'capture-failed' && random.chance(0.4)) {
      this.later(() => this.say(order, 'request-payment', { entry }));
    } else if (random.chance(0.4)) this.later(() => this.say(order, 'retry', { entry }));
  }

  /** Sometimes the gateway is asked first, which can't do it. */
  private payByHand(order: string, entry: string): void {
    if (this.random.chance(0.1)) this.later(() => this.say(order, 'retry', { entry }));
    if (!this.random.chance(0.7)) return;
    this.later(() => this.say(order, 'settle-refund', { entry, reference: `cash-${entry}`, reason: 'paid at a till' }));
  }

  private seeTo(order: string, name: string, payload: Heard['payload']): void {
    for (const attention of raisedBy(name, payload)) {
      if (!this.random.chance(name === 'captured' ? 0.1 : 0.6)) continue;
      const about = this.random.chance(0.5) && typeof payload.fulfilment === 'string' ? payload.fulfilment : undefined;
      this.later(() => this.say(order, 'resolve', { attention, ...(about ? { about } : {}), note: 'seen to' }));
    }
  }

  private later(run: () => void): void {
    this.world.expect(this.random.between(50, LATEST_MS), run);
  }

  private say(id: string, name: string, payload: object): void {
    this.terminal.send({ origin: 'ops-sim', entity: 'order', id, name }, payload);
  }
}

/** What ends by their word alone, and sometimes what does not. */
function raisedBy(name: string, { late, missing }: Heard['payload']): string[] {
  if (name === 'sold') return [...(late ? ['late-ticket'] : []), ...(missing ? ['exchange-missing'] : [])];
  if (name === 'unfulfillable') return ['no-store-can-fulfil'];
  if (name === 'captured') return ['store-account-missing'];
  return name === 'gateway-mismatch' || /^(capture|payout|refund)-failed$/.test(name) ? [name] : [];
}
