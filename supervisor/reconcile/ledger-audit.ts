/**
 * The ledger against the gateway, while both go on: what of an entry moved there and was booked here, until the sums agree.
 *
 * L1  An entry is kept only while its sums differ, or while somebody was told that they do: what agrees costs nothing.
 * L2  News takes its time: a difference is told when it has lasted for the grace, counted from when both sides were read up to now.
 * L3  It is told again when the figures change, and once more when they agree.
 */

/** Minor units, signed as the account's balance sees them. */
export interface Moved {
  key: string;
  order: string;
  currency: string;
  amount: number;
}

export interface EntryDifference {
  order: string;
  entry: string;
  currency: string;
  /** What the gateway moved beyond what the ledger booked. */
  beyond: number;
}

export interface AuditNews extends EntryDifference {
  name: 'ledger-differs' | 'ledger-agrees';
}

interface Open extends EntryDifference {
  since?: number;
  /** As it was told. */
  told?: number;
}

export class LedgerAudit {
  private readonly graceMs: number;
  private readonly open = new Map<string, Open>();

  constructor(graceMs: number) {
    this.graceMs = graceMs;
  }

  /** Entries that differ now, told or not. */
  get size(): number {
    return this.open.size;
  }

  add(side: 'gateway' | 'ledger', { key, order, currency, amount }: Moved): void {
    const name = `${key} ${currency}`;
    const known: Open = this.open.get(name) ?? { order, entry: key, currency, beyond: 0 };
    known.beyond += side === 'gateway' ? amount : -amount;
    if (known.beyond === 0 && known.told === undefined) this.open.delete(name);
    else this.open.set(name, known);
  }

  /** What is to be told, `most` at a time; both sides were read up to now. What is told for certain is marked by `wasTold`. */
  news(now: number, most: number): AuditNews[] {
    const news: AuditNews[] = [];
    for (const known of this.open.values()) {
      const { order, entry, currency, beyond, told } = known;
      known.since ??= now;
      if (beyond === told || (beyond !== 0 && now - known.since < this.graceMs)) continue;
      if (news.length === most) break;
      news.push({ name: beyond === 0 ? 'ledger-agrees' : 'ledger-differs', order, entry, currency, beyond });
    }
    return news;
  }

  wasTold({ entry, currency, beyond }: EntryDifference): void {
    const name = `${entry} ${currency}`;
    const known = this.open.get(name);
    if (!known) return;
    if (beyond === 0 && known.beyond === 0) this.open.delete(name);
    else known.told = beyond;
  }
}
