/**
 * Settlement files of a provider against the ledger, key by key. Says what differs; adjusts nothing.
 *
 * C1  Compared are sums: what all rows of a key moved in the period, here and there. What moved and came back is nothing.
 * C2  A row with the record id of an earlier one of its references is a duplicate and counts once.
 * C3  Clocks differ: what the ledger booked within an hour outside of the period counts where that makes the sums equal. What it booked
 *     inside of it, within an hour of an end, is open where the file does not have it: the neighbouring file may.
 * C4  What nobody asked for, as the provider took it when the customer paid, may be in the file under any name: it is found by its
 *     transaction. A simulated provider's file can't have it, and whoever reads that says so.
 * C5  Memory grows with the keys of the period, not with the rows.
 * C6  A row without a merchant reference is found by the provider's own, where the ledger has that of one key only.
 * C7  An end of the period that nobody named is that of the file's own days, UTC: of its rows that the ledger has too, as a batch is
 *     transferred to the bank, or disputed, days after it. Where it has none of these, of all its rows. All of the file is read before
 *     the ledger.
 * C8  A key whose row is broken is not missing: it is told as that.
 */
import { DAY_MS, HOUR_MS } from '../../protocols/durations.ts';
import { SETTLEMENT_TYPES } from '../../protocols/settlement.ts';
import type { BookedMovement } from './booked-movement.ts';
import { Disputes } from './disputes.ts';
import type { BrokenRow } from './read-settlement.ts';
import {
  CLASSES,
  type Class,
  type ClassTotal,
  type Difference,
  type Place,
  type ProviderTotal,
  type Result,
} from './reconciliation-result.ts';
import type { SettlementRow } from './settlement-row.ts';

export const EDGE_MS = HOUR_MS;

/** Broken rows are told one by one up to here, and counted beyond. */
const MOST_BROKEN_ROWS = 1000;

/** Of these nothing has to be looked at. */
const IN_ORDER: readonly Class[] = ['matched', 'not-asked'];

export interface Scope {
  /** Milliseconds since the epoch, the end not included; infinite where the file says it. */
  from: number;
  to: number;
  /** Only this account. */
  account?: string;
  /** What nobody asked for is not expected in the file. */
  askedOnly?: boolean;
}

/** What is known of a key, or of two references in the file. */
interface Sum {
  account: string;
  /** In the file the merchant's reference, or the record where there is none. */
  key: string;
  /** The provider's: in the file of its row, in the ledger of what it was asked for. */
  reference?: string;
  /** In the file: the key is the merchant's reference. */
  isNamed?: true;
  file: number;
  fileCurrency?: string;
  /** Rows of several currencies. */
  isMixed: boolean;
  /** Of the first row. */
  place: Place;
  /** One, mostly. */
  records: string | string[];
  /** Booked well inside of the period. */
  ledger: number;
  /** Inside of it near an end: the neighbouring file may have it. */
  inside: number;
  /** Just outside of it: this file may have it. */
  outside: number;
  ledgerCurrency?: string;
  order: string;
  isUnasked?: true;
}

export class Reconciliation {
  private readonly scope: Scope;
  private readonly filed = new Map<string, Sum>();
  private readonly booked = new Map<string, Sum>();
  /** When the file's first and last row were booked there: of those that the ledger has too, and of the provider's own business. */
  private readonly dated = emptySpan();
  private readonly datedOwn = emptySpan();
  private readonly providerTotals = new Map<string, ProviderTotal>();
  private readonly rows = { counted: 0, broken: 0, leftOut: 0 };
  private readonly broken: BrokenRow[] = [];
  /** Keys whose rows are broken, and where. */
  private readonly brokenKeys = new Map<string, Place>();
  private readonly duplicates: Difference[] = [];
  private readonly disputes = new Disputes();

  constructor(scope: Scope) {
    this.scope = scope;
  }

