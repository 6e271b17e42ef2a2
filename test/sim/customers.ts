/** Orders, second thoughts about them, and goods that come back. */
import type { OrderCommands } from '../../protocols/commands.ts';
import { authorisable } from './amount-steps.ts';
import { someOf, type Units } from './clerks.ts';
import { exactOrder } from './exact-amounts.ts';
import { paidByReturn } from './exchanges.ts';
import { ACCOUNT, accountOf } from './gateway-host.ts';
import type { Heard } from './heard.ts';
import type { Random } from './random.ts';
import { SKUS } from './shops.ts';
import type { Outcome, Terminal } from './terminal.ts';
import type { World } from './world.ts';

type Place = OrderCommands['place'];
type Payment = NonNullable<Place['payment']>;

const FIRST_ORDER_MS = 1500;
const LAST_ORDER_MS = 30_000;
const TAX_RATES = ['0', '0.2', '0.055', '0.08875', '0.19', '1'] as const;
/** Taken when the order is placed, or later. */
const AT_ONCE = ['ideal', 'bancontact', 'swish'] as const;
const LATER = ['visa', 'visa', 'mastercard', 'klarna', 'apple-pay'] as const;
const PRICES: Record<string, number> = { JPY: 20_000, EUR: 9000, KWD: 30_000, CLF: 50_000 };

export class Customers {
  readonly places = new Map<string, Place>();
  private readonly world: World;
  private readonly terminal: Terminal;
  private readonly random: Random;
  private readonly stores: readonly string[];
  private returns = 0;
  private exchanges = 0;

  constructor(world: World, terminal: Terminal, random: Random, stores: readonly string[]) {
    this.world = world;
    this.terminal = terminal;
    this.random = random;
    this.stores = stores;
  }

  start(orders: number): void {
    for (let number = 1; number <= orders; number++) {
      const id = `A${number}`;
      const random = this.random.fork(id);
      const at = random.between(FIRST_ORDER_MS, LAST_ORDER_MS);
      const place = this.newOrder(random, this.world.time.now + at);
      this.places.set(id, place);
      this.world.expect(at, () => this.order(id, 'place', place, random));
      this.secondThoughts(id, at, random, place);
    }
  }

  /** What was handed over may come back, and what is requested may be paid. */
  hear({ origin, entity, id, name, payload }: Heard): void {
    if (origin === undefined && entity === 'order' && name === 'payment-requested') this.pay(id, payload);
    if (origin !== undefined || entity !== 'order' || (name !== 'handed-over' && name !== 'sold')) return;
    const place = this.places.get(id);
    const random = this.random.fork(`${id} ${String(payload.fulfilment)} back`);
    if (!place || !random.chance(0.5)) return;
    const lines = someOf(place.lines, random);
    this.world.expect(random.between(100, 20_000), () => this.giveBack(id, lines, random));
  }

  /** Sometimes too little, sometimes when nobody asks any more, sometimes twice. */
  private pay(id: string, { request, amount }: Heard['payload']): void {
    const random = this.random.fork(`${id} ${String(request)} paid`);
    if (!random.chance(0.6)) return;
    const transaction = `paid_${String(request)}`;
    const given = Number(amount) - (random.chance(0.1) ? 1 : 0);
    const payload = { request, amount: Math.max(1, given), account: ACCOUNT, method: 'ideal', transaction };
    const to = { origin: 'ops-sim', entity: 'order', id, name: 'paid' };
    this.world.expect(random.between(10, 8000), () => this.terminal.send(to, payload));
    if (!random.chance(0.2)) return;
    const again = { ...payload, transaction: `${transaction}_again` };
    this.world.expect(random.between(10, 20_000), () => this.terminal.send(to, again));
  }

