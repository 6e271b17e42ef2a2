/** Looks at everything that is stored, as it is stored, and again when nothing moves any more. */
import type { StoreRecord } from '../../actors/store/record.ts';
import { storeActor } from '../../actors/store/store.ts';
import { decode } from '../../protocols/codec.ts';
import type { OrderCommands } from '../../protocols/commands.ts';
import type { RuleBook } from '../../protocols/commission.ts';
import type { GatewayRequest } from '../../protocols/gateway.ts';
import { decodeBatch } from '../../supervisor/gateway/simulator-entry.ts';
import { SimulatorState } from '../../supervisor/gateway/simulator-state.ts';
import type { Cursor } from '../../supervisor/turn/ports.ts';
import { accountOf, type ProviderLog } from './gateway-host.ts';
import type { Heard } from './heard.ts';
import { isRequest, type Stored } from './memory-server.ts';
import { checkDebts, checkMoney } from './money-at-rest.ts';
import { checkOrder, checkStep, type StoredOrder } from './order-invariants.ts';
import { OutcomeInvariants } from './outcome-invariants.ts';
import { RevisionInvariants } from './revision-invariants.ts';
import { RowInvariants } from './row-invariants.ts';
import { checkFee } from './shipping-fee.ts';
import { checkReservations, checkStock } from './stock-invariants.ts';
import { StoreViews } from './store-views.ts';
import type { World } from './world.ts';

export interface Watched {
  world: World;
  provider: ProviderLog;
  /** What was ordered, by order. */
  places: ReadonlyMap<string, OrderCommands['place']>;
  /** That orders are under. */
  rules: RuleBook;
}

export class Invariants {
  readonly violations: string[] = [];
  private readonly watched: Watched;
  private readonly outcomes = new OutcomeInvariants();
  private readonly revisions = new RevisionInvariants();
  private readonly rows = new RowInvariants();
  private readonly stores = new StoreViews();
  private readonly cursors = new Map<string, Cursor>();
  private readonly orders = new Map<string, StoredOrder>();
  /** By the commit that is not checked yet. */
  private requests: { account: string | undefined; request: GatewayRequest }[] = [];
  private readonly state = new SimulatorState();
  private applied = 0;

  constructor(watched: Watched) {
    this.watched = watched;
  }

  violated(what: string): void {
    this.violations.push(what);
    this.watched.world.say('violated', what);
  }

  stored(message: Stored, replaced: Stored | undefined): void {
    const [kind, , what] = message.tokens;
    if (kind === 'cursor') this.checkCursor(message);
    const error = message.headers['Tillwire-Error'] ?? '';
    if (kind === 'live' && what === 'dead' && !error.startsWith('not '))
      this.violated(`${message.key} is dead: ${error}`);
    if (replaced && isOnce(message)) this.violated(`${message.key} was stored twice`);
  }

  asked({ tokens: [, account, kind] }: Stored, request: GatewayRequest): void {
    if (kind !== 'control') this.requests.push({ account, request });
  }

  heard(heard: Heard): void {
    this.outcomes.heard(heard);
    this.all(this.rows.heard(heard), 'report');
    this.all(this.stores.heard(heard), heard.id);
    const to = heard.origin === undefined ? 'event' : `→ ${heard.origin}`;
    const { outcome = '', code = '', command = '', entry = '', fulfilment = '' } = heard.payload;
    const rest = [command, outcome, code, fulfilment, entry].filter(Boolean).join(' ');
    this.watched.world.say('says', `${to} ${heard.entity} ${heard.id} ${heard.name} ${rest}`);
  }

