/** A store whose account was short owes nothing of it any more: later payouts paid it, and nobody has to look at it. */
import { create } from 'mutative';
import type { Message } from '../../../protocols/actor.ts';
import type { ToOrder } from '../../../protocols/internal.ts';
import type { Verdict } from '../../chart.ts';
import { lower } from '../attention/attention.ts';
import type { Books } from '../ledger/ledger.ts';
import type { Entry, OrderRecord } from '../record.ts';

export const SHORT = 'store-account-short';

export function debtPaid(record: OrderRecord, { payload }: Message<ToOrder['debt-paid']>): Verdict<OrderRecord> {
  const { store, key } = payload;
  const position = record.ledger.findIndex((entry) => entry.key === key && entry.party === store);
  const entry = record.ledger[position];
  if (entry?.kind !== 'receivable' || entry.collected) return { ignore: `${key} is not owed` };
  const ledger = record.ledger.with(position, { ...entry, collected: true });
  const event = { entry: key, amount: entry.amount, store };
  return { record: { ...record, ledger }, effects: [{ effect: 'event', name: 'debt-paid', payload: event }] };
}

/** What took the place of the reversal was taken, or paid since. */
export function planCollected(record: OrderRecord): Books {
  const about = record.attention.flatMap(({ code, about: key }) => (code === SHORT && key !== undefined ? [key] : []));
  const over = about.filter((key) => isCollected(record, key));
  if (over.length === 0) return { record, effects: [] };
  const next = create(record, (draft) => {
    for (const key of over) lower(draft, key);
  });
  return { record: next, effects: [] };
}

function isCollected(record: OrderRecord, key: string): boolean {
  const others = record.ledger.filter(({ instead }) => instead === key);
  return others.length > 0 && others.every((entry) => isTaken(record, entry));
}

function isTaken(record: OrderRecord, { key, kind, state, collected }: Entry): boolean {
  if (kind === 'receivable') return collected === true;
  return state === 'failed' ? isCollected(record, key) : state === 'confirmed';
}