  private newOrder(random: Random, at: number, wanted?: string): Place {
    const fulfilment = random.pick(['ship', 'ship', 'ship', 'click-and-collect', 'reserve-and-collect'] as const);
    const currency = wanted ?? random.pick(Object.keys(PRICES));
    const lines = Array.from({ length: random.chance(0.05) ? 12 : random.between(1, 4) }, (_, index) =>
      this.newLine(random, String(index + 1), PRICES[currency] ?? 1),
    );
    const value = lines.reduce(
      (sum, { unitPrice, quantity, discount }) => sum + unitPrice * quantity - (discount ?? 0),
      0,
    );
    const collectAt = fulfilment === 'ship' ? undefined : random.pick(this.stores);
    const place: Place = {
      channel: 'web',
      currency,
      placedAt: new Date(at).toISOString(),
      fulfilment,
      taxIncluded: random.chance(0.6),
      ...(collectAt === undefined ? { lines } : { lines: pinnedTo(collectAt, lines, random), collectAt }),
      ...(random.chance(0.4) ? { discount: random.between(0, Math.floor(value / 2)) } : {}),
      ...(fulfilment === 'ship' && random.chance(0.7)
        ? { shipping: { amount: random.between(0, 900), taxRate: random.pick(TAX_RATES) } }
        : {}),
    };
    if (fulfilment === 'reserve-and-collect') return place;
    const payment = this.payment(place, random, at);
    return random.chance(0.2) ? { ...place, payments: withGiftCard(place, payment, random) } : { ...place, payment };
  }

  private newLine(random: Random, line: string, dearest: number): Place['lines'][number] {
    const unitPrice = random.chance(0.05) ? 0 : random.between(1, dearest);
    const quantity = random.chance(0.1) ? random.between(5, 25) : random.between(1, 4);
    return {
      line,
      sku: random.pick(SKUS),
      quantity,
      unitPrice,
      taxRate: random.pick(TAX_RATES),
      ...(random.chance(0.2) ? { discount: random.between(0, unitPrice) } : {}),
      ...(random.chance(0.1) ? { store: random.pick(this.stores) } : {}),
    };
  }

  private payment(place: Place, random: Random, at: number): Payment {
    const total = Number(exactOrder(place).total);
    const settled = random.chance(0.1);
    const more = random.chance(0.2) ? random.between(1, 5000) : 0;
    const method = random.pick(settled ? AT_ONCE : LATER);
    const wanted = random.chance(0.03) ? Math.max(0, total - 1) : total + more;
    const authorised = authorisable(wanted, method, place.currency, random);
    const short = random.chance(0.25);
    const until = at + (short ? random.between(3000, 60_000) : 7 * 24 * 3_600_000);
    return {
      account: ACCOUNT,
      method,
      transaction: `pi_${place.placedAt}_${random.between(0, 1e9)}`,
      authorised,
      authorisedAt: new Date(at).toISOString(),
      ...(random.chance(0.3) && !short ? {} : { captureBefore: new Date(until).toISOString() }),
      ...(settled ? { captured: authorised } : random.chance(0.6) ? { credential: 'stored' } : {}),
    };
  }

  private secondThoughts(id: string, at: number, random: Random, place: Place): void {
    const later = (probability: number, name: string, payload: () => object) => {
      if (!random.chance(probability)) return;
      this.world.expect(at + random.between(0, 25_000), () => this.order(id, name, payload(), random));
    };
    later(0.12, 'cancel', () => ({ reason: 'changed my mind' }));
    later(0.15, 'cancel', () => ({ lines: someOf(place.lines, random) }));
    later(0.05, 'cancel', () => ({ lines: [{ line: '1', quantity: 1 }] }));
    later(0.12, 'refund', () => ({ amount: random.between(1, 3000), reason: 'goodwill' }));
    later(0.12, 'refund', () => ({ amount: random.between(1, 3000), line: '1', reason: 'scratched' }));
    if (random.chance(0.1)) {
      const held = at + random.between(0, 5000);
      this.world.expect(held, () => this.order(id, 'hold', { reason: 'fraud review' }, random));
      this.world.expect(held + random.between(100, 15_000), () => this.order(id, 'release', {}, random));
    }
  }

  private order(id: string, name: string, payload: object, random: Random): void {
    const ops = name === 'hold' || name === 'release' || name === 'refund' || random.chance(0.1);
    this.terminal.send({ origin: ops ? 'ops-sim' : 'channel-web', entity: 'order', id, name }, payload);
  }

  /** What he wants in the place of what he gives back: the return pays, before or after it came. Its id. */
  private orderInstead(order: string, returned: string, random: Random): string {
    const id = `E${++this.exchanges}`;
    const old = this.places.get(order);
    const currency = random.chance(0.95) ? old?.currency : undefined;
    const at = random.between(0, 12_000);
    const place = paidByReturn(this.newOrder(random, this.world.time.now + at, currency), order, returned, random);
    this.places.set(id, place);
    if (random.chance(0.9)) this.world.expect(at, () => this.order(id, 'place', place, random));
    if (random.chance(0.3)) this.secondThoughts(id, at, random, place);
    return id;
  }

