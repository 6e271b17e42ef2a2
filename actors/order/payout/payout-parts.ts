/**
 * Which gateway accounts a store's share goes through: those that took the order's money pay it, and get back what they paid; each
 * from the account of the store that it paid, whatever account the store has by then.
 *
 * No account gives more of an order than it has left of it, as long as another one has more. A payout is split only where no account has
 * all of it; the rest, where all of them together have too little, comes from the first: the store is paid whatever other goods cost.
 */
import { mayTakeMoney } from '../ledger/ledger.ts';
import { at, type Entry, type OrderRecord } from '../record.ts';
import { isPaidAtTill } from '../refund/till-money.ts';

/** How money of a store goes. */
export interface Way {
  /** None where the order was paid at a till. */
  tender?: number;
  /** Where there is no tender: the gateway account that was asked. */
  account?: string;
  /** Reversals: the store's account that was paid. */
  payoutAccount?: string;
}

export interface Part extends Way {
  amount: number;
}

interface Source {
  way: Way;
  /** Minor units; less than nothing where other tenders of its account gave more. */
  left: number;
}

/** First from where most was paid for the store's goods, then from where most was paid at all. */
export function payoutParts(record: OrderRecord, store: string, amount: number): Part[] {
  if (record.tenders.length === 0) return [{ amount }];
  const work = new Set(record.fulfilments.filter((of) => of.store === store).map(({ id }) => id));
  const isForStore = ({ fulfilment, fulfilments = [] }: Entry): boolean =>
    [fulfilment, ...fulfilments].some((id) => id !== undefined && work.has(id));
  const sources = record.tenders.map((_, tender) => ({ way: { tender }, left: 0, taken: 0, takenForStore: 0 }));
  for (const entry of record.ledger) {
    const source = sources[payerOf(record, entry) ?? -1];
    if (!source) continue;
    source.left += leftBy(entry);
    if (entry.kind !== 'capture' || entry.state !== 'confirmed') continue;
    source.taken += entry.amount;
    if (isForStore(entry)) source.takenForStore += entry.amount;
  }
  sources.sort((one, other) => other.takenForStore - one.takenForStore || other.taken - one.taken);
  return spread(record, amount, sources, 'whole');
}

/** The way of the newest payout first, as far as it paid the store; what it took at its till is asked for at last. Not `without`. */
export function reversalParts(
  record: OrderRecord,
  { amount, party, today }: { amount: number; party: string; today: Way },
  without: ReadonlySet<string>,
): Part[] {
  const own = record.ledger.filter((entry) => entry.party === party && !without.has(wayName(record, entry, today)));
  const sources = new Map<string, Source>();
  const sourceOf = (entry: Entry): string => `${payerOf(record, entry)} ${wayName(record, entry, today)}`;
  for (const entry of own.toReversed()) {
    if (entry.kind !== 'payout' || entry.state === 'failed' || sources.has(sourceOf(entry))) continue;
    sources.set(sourceOf(entry), { way: wayOf(record, entry, today), left: 0 });
  }
  for (const entry of own) {
    const source = sources.get(sourceOf(entry));
    if (source) source.left += paidBy(entry);
  }
  const parts = spread(record, amount, [...sources.values()], 'as far as it goes');
  const rest = amount - parts.reduce((sum, part) => sum + part.amount, 0);
  const isAsked = rest > 0 && isPaidAtTill(record) && !without.has(wayName(record, today));
  return isAsked ? withRest(parts, { amount: rest, ...today }) : parts;
}

function withRest(parts: readonly Part[], rest: Part): Part[] {
  const same = parts.findIndex(
    ({ tender, account, payoutAccount }) =>
      tender === undefined && account === rest.account && payoutAccount === rest.payoutAccount,
  );
  const part = parts[same];
  return part ? parts.with(same, { ...part, amount: part.amount + rest.amount }) : [...parts, rest];
}

/** Position of the tender whose account it went through. */
function payerOf(record: OrderRecord, { tender }: Pick<Entry, 'tender'>): number | undefined {
  return tender ?? (isPaidAtTill(record) ? undefined : 0);
}

/** How an entry went; what older ones don't keep is as it is `today`. */
export function wayOf(record: OrderRecord, entry: Way, today: Way): Way {
  const { account = today.account, payoutAccount = today.payoutAccount } = entry;
  const tender = payerOf(record, entry);
  const way: Way = {};
  if (tender !== undefined) way.tender = tender;
  else if (account !== undefined) way.account = account;
  if (payoutAccount !== undefined) way.payoutAccount = payoutAccount;
  return way;
}

/** Through which gateway account, and which one of the store: the same name is the same way. */
export function wayName(record: OrderRecord, entry: Way, today: Way = {}): string {
  const { tender, account, payoutAccount } = wayOf(record, entry, today);
  return `${tender === undefined ? account : at(record.tenders, tender).account} ${payoutAccount}`;
}

/** What is owed under a failed entry is kept for it. What headquarters or a till paid out did not leave the account. */
function leftBy({ kind, state, amount, party, replaced, outside }: Entry): number {
  switch (kind) {
    case 'capture':
    case 'payout-reversal':
      return state === 'confirmed' ? amount : 0;
    case 'refund':
      return party !== 'customer' || outside || replaced ? 0 : -amount;
    case 'payout':
      return replaced ? 0 : -amount;
    default:
      return 0;
  }
}

function paidBy(entry: Entry): number {
  if (entry.kind === 'payout') return entry.state === 'failed' ? 0 : entry.amount;
  return entry.kind === 'payout-reversal' && mayTakeMoney(entry) ? -entry.amount : 0;
}

function spread(
  record: OrderRecord,
  amount: number,
  sources: readonly Source[],
  how: 'whole' | 'as far as it goes',
): Part[] {
  const rooms = new Map<string, number>();
  for (const source of sources) {
    const name = wayName(record, source.way);
    rooms.set(name, (rooms.get(name) ?? 0) + source.left);
  }
  const alone = [...rooms].find(([, room]) => room >= amount);
  const giving = alone ? [alone] : [...rooms].map(([name, room]) => [name, Math.max(0, room)] as const);
  const missing = how === 'whole' ? Math.max(0, amount - giving.reduce((sum, [, room]) => sum + room, 0)) : 0;
  let left = amount;
  return giving.flatMap(([name, room], index) => {
    const part = Math.min(left, index === 0 ? room + missing : room);
    left -= part;
    const together = sources.filter((source) => wayName(record, source.way) === name);
    const named = together.find((source) => source.left >= part) ?? together[0];
    return part > 0 && named ? [{ amount: part, ...named.way }] : [];
  });
}
