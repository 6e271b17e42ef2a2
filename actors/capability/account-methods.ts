/** The capability records of one gateway account: the provider's, with what the account is said to have otherwise. */
import type { Capability, CapabilityOverride } from '../../protocols/capability.ts';
import { GENERIC } from './generic.ts';
import { type ProviderName, shippedMethods } from './shipped.ts';

/** Method → what differs from the record that is known without it. */
export type Overrides = Readonly<Record<string, CapabilityOverride>>;

/** Later layers win; each says of a method what it says, and what it leaves out is as the layers before know it. */
export function accountMethods(provider: ProviderName, ...layers: Overrides[]): ReadonlyMap<string, Capability> {
  const known = new Map(Object.entries(shippedMethods(provider)));
  for (const layer of layers) {
    for (const [method, override] of Object.entries(layer)) {
      known.set(method, { ...(known.get(method) ?? GENERIC), ...override });
    }
  }
  return known;
}
