/** Each franchise gets its share when the capture is confirmed, and gives it back when the refund is. */
import type { Effect } from '../../protocols/actor.ts';
import { isRaised } from './attention.ts';
import { moved, type Target, targets } from './holdings.ts';
import { type Books, hasFailed, isPending, reserve, sumOf } from './ledger.ts';
import { instant, type OrderPolicy, type OrderRecord } from './record.ts';

export function planPayouts(record: OrderRecord, now: number, policy: OrderPolicy): Books {
  let books: Books = { record, effects: [] };
  for (const [store, target] of targets(record)) {
    const { record: next, effects } = planForStore(books.record, store, target, now, policy);
    books = { record: next, effects: [...books.effects, ...effects] };
  }
  return books;
}

function planForStore(record: OrderRecord, store: string, target: Target, now: number, policy: OrderPolicy): Books {
  const nothing = { record, effects: [] };
  const due = dueTo(record, store, target);
  if (!due || mustWait(record, store, due.kind)) return nothing;
  const { payoutAccount } = target;
  if (payoutAccount === undefined) return withoutAccount(record, store, now);
  return reserve(record, { ...due, party: store, payoutAccount }, now, policy);
}

/** A failed payout or reversal is still owed under its own entry: only what goes beyond is new. */
function dueTo(
  record: OrderRecord,
  store: string,
  { low, high }: Target,
): { kind: 'payout' | 'payout-reversal'; amount: number } | undefined {
  const held = moved(record, store, ({ state }) => state !== 'failed');
  const unpaid = failed(record, store, 'payout');
  if (low - held > unpaid) return { kind: 'payout', amount: low - held - unpaid };
  const unreturned = failed(record, store, 'payout-reversal');
  if (held - high > unreturned) return { kind: 'payout-reversal', amount: held - high - unreturned };
  return undefined;
}

function failed(record: OrderRecord, store: string, of: 'payout' | 'payout-reversal'): number {
  return sumOf(record.ledger, (entry) => entry.kind === of && entry.party === store && hasFailed(entry));
}

/** A reversal waits for all that is under way with the store, a payout for reversals. */
function mustWait(record: OrderRecord, store: string, kind: 'payout' | 'payout-reversal'): boolean {
  return record.ledger.some(
    (entry) =>
      entry.party === store &&
      isPending(entry) &&
      (entry.kind === 'payout-reversal' || (entry.kind === 'payout' && kind === 'payout-reversal')),
  );
}

function withoutAccount(record: OrderRecord, store: string, now: number): Books {
  const effects: Effect[] = [];
  if (isRaised(record, 'store-account-missing', store)) return { record, effects };
  const reason = `${store} has no account at the gateway: headquarters holds its money`;
  const attention = { code: 'store-account-missing', reason, about: store, at: instant(now) };
  return { record: { ...record, attention: [...record.attention, attention] }, effects };
}
