import type { Capability } from '../../protocols/capability.ts';

/** The most that can be captured of an authorisation, minor units. */
export function captureCeiling(authorised: number, { overCapture }: Capability, currency: string): number {
  const { percent, most } = overCapture;
  const more = Number((BigInt(authorised) * BigInt(percent)) / 100n);
  return authorised + (most ? Math.min(more, most[currency] ?? 0) : more);
}
