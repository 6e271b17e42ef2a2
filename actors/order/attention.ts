/** What a person must look at. The same thing is said once. */
import type { Attention } from '../../protocols/views.ts';
import type { OrderRecord, Working } from './record.ts';
import { instant } from './record.ts';

/** About a store whose money headquarters holds. */
export const ACCOUNT_MISSING = 'store-account-missing';

type Attentive = Pick<OrderRecord, 'attention'> | Pick<Working, 'attention'>;

export function isRaised(record: Attentive, code: string, about: string): boolean {
  return record.attention.some((known) => known.code === code && known.about === about);
}

/** With the same reason. */
export function isSaid(record: Attentive, { code, reason, about }: Omit<Attention, 'at'>): boolean {
  return record.attention.some((known) => known.code === code && known.about === about && known.reason === reason);
}

export function raise(draft: Working, code: string, about: string, reason: string, at: number): void {
  if (!isRaised(draft, code, about)) draft.attention.push({ code, reason, about, at: instant(at) });
}

/** News about an entry replaces what was said of it before. */
export function lower(draft: Working, about: string): void {
  if (draft.attention.some((known) => known.about === about)) {
    draft.attention = draft.attention.filter((known) => known.about !== about);
  }
}
