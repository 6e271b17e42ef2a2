/**
 * Double-entry postings of rows, for accounting. Headquarters keeps books, and so does each store whose share of a row it is; both
 * balance by themselves, by day and currency. What a franchise sells is its own sale and its own tax: headquarters earns the commission.
 *
 * | account | in the books of | what |
 * |---|---|---|
 * | `gateway-clearing:<account>` | headquarters | money that the provider took, less what it gave back and paid on |
 * | `till-cash:<store>` | headquarters, the store (`till-cash`) | money that a till took; a franchise's is settled at once |
 * | `paid-by-hand` | headquarters | refunds that it paid in another way than through a gateway (`settle-refund`) |
 * | `exchange-clearing` | headquarters | what a return paid for another order: zero over both |
 * | `unpaid` | headquarters | what no entry moved: a fee that was kept against what it was kept from; zero over a refund |
 * | `revenue:<rate>`, `output-tax:<rate>` | headquarters, the store | goods, net and tax, by tax rate |
 * | `shipping-revenue:<rate>`, `output-tax:<rate>` | headquarters, the store | carriage, where it is theirs; `shipping-revenue` and `output-tax:shipping` of rows that say no rate |
 * | `return-fees` | headquarters | fees kept from refunds; what was given beyond goods and carriage |
 * | `commission` | headquarters (earned), the store (paid, `commission-expense`) | what headquarters keeps of a franchise's sale |
 * | `handling-fees` | headquarters (paid), the store (earned) | for taking goods back |
 * | `prepayments`, `transit`, `rounding` | headquarters | money that no line has earned yet, or that an amount step holds back |
 * | `store-payable:<store>` | headquarters | what it owes a store of its shares; in the store's books `headquarters` |
 * | `store-receivable:<store>` | headquarters | what a store could not give back, until a payout is netted with it |
 * | `payouts:<account>` | the store | money that the provider paid on to it |
 */

/** The sum of rows that are posted alike. Amounts are minor units, signed. */
export interface RowSum {
  day: string;
  currency: string;
  movement: string;
  subject: string;
  /** A store has a part in it. */
  isShared: boolean;
  party?: string;
  taxRate?: string;
  /** Gateway account; where a till moved the money, the store. */
  account?: string;
  till?: string;
  isExchanged: boolean;
  isByHand: boolean;
  gross: number;
  net: number;
  tax: number;
  storeShare: number;
  settled: number;
  netted: number;
}

export interface Posting {
  day: string;
  /** Whose books. */
  party: string;
  account: string;
  currency: string;
  /** Minor units, never negative. */
  debit: number;
  credit: number;
}

/** Positive amounts are debits. */
type Entry = readonly [account: string, amount: number];

const HEADQUARTERS = 'headquarters';

/** By day, party, currency and account. */
export function postings(sums: readonly RowSum[]): Posting[] {
  const booked = new Map<string, Posting>();
  for (const sum of sums) {
    post(booked, sum, HEADQUARTERS, inHeadquarters(sum));
    if (sum.party !== undefined) post(booked, sum, sum.party, inStore(sum));
  }
  return [...booked].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, posting]) => posting);
}

function inHeadquarters(sum: RowSum): Entry[] {
  const { gross, storeShare, settled, netted, party = '' } = sum;
  return [
    [moneyAccount(sum), gross - settled],
    [`store-payable:${party}`, settled + netted - storeShare],
    [`store-receivable:${party}`, -netted],
    ...earned(sum).map(([account, amount]): Entry => [account, -amount]),
  ];
}

function moneyAccount({ account, till, isExchanged, isByHand }: RowSum): string {
  if (isExchanged) return 'exchange-clearing';
  if (isByHand) return 'paid-by-hand';
  if (account !== undefined) return `gateway-clearing:${account}`;
  return till === undefined ? 'unpaid' : `till-cash:${till}`;
}

/** What headquarters has of it, with the account that says why. */
function earned({ movement, subject, isShared, taxRate, gross, net, tax, storeShare, party }: RowSum): Entry[] {
  const rest = gross - storeShare;
  switch (subject) {
    case 'line':
      return party === undefined ? goods(taxRate, net, tax) : [['commission', rest]];
    case 'shipping':
      return isShared ? carriage(taxRate, rest, 0) : carriage(taxRate, net, tax);
    case 'fee':
      return [['return-fees', rest]];
    case 'order':
      return [[movement === 'transit' || movement === 'rounding' ? movement : 'prepayments', rest]];
    default:
      return [['handling-fees', rest]];
  }
}

function goods(rate = 'none', net: number, tax: number): Entry[] {
  return [
    [`revenue:${rate}`, net],
    [`output-tax:${rate}`, tax],
  ];
}

function carriage(rate: string | undefined, net: number, tax: number): Entry[] {
  return [
    [rate === undefined ? 'shipping-revenue' : `shipping-revenue:${rate}`, net],
    [`output-tax:${rate ?? 'shipping'}`, tax],
  ];
}

function inStore({ subject, isShared, taxRate, account, gross, net, tax, storeShare, settled }: RowSum): Entry[] {
  const entries: Entry[] = [
    ['headquarters', storeShare - settled],
    [account === undefined ? 'till-cash' : `payouts:${account}`, settled],
  ];
  if (subject === 'line') {
    const sold = goods(taxRate, -net, -tax);
    return [...entries, ['commission-expense', gross - storeShare], ...sold];
  }
  if (subject !== 'shipping') return [...entries, ['handling-fees', -storeShare]];
  return isShared ? [...entries, ...carriage(taxRate, tax - storeShare, -tax)] : entries;
}

function post(booked: Map<string, Posting>, { day, currency }: RowSum, party: string, entries: readonly Entry[]): void {
  for (const [account, amount] of entries) {
    if (amount === 0) continue;
    const key = [day, party, currency, account].join(' ');
    const posting = booked.get(key) ?? { day, party, account, currency, debit: 0, credit: 0 };
    if (amount > 0) posting.debit += amount;
    else posting.credit -= amount;
    booked.set(key, posting);
  }
}