  /** `of`: what the row names, as far as it can be read. */
  addBroken(broken: BrokenRow, of: NamedByRow | undefined): void {
    if (of && broken.column !== 'account' && !this.isOurs(of.account)) {
      this.rows.leftOut += 1;
      return;
    }
    this.rows.broken += 1;
    if (this.broken.length < MOST_BROKEN_ROWS) this.broken.push(broken);
    const place = { line: broken.line, ...(broken.name === undefined ? {} : { name: broken.name }) };
    for (const reference of [of?.merchantReference, of?.providerReference])
      if (of && reference) this.brokenKeys.set(named(of.account, reference), place);
  }

  addFile(row: SettlementRow, place: Place): void {
    const at = Date.parse(row.date);
    if (!this.isOurs(row.account) || at < this.scope.from || at >= this.scope.to) {
      this.rows.leftOut += 1;
      return;
    }
    this.rows.counted += 1;
    const isProvidersOwn = SETTLEMENT_TYPES[row.type] === 0 || SETTLEMENT_TYPES[row.type] === 'any';
    widen(isProvidersOwn || isDispute(row) ? this.datedOwn : this.dated, at);
    if (isDispute(row)) {
      if (this.disputes.add(row, place)) this.total(row);
      else this.addDuplicate(row.record, row, place);
      return;
    }
    if (!isProvidersOwn && !this.addRow(this.filedSum(row), row, place)) return;
    this.total(row);
  }

  /** What they are about may have been booked before the period. */
  get hasDisputes(): boolean {
    return !this.disputes.isEmpty;
  }

  /** Undefined where nobody named it and the file has no rows to tell it from. */
  get period(): { from: number; to: number } | undefined {
    const { first, last } = Number.isFinite(this.dated.first) ? this.dated : this.datedOwn;
    const from = Number.isFinite(this.scope.from) ? this.scope.from : Math.floor(first / DAY_MS) * DAY_MS;
    const to = Number.isFinite(this.scope.to) ? this.scope.to : (Math.floor(last / DAY_MS) + 1) * DAY_MS;
    return Number.isFinite(from) && Number.isFinite(to) ? { from, to } : undefined;
  }

  addLedger(movement: BookedMovement): void {
    const { key, reference, isUnasked, account, amount, currency, order, at } = movement;
    if (!this.period || !this.isOurs(account)) return;
    this.disputes.note(movement);
    const { from, to } = this.period;
    if (at < from - EDGE_MS || at >= to + EDGE_MS) return;
    const sum = sumIn(this.booked, named(account, key), () => emptySum(account, key));
    sum.ledgerCurrency ??= currency;
    sum.order = order;
    if (reference !== undefined) sum.reference = reference;
    if (isUnasked) sum.isUnasked = true;
    if (at < from || at >= to) sum.outside += amount;
    else if (at < from + EDGE_MS || at >= to - EDGE_MS) sum.inside += amount;
    else sum.ledger += amount;
  }

  result(): Result {
    const classes = new Map<string, ClassTotal>();
    const differences: Difference[] = [];
    for (const sum of this.joined()) {
      const judged = this.classOf(sum);
      if (!judged) continue;
      countSum(classes, judged, sum);
      if (!IN_ORDER.includes(judged)) differences.push(this.differenceOf(judged, sum));
    }
    for (const told of this.disputes.told()) {
      const { amount, currency } = told.file;
      add(classes, told.class, currency, { count: 1, file: amount, ledger: 0 });
      differences.push(told);
    }
    for (const duplicate of this.duplicates) {
      const { amount, currency } = duplicate.file ?? { amount: 0, currency: '' };
      add(classes, 'duplicate', currency, { count: 1, file: amount, ledger: 0 });
      differences.push(duplicate);
    }
    const { period } = this;
    const totals = [...classes.values()].sort((a, b) => CLASSES.indexOf(a.class) - CLASSES.indexOf(b.class));
    return {
      ...(period && { period: { from: instant(period.from), to: instant(period.to) } }),
      rows: { ...this.rows },
      classes: totals,
      differences,
      providerTotals: [...this.providerTotals.values()],
      broken: this.broken,
      agrees: period !== undefined && this.rows.broken === 0 && totals.every(({ class: of }) => IN_ORDER.includes(of)),
    };
  }

