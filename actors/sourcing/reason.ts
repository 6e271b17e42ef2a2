/** Why a plan is as it is, in words for whoever reads the order. */
import type { SourcingPlan, Wanted } from '../../protocols/sourcing.ts';
import type { Ranked } from './rank.ts';

const MAX_NAMED = 5;

export interface Grounds {
  pinned: readonly Wanted[];
  free: readonly Wanted[];
  /** Stores of the free lines. */
  stores: readonly Ranked[];
  /** It is proven. */
  fewest: boolean;
  /** Stores of pinned lines are in the plan in any case. */
  hasPinned: boolean;
  unassigned: ReadonlyMap<string, number>;
}

export function reasonOf(grounds: Grounds): string {
  return [pins(grounds), choice(grounds), shortfall(grounds)].filter((part) => part !== '').join('; ');
}

/** Whoever reads the order sees that its store is none, and does not look for stock there. */
export function withUnknown(plan: SourcingPlan, stores: string[]): SourcingPlan {
  if (stores.length === 0) return plan;
  const unknown = `${some(stores, ', ')} ${stores.length === 1 ? 'is' : 'are'} not known`;
  return { ...plan, reason: `${plan.reason}; ${unknown}`, unknown: stores };
}

function pins({ pinned, unassigned }: Grounds): string {
  const served = pinned.filter(({ line, quantity }) => (unassigned.get(line) ?? 0) < quantity);
  if (served.length === 0) return '';
  const stores = [...new Set(served.map(({ store }) => store ?? ''))];
  return `${count(served.length, 'line')} pinned to ${some(stores, ', ')}`;
}

function choice({ free, stores, fewest, hasPinned, unassigned }: Grounds): string {
  if (stores.length === 0) return '';
  const complete = free.every(({ line }) => !unassigned.has(line));
  const what = complete ? allOf(free.length) : `what there is of ${count(free.length, 'line')}`;
  const names = some(stores.map(described), ' and ');
  if (stores.length === 1) return `one store has ${what}: ${names}`;
  const howFew = hasPinned ? ', with those of pinned lines the fewest that' : ', the fewest that';
  return `${stores.length} stores${fewest ? howFew : ' together'} have ${what}: ${names}`;
}

const allOf = (lines: number): string => (lines === 1 ? 'the line' : `all ${lines} lines`);

function described({ candidate, km }: Ranked): string {
  const distance = km === undefined ? 'distance unknown' : `${km} km`;
  return `${candidate.store}, priority ${candidate.priority}, ${distance}, load ${candidate.load}`;
}

function shortfall({ pinned, unassigned }: Grounds): string {
  if (unassigned.size === 0) return '';
  const stores = new Map(pinned.map(({ line, store }) => [line, store]));
  const missing = [...unassigned].map(([line, quantity]) => {
    const store = stores.get(line);
    return `${quantity} of line ${line}${store === undefined ? '' : ` at ${store}`}`;
  });
  return `nobody to give ${some(missing, ', ')}`;
}

function some(names: readonly string[], separator: string): string {
  if (names.length <= MAX_NAMED) return names.join(separator);
  return `${names.slice(0, MAX_NAMED).join(separator)} … (${names.length} in all)`;
}

const count = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? '' : 's'}`;
