/** Which version of the rules an order is under, and which of its rules decides about a line. */
import type { CommissionRule, FrozenRule, RuleBook, RuleVersion, SaleMode } from '../../protocols/commission.ts';

/** What rules match on. */
export interface Sale {
  readonly store: string;
  readonly category?: string;
  readonly mode: SaleMode;
  readonly channel: string;
  readonly currency: string;
}

/** What orders, and the rows of the report, say of how they were sold. */
interface SoldAs {
  readonly mode: string;
  readonly soldBy?: string;
  readonly channel: string;
  readonly currency: string;
}

interface Asked {
  readonly preparedBy: string;
  /** Whose rule is wanted, where it is not the one that prepared. */
  readonly store?: string;
  /** None where it is asked for no goods. */
  readonly category?: string | undefined;
}

export function saleOf(sold: SoldAs, { preparedBy, store = preparedBy, category }: Asked): Sale {
  const { channel, currency } = sold;
  return { store, channel, currency, mode: modeOf(sold, preparedBy), ...(category === undefined ? {} : { category }) };
}

/** A store that sold what another one prepares: its aisle has no end. */
function modeOf({ mode, soldBy }: SoldAs, preparedBy: string): SaleMode {
  // All others are called alike.
  if (mode !== 'ship') return mode as SaleMode;
  return soldBy === undefined || soldBy === preparedBy ? 'ship-from-store' : 'endless-aisle';
}

/** The shipping fee of what a store prepared is the store's. It is asked as a line without a category. */
export const givesFee = (rule: CommissionRule | undefined): boolean => rule?.shipping === 'store';

/** The last that is valid at `at` (ms since the epoch); versions are in order. */
export function versionAt({ versions }: RuleBook, at: number): RuleVersion | undefined {
  return versions.findLast(({ validFrom }) => Date.parse(validFrom) <= at);
}

export function firstMatch({ rules }: RuleVersion, sale: Sale): CommissionRule | undefined {
  return rules.find(
    ({ store, category, mode, channel, currency }) =>
      allows(store, sale.store) &&
      allows(category, sale.category) &&
      allows(mode, sale.mode) &&
      allows(channel, sale.channel) &&
      allows(currency, sale.currency),
  );
}

export function frozen(
  version: string,
  { rule, percent, fixed, minimum, maximum, handlingFee }: CommissionRule,
): FrozenRule {
  return {
    version,
    rule,
    ...(percent === undefined ? {} : { percent }),
    ...(fixed === undefined ? {} : { fixed }),
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    ...(handlingFee === undefined ? {} : { handlingFee }),
  };
}

function allows(wanted: string | readonly string[] | undefined, found: string | undefined): boolean {
  if (wanted === undefined) return true;
  return found !== undefined && (typeof wanted === 'string' ? wanted === found : wanted.includes(found));
}