  private isOurs(account: string): boolean {
    return this.scope.account === undefined || this.scope.account === account;
  }

  /** False for a duplicate. */
  private addRow(sum: Sum, row: SettlementRow, place: Place): boolean {
    const { record, gross, currency } = row;
    const isKnown = typeof sum.records === 'string' ? sum.records === record : sum.records.includes(record);
    if (isKnown) {
      this.addDuplicate(sum.key, row, place);
      return false;
    }
    if (sum.fileCurrency === undefined) {
      sum.fileCurrency = currency;
      sum.place = place;
      sum.records = record;
    } else {
      sum.records = typeof sum.records === 'string' ? [sum.records, record] : [...sum.records, record];
      if (sum.fileCurrency !== currency) sum.isMixed = true;
    }
    sum.file += gross;
    return true;
  }

  private addDuplicate(key: string, { account, gross, currency }: SettlementRow, place: Place): void {
    this.duplicates.push({ class: 'duplicate', account, key, file: { amount: gross, currency, ...place } });
  }

  /** Where neither side has a reference each record is by itself. */
  private filedSum({ account, record, merchantReference, providerReference }: SettlementRow): Sum {
    const isKnown = merchantReference !== '' || providerReference !== '';
    if (!isKnown) return sumIn(this.filed, named(account, record), () => emptySum(account, record));
    return sumIn(this.filed, named(account, JSON.stringify([merchantReference, providerReference])), () => {
      const sum = emptySum(account, merchantReference || record);
      if (merchantReference !== '') sum.isNamed = true;
      if (providerReference !== '') sum.reference = providerReference;
      return sum;
    });
  }

  /** Each key once: all that the file has of it with what the ledger has, then what the ledger alone has. */
  private joined(): Sum[] {
    const byReference = this.bookedByReference();
    const sums = new Map<Sum | string, Sum>();
    for (const part of this.filed.values()) {
      const booked = this.bookedOf(part, byReference);
      const target = booked ?? named(part.account, part.key);
      const sum = sums.get(target) ?? { ...(booked ?? emptySum(part.account, part.key)) };
      addPart(sum, part);
      sums.set(target, sum);
    }
    for (const booked of this.booked.values()) if (!sums.has(booked)) sums.set(booked, booked);
    return [...sums.values()];
  }

  /** By the merchant's reference; by the transaction that nobody asked for (C4); without the first by the provider's (C6). */
  private bookedOf(
    { account, key, reference, isNamed }: Sum,
    byReference: ReadonlyMap<string, Sum | undefined>,
  ): Sum | undefined {
    const asked = isNamed ? this.booked.get(named(account, key)) : undefined;
    if (asked || reference === undefined) return asked;
    const taken = this.booked.get(named(account, reference));
    if (taken?.isUnasked) return taken;
    return isNamed ? undefined : byReference.get(named(account, reference));
  }

  /** Undefined for a reference of several keys. */
  private bookedByReference(): ReadonlyMap<string, Sum | undefined> {
    const found = new Map<string, Sum | undefined>();
    if ([...this.filed.values()].every(({ isNamed }) => isNamed)) return found;
    for (const sum of this.booked.values()) {
      if (sum.reference === undefined) continue;
      const name = named(sum.account, sum.reference);
      found.set(name, found.has(name) ? undefined : sum);
    }
    return found;
  }

  /** Undefined where nothing moved in the end, and the file has nothing of it. */
  private classOf(sum: Sum): Class | undefined {
    const { file, fileCurrency, isMixed, ledger, inside, outside, ledgerCurrency } = sum;
    if (fileCurrency === undefined) return this.absentClass(sum);
    if (ledgerCurrency !== undefined && (isMixed || ledgerCurrency !== fileCurrency)) return 'currency-differs';
    if (file === ledger + inside || file === ledger + inside + outside) return 'matched';
    if (ledgerCurrency === undefined) return 'missing-here';
    return inside !== 0 && (file === ledger || file === ledger + outside) ? 'at-edge' : 'amount-differs';
  }

