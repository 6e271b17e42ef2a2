/**
 * Which stores fulfil which lines. Pinned lines go to their store or nowhere. The others: one store if one can, else the fewest,
 * also where only lines in parts make them so few; among as few, those that split no line that any store has whole, then the better
 * ranked (rank.ts).
 *
 * Lines of one sku count together; which of them stay whole is decided as units are given out, the largest first. Where such lines
 * exclude different stores each counts on its own, and what the chosen stores then lack comes from the next ones.
 */
import type { SourcingPlan, SourcingQuestion, StoreCandidate } from '../../protocols/sourcing.ts';
import { Allotment } from './allot.ts';
import { cover } from './cover.ts';
import { needsOf } from './needs.ts';
import { rank } from './rank.ts';
import { reasonOf } from './reason.ts';
import { Supply } from './supply.ts';

/** Pluggable: whoever has a better idea of who should fulfil gives the node another one. */
export type SourcingPolicy = (question: SourcingQuestion, candidates: readonly StoreCandidate[]) => SourcingPlan;

export const fewestStores: SourcingPolicy = (question, candidates) => {
  const supply = new Supply(question);
  const allotment = new Allotment(supply);
  const ranked = rank(candidates, question.destination);
  const pinned = question.lines.filter(({ store }) => store !== undefined);
  const free = question.lines.filter(({ store }) => store === undefined);
  for (const line of pinned) allotment.pin(line, storeCalled(candidates, line.store));
  const already = allotment.storesOf(pinned);
  const chosen = ranked.flatMap(({ candidate }, position) => (already.has(candidate.store) ? [position] : []));
  const { stores, fewest } = cover(needsOf(free, ranked, supply), chosen);
  const inPlan = new Set(stores);
  const isChosen = (position: number) => inPlan.has(position);
  const inRank = ranked.map(({ candidate }) => candidate);
  allotment.share(
    free,
    inRank.filter((_, position) => isChosen(position)),
    inRank.filter((_, position) => !isChosen(position)),
  );
  const serving = allotment.storesOf(free);
  const reason = reasonOf({
    pinned,
    free,
    stores: ranked.filter(({ candidate }) => serving.has(candidate.store)),
    fewest: fewest && ranked.every(({ candidate }, at) => isChosen(at) || !serving.has(candidate.store)),
    hasPinned: chosen.length > 0,
    unassigned: allotment.unassigned(),
  });
  return allotment.plan(question.lines, reason);
};

function storeCalled(candidates: readonly StoreCandidate[], name: string | undefined): StoreCandidate | undefined {
  return candidates.find(({ store }) => store === name);
}
