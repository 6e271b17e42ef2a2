/**
 * Chargebacks of a settlement file, and what brought them back: which payment they dispute. The ledger has no entry for them, and none
 * is made: a person answers them, or refunds.
 *
 * D1  A dispute is found by the key of the capture, by the provider's name of it (or of what it took when the customer paid), or by the
 *     order, in this order, in its account and currency. Where a name is of several orders it is nobody's.
 * D2  Of an order with several captures the order is found, and no entry: nothing is guessed.
 * D3  A payment is disputed months after it was made: all of the ledger counts, whatever the period.
 */
import type { BookedMovement } from './booked-movement.ts';
import type { Difference, Place } from './reconciliation-result.ts';
import type { SettlementRow } from './settlement-row.ts';

interface Dispute {
  row: SettlementRow;
  place: Place;
}

interface Named {
  readonly order: string;
  readonly entry: string;
}

export class Disputes {
  private readonly found = new Map<string, Dispute>();
  /** By account, currency, and what a dispute calls its payment: the captures of that name, best names first. */
  private readonly captures = new Map<string, Map<string, Named>[]>();

  get isEmpty(): boolean {
    return this.found.size === 0;
  }

  /** False for a duplicate. */
  add(row: SettlementRow, place: Place): boolean {
    const { account, currency, record, merchantReference, providerReference } = row;
    const key = `${account} ${record}`;
    if (this.found.has(key)) return false;
    this.found.set(key, { row, place });
    for (const name of [merchantReference, providerReference]) {
      if (name !== '') this.captures.set(`${account} ${currency} ${name}`, [new Map(), new Map(), new Map()]);
    }
    return true;
  }

  /** Of the ledger, whenever it was booked. */
  note({ isPayment, account, currency, order, entry, key, reference }: BookedMovement): void {
    if (!isPayment || this.isEmpty) return;
    for (const [rank, name] of [entry, reference ?? key, order].entries()) {
      this.captures.get(`${account} ${currency} ${name}`)?.[rank]?.set(entry, { order, entry });
    }
  }

  /** One that nothing here could be about is money that is missing here. */
  told(): (Difference & { file: NonNullable<Difference['file']> })[] {
    return [...this.found.values()].map(({ row, place }) => {
      const { account, record, gross, currency, fee, type } = row;
      const file = { amount: gross, currency, ...place };
      const disputed = this.disputedBy(row);
      if (!disputed) return { class: 'missing-here', account, key: record, file };
      const judged = type === 'chargeback' ? type : 'chargeback-reversed';
      const { order, entry = order } = disputed;
      return { class: judged, account, key: entry, file, disputed: { record, ...disputed, fee } };
    });
  }

  /** D1 */
  private disputedBy({
    account,
    currency,
    merchantReference,
    providerReference,
  }: SettlementRow): { order: string; entry?: string } | undefined {
    const names = [merchantReference, providerReference].map((name) =>
      this.captures.get(`${account} ${currency} ${name}`),
    );
    for (const rank of [0, 1, 2]) {
      for (const ofName of names) {
        const captures = [...(ofName?.[rank]?.values() ?? [])];
        const [first, ...others] = captures;
        if (!first) continue;
        if (others.some(({ order }) => order !== first.order)) return undefined;
        return others.length === 0 ? first : { order: first.order };
      }
    }
    return undefined;
  }
}
