/** What a person must look at. The same thing is said once. */
import type { AttentionCode } from '../../../protocols/attentions.ts';
import type { Attention } from '../../../protocols/views.ts';
import type { OrderRecord, Working } from '../record.ts';
import { instant } from '../record.ts';

/** About a store whose money headquarters holds. */
export const ACCOUNT_MISSING = 'store-account-missing';

/** What is said of a fulfilment until it is paid for. */
export const WITHOUT_MONEY: readonly AttentionCode[] = ['authorisation-expired', 'authorisation-exhausted'];

type Attentive = Pick<OrderRecord, 'attention'> | Pick<Working, 'attention'>;

export function isRaised(record: Attentive, code: AttentionCode, about: string): boolean {
  return record.attention.some((known) => known.code === code && known.about === about);
}

/** With the same reason. */
export function isSaid(record: Attentive, { code, reason, about }: Omit<Attention, 'at'>): boolean {
  return record.attention.some((known) => known.code === code && known.about === about && known.reason === reason);
}

export function raise(draft: Working, code: AttentionCode, about: string, reason: string, at: number): void {
  if (!isRaised(draft, code, about)) draft.attention.push({ code, reason, about, at: instant(at) });
}

/** Of many things at once: what was raised before is looked through once, however many they are. */
export function raiseEach(
  draft: Working,
  code: AttentionCode,
  news: readonly { about: string; reason: string }[],
  at: number,
): void {
  const raised = new Set(draft.attention.flatMap((known) => (known.code === code ? [known.about] : [])));
  for (const { about, reason } of news) {
    if (raised.has(about)) continue;
    raised.add(about);
    draft.attention.push({ code, reason, about, at: instant(at) });
  }
}

/** News about an entry replaces what was said of it before; of a fulfilment, what is named. */
export function lower(draft: Working, about: string, codes?: readonly AttentionCode[]): void {
  const isOver = (known: Working['attention'][number]): boolean =>
    known.about === about && (codes === undefined || codes.includes(known.code));
  if (draft.attention.some(isOver)) draft.attention = draft.attention.filter((known) => !isOver(known));
}