  private giveBack(order: string, lines: Units[], random: Random): void {
    const id = `R${++this.returns}`;
    const by = random.pick(['store', 'mail'] as const);
    const origin = by === 'mail' ? 'channel-web' : random.pick(this.stores);
    const counter = by === 'mail' && random.chance(0.5) ? 'ops-sim' : random.pick(this.stores);
    const say = (from: string, name: string, payload: object, then?: (outcome: Outcome) => void) => {
      const next = then && ((outcome: Outcome) => this.world.expect(random.between(10, 3000), () => then(outcome)));
      this.terminal.send({ origin: from, entity: 'return', id, name }, payload, next);
    };
    const receive = (): void => {
      if (random.chance(0.1)) {
        say(origin, 'cancel', {});
        return;
      }
      const some = random.chance(0.7) ? lines : someOf(lines, random);
      // With one more of everything than he said, which he may not even have.
      const extra = some.map(({ line, quantity }) => ({ line, quantity: quantity + 1 }));
      if (!random.chance(0.2)) arrive(some);
      else arrive(extra, () => arrive(some));
    };
    const arrive = (came: readonly Units[], refused?: () => void): void => {
      say(counter, 'receive', { lines: came.map(({ line, quantity }) => ({ line, quantity })) }, ({ outcome }) => {
        if (outcome === 'applied' || !refused) inspect(came);
        else refused();
      });
    };
    const handBack = (rejected: readonly Units[]): void => {
      const back = rejected.filter(({ quantity }) => quantity > 0);
      if (back.length > 0 && random.chance(0.8)) say(counter, 'hand-back', { lines: back });
    };
    const inspect = (left: readonly Units[]): void => {
      if (left.length === 0) return;
      const now = random.chance(0.7) ? left : left.slice(0, 1);
      const decided = now.map(({ line, quantity }) => {
        const accepted = random.chance(0.7) ? quantity : random.between(0, quantity);
        return { line, accepted, rejected: quantity - accepted, restock: random.between(0, accepted) };
      });
      const extra = {
        ...(random.chance(0.5) ? { refundShipping: true } : {}),
        ...(random.chance(0.2) ? { fee: random.between(0, 2000) } : {}),
      };
      say(counter, 'inspect', { lines: decided, ...extra }, () => {
        handBack(decided.map(({ line, rejected }) => ({ line, quantity: rejected })));
        inspect(left.filter((line) => !now.includes(line)));
      });
      if (random.chance(0.1)) say(counter, 'inspect', { lines: decided });
    };
    const wanted = lines.map(({ line, quantity }) => ({ line, quantity }));
    const exchange = random.chance(0.3) ? this.orderInstead(order, id, random) : undefined;
    const instead = exchange === undefined || random.chance(0.4) ? {} : { exchange };
    say(origin, 'request', { order, lines: wanted, by, ...instead }, ({ outcome }) => {
      if (outcome === 'applied') receive();
    });
  }
}

/** What is pinned to another store than it is collected at is refused, so few are. */
function pinnedTo(collectAt: string, lines: Place['lines'], random: Random): Place['lines'] {
  const isLeft = ({ store }: Place['lines'][number]) => store === undefined || random.chance(0.1);
  return lines.map((line) => (isLeft(line) ? line : { ...line, store: collectAt }));
}

/** A gift card pays a part first: often taken at once, sometimes only authorised. */
function withGiftCard({ currency }: Place, payment: Payment, random: Random): Payment[] {
  const { captureBefore: _, captured: __, ...card } = payment;
  const { captured, ...rest } = payment;
  const part = random.between(0, payment.authorised);
  const left = Math.min(payment.authorised, authorisable(part, payment.method, currency, random));
  const authorised = payment.authorised - left;
  const transaction = `${random.pick(['gift', 'card'])}_${payment.transaction}`;
  return [
    {
      ...card,
      account: accountOf(transaction),
      method: 'gift-card',
      transaction,
      authorised,
      ...(random.chance(0.6) ? { captured: authorised } : {}),
    },
    { ...rest, authorised: left, ...(captured === undefined ? {} : { captured: left }) },
  ];
}
