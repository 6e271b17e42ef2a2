/** Which store is asked before another: priority, then distance, then load; the name decides what is left. */
import type { SourcingQuestion, StoreCandidate } from '../../protocols/sourcing.ts';
import { distanceKm } from './distance.ts';

export interface Ranked {
  readonly candidate: StoreCandidate;
  /** Undefined where either place is unknown. */
  readonly km: number | undefined;
}

/** Best first. */
export function rank(candidates: readonly StoreCandidate[], destination: SourcingQuestion['destination']): Ranked[] {
  const ranked = candidates.map((candidate) => ({ candidate, km: wholeKm(distanceKm(candidate, destination)) }));
  return ranked.sort((a, b) => compare(a, b, destination?.country));
}

function compare(a: Ranked, b: Ranked, country: string | undefined): number {
  const abroad = ({ candidate }: Ranked) => (country !== undefined && candidate.country !== country ? 1 : 0);
  return (
    a.candidate.priority - b.candidate.priority ||
    byDistance(a.km, b.km) ||
    abroad(a) - abroad(b) ||
    a.candidate.load - b.candidate.load ||
    (a.candidate.store < b.candidate.store ? -1 : 1)
  );
}

/** Unknown distances last. */
function byDistance(a: number | undefined, b: number | undefined): number {
  if (a === undefined || b === undefined) return (a === undefined ? 1 : 0) - (b === undefined ? 1 : 0);
  return a - b;
}

/** A way that is shorter by less than that is no reason. */
const wholeKm = (km: number | undefined): number | undefined => (km === undefined ? undefined : Math.round(km));