  committed(messages: readonly Stored[]): void {
    const stores = new Set<string>();
    for (const { tokens, bytes } of messages) {
      const [entity = '', id = ''] = tokens;
      if (entity === 'order') this.checkOrder(id, decode(bytes, 'msgpack') as StoredOrder);
      if (entity === 'store') stores.add(id);
      else this.checkRevision(entity, id);
    }
    // A store and its pages are one thing, and all of them are there by now.
    for (const id of stores) {
      this.all(checkStock(this.store(id)), id);
      this.checkRevision('store', id);
    }
    for (const { account, request } of this.requests) this.checkReserved(account, request);
    this.requests = [];
  }

  /** No late failure of the provider that is still to come, or to be told. */
  providerIsQuiet(): boolean {
    this.catchUp();
    return this.state.lateNews().size === 0;
  }

  /** How the provider behaved, of each of its calls. */
  behaviours(): string[] {
    this.catchUp();
    return this.state.journal().calls.map(({ outcome }) => outcome);
  }

  atRest(): void {
    this.catchUp();
    const { server, time } = this.watched.world;
    const orders = [...this.orders.values()];
    const stores = server.idsOf('store').map((id) => this.store(id));
    this.all(this.outcomes.check(server.commands), 'outcomes');
    this.all(checkMoney(orders, this.state.journal(), time.now), 'money');
    this.all(checkDebts(orders, stores), 'debts');
    this.all(this.rows.atRest(orders, this.state.journal()), 'report');
    this.all(this.rows.replayed(this.watched.rules), 'replay');
    this.all(checkReservations(orders, stores), 'stock');
    this.all(this.stores.atRest(stores), 'views');
  }

  private all(violations: readonly string[], about: string): void {
    for (const violation of violations) this.violated(`${about}: ${violation}`);
  }

  /** Positions never go back. */
  private checkCursor({ key, bytes }: Stored): void {
    const cursor = decode(bytes, 'msgpack') as Cursor;
    const before = this.cursors.get(key);
    if (before && (cursor.commands < before.commands || cursor.sends < before.sends)) {
      this.violated(`${key} went from ${before.commands}, ${before.sends} to ${cursor.commands}, ${cursor.sends}`);
    }
    this.cursors.set(key, cursor);
  }

  private checkOrder(id: string, order: StoredOrder): void {
    // It is not there, and remembers commands.
    if (order.state === 'absent') return;
    const before = this.orders.get(id);
    const place = this.watched.places.get(id);
    this.orders.set(id, order);
    if (!place) return;
    this.all([...checkOrder(order, place), ...checkFee(order)], id);
    this.all(this.rows.check(order), id);
    if (before) this.all(checkStep(before, order), id);
  }

  private checkRevision(entity: string, id: string): void {
    this.all(this.revisions.committed(entity, id, this.watched.world.server.record(entity, id)), id);
  }

  /** What is asked of the gateway is in the ledger by the same commit. */
  private checkReserved(account: string | undefined, { key, order, amount, kind, transaction }: GatewayRequest): void {
    const entry = this.orders.get(order)?.ledger.find((known) => known.key === key);
    if (entry?.amount !== amount || entry.kind !== kind) {
      this.violated(`${key} asks for ${amount}, ${entry?.amount ?? 'nothing'} is reserved`);
    }
    if (account !== accountOf(transaction)) this.violated(`${key} of ${transaction} is asked of ${account}`);
  }

  private store(id: string): StoreRecord {
    const snapshot = storeActor.load(this.watched.world.server.record('store', id));
    if (!snapshot) throw new Error(`no record of ${id}`);
    return storeActor.read(snapshot).record;
  }

  private catchUp(): void {
    const { messages } = this.watched.provider;
    for (const bytes of messages.slice(this.applied)) {
      for (const entry of decodeBatch(bytes).entries) this.state.apply(entry);
    }
    this.applied = messages.length;
  }
}

/** Messages, as against records, cursors and timers; a result may be stored again, and is the same. */
function isOnce(message: Stored): boolean {
  const [kind, , , , name] = message.tokens;
  return kind === 'live' || isRequest(message) || (kind === 'send' && name !== 'gateway-result');
}
