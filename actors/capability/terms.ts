/** The part of a record that a provider goes by when it is asked for money, as requests carry it. */
import type { Capability, CapabilityOverride } from '../../protocols/capability.ts';
import { SIMULATED_CARD } from './simulator.ts';

const TERMS = [
  'delayedCapture',
  'captures',
  'partialReleasesRest',
  'amountStep',
  'partialRefund',
  'refundWithin',
  'overCapture',
] as const satisfies (keyof Capability)[];

/** What differs from a simulated card; undefined where nothing does. */
export function termsOf(capability: Capability): CapabilityOverride | undefined {
  const different = TERMS.filter((term) => !isSame(capability[term], SIMULATED_CARD[term]));
  if (different.length === 0) return undefined;
  return Object.fromEntries(different.map((term) => [term, capability[term]]));
}

export const underTerms = (terms: CapabilityOverride | undefined): Capability => ({ ...SIMULATED_CARD, ...terms });

/** Said in another order they would be told for nothing, which does no harm. */
const isSame = (one: unknown, other: unknown): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other);
