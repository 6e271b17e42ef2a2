/** What a record knows of how its amounts came about, for whoever explains them (protocols/order-facts.ts). */
import type {
  CommissionFacts,
  EntryFacts,
  LineFacts,
  OrderFacts,
  OwedFacts,
  SoldUnits,
} from '../../../protocols/order-facts.ts';
import type { Charted } from '../../chart.ts';
import { isAtGateway, takesMoney, tenderOf } from '../ledger/ledger.ts';
import { isByPeriod } from '../payout/payout-period.ts';
import { at, type Entry, type Item, type Obligation, type OrderRecord, type Piece } from '../record.ts';

export function orderFacts({ record }: Charted<OrderRecord>): OrderFacts {
  const { id, revision, currency, shipping, shippingTax, shippingTaxRate, shippingPolicy, taxExcluded } = record;
  const sold = soldBy(record);
  const byPeriod = storesOf(record).filter((store) => isByPeriod(record, store));
  return {
    order: id,
    revision,
    currency,
    taxIncluded: !taxExcluded,
    ...given({ weighed: record.weighed }),
    lines: record.items.map(lineFacts),
    shipping: {
      gross: shipping,
      tax: shippingTax,
      ...given({ taxRate: shippingTaxRate, policy: shippingPolicy }),
    },
    entries: record.ledger.map((entry, position) => entryFacts(record, entry, sold.get(position) ?? [])),
    commissions: commissions(record),
    ...(byPeriod.length > 0 ? { byPeriod } : {}),
  };
}

function storesOf({ fulfilments, takers = [] }: OrderRecord): string[] {
  return [...new Set([...fulfilments, ...takers].map(({ store }) => store))];
}

function lineFacts({ line, sku, quantity, unitPrice, taxRate, discountShare, gross, net, tax }: Item): LineFacts {
  return { line, sku, quantity, unitPrice, taxRate, discountShare, gross, net, tax };
}

function entryFacts(record: OrderRecord, entry: Entry, sold: SoldUnits[]): EntryFacts {
  const { key, kind, amount, state, party, at: when, shipping = 0, prepaid = 0, transit = 0, against = [] } = entry;
  const tender = isAtGateway(entry) ? tenderOf(record, entry) : undefined;
  const position = record.ledger.indexOf(entry);
  const owed = record.obligations.filter(({ entry: executedBy }) => executedBy === position);
  const { account = entry.account, transaction, method, authorised, captureBefore } = tender ?? {};
  const { step, heard, toldAt, fulfilment, gatewayReference, return: returned } = entry;
  return {
    entry: key,
    kind,
    amount,
    state,
    party,
    at: when,
    ...given({ step, heard, toldAt, fulfilment, gatewayReference, account, transaction, method, authorised }),
    ...given({ captureBefore, return: returned, prepayment: entry.prepayment, exchange: entry.exchange }),
    lead: entry.with === undefined ? key : at(record.ledger, entry.with).key,
    ...(entry.retries === undefined ? {} : { retries: at(record.ledger, entry.retries).key }),
    sold,
    shipping,
    prepaid,
    transit,
    ...(owed.length > 0 ? { owed: owedFacts(record, owed) } : {}),
    against: against.map((draw) => ({ ...draw })),
  };
}

type Given<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };

/** Without what is not there. */
function given<T extends object>(fields: T): Given<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;
}

/** One entry may execute several, which are of one cause. */
function owedFacts(record: OrderRecord, owed: readonly Obligation[]): OwedFacts {
  const fees = owed.flatMap((of) => of.fees ?? []);
  return {
    cause: owed[0]?.cause ?? '',
    shipping: owed.reduce((sum, { shipping }) => sum + shipping, 0),
    units: owed
      .flatMap(({ pieces }) => pieces)
      .map(({ fulfilment, line, quantity, gross, absorbed = 0 }) => ({
        fulfilment: at(record.fulfilments, fulfilment).id,
        line: at(record.items, line).line,
        quantity,
        gross,
        absorbed,
      })),
    allowances: owed
      .flatMap(({ allowances }) => allowances)
      .map(({ line, amount }) => ({ line: at(record.items, line).line, amount })),
    ...(fees.length > 0 ? { fees } : {}),
  };
}

interface Taken {
  fulfilment: number;
  line: number;
  quantity: number;
  gross: number;
  tax: number;
}

/** Units of each lead entry, with customers or given back since. Money takes units from the bottom, so entries that came first have them. */
function soldBy(record: OrderRecord): Map<number, SoldUnits[]> {
  const taken = new Map<number, Map<string, Taken>>();
  const add = (fulfilment: number, line: number, { entry, quantity, gross, tax }: Piece): void => {
    if (entry === undefined) return;
    const ofEntry = taken.get(entry) ?? new Map<string, Taken>();
    taken.set(entry, ofEntry);
    const name = `${fulfilment} ${line}`;
    const known = ofEntry.get(name) ?? { fulfilment, line, quantity: 0, gross: 0, tax: 0 };
    ofEntry.set(name, {
      ...known,
      quantity: known.quantity + quantity,
      gross: known.gross + gross,
      tax: known.tax + tax,
    });
  };
  record.fulfilments.forEach(({ lines }, fulfilment) => {
    for (const { line, pieces } of lines) for (const piece of pieces) add(fulfilment, line, piece);
  });
  for (const { pieces } of record.obligations) for (const piece of pieces) add(piece.fulfilment, piece.line, piece);
  const next = new Map<number, number>();
  return new Map(
    record.ledger.flatMap((entry, position) => {
      const units = takesMoney(entry) ? [...(taken.get(position)?.values() ?? [])] : [];
      return units.length === 0 ? [] : [[position, units.map((of) => soldUnits(record, of, next))] as const];
    }),
  );
}

function soldUnits(
  record: OrderRecord,
  { fulfilment, line, quantity, gross, tax }: Taken,
  next: Map<number, number>,
): SoldUnits {
  const from = next.get(line) ?? 0;
  next.set(line, from + quantity);
  const { id } = at(record.fulfilments, fulfilment);
  return { fulfilment: id, line: at(record.items, line).line, from, to: from + quantity, gross, tax };
}

/** Of franchises; what company stores sell, headquarters holds. */
function commissions(record: OrderRecord): CommissionFacts[] {
  return record.fulfilments.flatMap(({ store, terms, lines }) =>
    terms?.ownership === 'franchise'
      ? lines.map(({ line, rule }): CommissionFacts => {
          const of = { store, line: at(record.items, line).line };
          if (!rule) return { ...of, commission: { percent: terms.commission } };
          const { version, rule: name, handlingFee: _, ...commission } = rule;
          return { ...of, commission, version, rule: name };
        })
      : [],
  );
}
