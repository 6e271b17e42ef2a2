/** What the audit of a gateway account finds: money that moved there otherwise than this ledger says. A person decides what is right. */

import { create } from 'mutative';
import type { Message } from '../../../protocols/actor.ts';
import { amountText } from '../../../protocols/currency.ts';
import type { LedgerDifference } from '../../../protocols/internal.ts';
import type { Verdict } from '../../chart.ts';
import type { OrderRecord } from '../record.ts';
import { isRaised, raise } from './attention.ts';

const CODE = 'ledger-differs';

export function ledgerDiffers(record: OrderRecord, { payload, at }: Message<LedgerDifference>): Verdict<OrderRecord> {
  const { account, entry, currency, ledger, gateway } = payload;
  const [moved, booked] = [gateway, ledger].map((amount) => amountText(amount, currency));
  const reason = `account ${account} moved ${moved}, the ledger booked ${booked}`;
  if (record.attention.some(({ code, about, reason: known }) => code === CODE && about === entry && known === reason)) {
    return { ignore: `it is known that ${entry} differs` };
  }
  const next = create(record, (draft) => {
    draft.attention = draft.attention.filter(({ code, about }) => code !== CODE || about !== entry);
    raise(draft, CODE, entry, reason, at);
  });
  return { record: next, effects: [{ effect: 'event', name: CODE, payload: { entry, currency, ledger, gateway } }] };
}

export function ledgerAgrees(record: OrderRecord, { payload }: Message<LedgerDifference>): Verdict<OrderRecord> {
  const { entry, currency, ledger, gateway } = payload;
  if (!isRaised(record, CODE, entry)) return { ignore: `nothing differs of ${entry}` };
  const attention = record.attention.filter(({ code, about }) => code !== CODE || about !== entry);
  const news = { entry, currency, ledger, gateway };
  return { record: { ...record, attention }, effects: [{ effect: 'event', name: 'ledger-agrees', payload: news }] };
}