  private absentClass(sum: Sum): Class | undefined {
    if (sum.ledger + sum.inside === 0) return undefined;
    if (this.brokenOf(sum)) return 'row-broken';
    if (sum.isUnasked && this.scope.askedOnly) return 'not-asked';
    return sum.ledger === 0 ? 'at-edge' : 'missing-there';
  }

  private brokenOf({ account, key, reference = key }: Sum): Place | undefined {
    return this.brokenKeys.get(named(account, key)) ?? this.brokenKeys.get(named(account, reference));
  }

  private differenceOf(judged: Class, sum: Sum): Difference {
    const { account, key, file, fileCurrency, place, ledgerCurrency, order } = sum;
    const broken = this.brokenOf(sum);
    return {
      class: judged,
      account,
      key,
      ...(fileCurrency === undefined ? {} : { file: { amount: file, currency: fileCurrency, ...place } }),
      ...(ledgerCurrency === undefined
        ? {}
        : { ledger: { amount: ledgerAmount(sum), currency: ledgerCurrency, order } }),
      ...(broken && { broken }),
    };
  }

  private total({ type, currency, gross, fee }: SettlementRow): void {
    const name = `${type} ${currency}`;
    const total = this.providerTotals.get(name) ?? { type, currency, count: 0, gross: 0, fee: 0 };
    total.count += 1;
    total.gross += gross;
    total.fee += fee;
    this.providerTotals.set(name, total);
  }
}

/** What a row that is broken names all the same. */
interface NamedByRow {
  account: string;
  merchantReference: string;
  providerReference: string;
}

const isDispute = ({ type }: SettlementRow): boolean => type === 'chargeback' || type === 'chargeback-reversed';

interface Span {
  first: number;
  last: number;
}

const emptySpan = (): Span => ({ first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY });

function widen(span: Span, at: number): void {
  span.first = Math.min(span.first, at);
  span.last = Math.max(span.last, at);
}

const named = (account: string, key: string): string => `${account} ${key}`;
const instant = (at: number): string => new Date(at).toISOString();

function emptySum(account: string, key: string): Sum {
  return {
    account,
    key,
    file: 0,
    isMixed: false,
    place: { line: 0 },
    records: '',
    ledger: 0,
    inside: 0,
    outside: 0,
    order: '',
  };
}

function sumIn(sums: Map<string, Sum>, name: string, make: () => Sum): Sum {
  const sum = sums.get(name) ?? make();
  sums.set(name, sum);
  return sum;
}

function addPart(sum: Sum, { file, fileCurrency, isMixed, place }: Sum): void {
  if (fileCurrency === undefined) return;
  if (isMixed || (sum.fileCurrency ?? fileCurrency) !== fileCurrency) sum.isMixed = true;
  if (sum.fileCurrency === undefined) sum.place = place;
  sum.fileCurrency ??= fileCurrency;
  sum.file += file;
}

function countSum(classes: Map<string, ClassTotal>, of: Class, sum: Sum): void {
  const { file, fileCurrency, ledgerCurrency } = sum;
  const ledger = ledgerAmount(sum);
  const currency = fileCurrency ?? ledgerCurrency ?? '';
  const isOne = of !== 'currency-differs';
  add(classes, of, currency, { count: 1, file, ledger: isOne ? ledger : 0 });
  if (!isOne && ledgerCurrency !== undefined) add(classes, of, ledgerCurrency, { count: 0, file: 0, ledger });
}

/** What was booked just outside of the period belongs to it where that makes the sums equal. */
function ledgerAmount({ file, ledger, inside, outside }: Sum): number {
  const booked = ledger + inside;
  return file === booked + outside ? booked + outside : booked;
}

function add(
  classes: Map<string, ClassTotal>,
  of: Class,
  currency: string,
  { count, file, ledger }: Pick<ClassTotal, 'count' | 'file' | 'ledger'>,
): void {
  const name = `${of} ${currency}`;
  const total = classes.get(name) ?? { class: of, currency, count: 0, file: 0, ledger: 0 };
  total.count += count;
  total.file += file;
  total.ledger += ledger;
  classes.set(name, total);
}
