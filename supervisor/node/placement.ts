/**
 * Who runs what: rendezvous hashing. Every node computes the same from the same list of live nodes; when one joins or leaves,
 * only its own share moves. Wrong views are harmless (the turn's fencing), they only cost time.
 */
import { fnv1a } from '../../protocols/partition.ts';

/** The live node that runs `what`, undefined when there is none. */
export function placed(what: string, liveNodes: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestScore = -1;
  for (const node of liveNodes) {
    const score = mix(fnv1a(`${node}|${what}`));
    if (score > bestScore || (score === bestScore && best !== undefined && node < best)) {
      best = node;
      bestScore = score;
    }
  }
  return best;
}

export function placedPartitions(node: string, liveNodes: readonly string[], partitions: number): Set<number> {
  const mine = new Set<number>();
  for (let partition = 0; partition < partitions; partition++) {
    if (placed(`partition-${partition}`, liveNodes) === node) mine.add(partition);
  }
  return mine;
}

/** FNV-1a alone barely changes its high bits with the last characters: the finaliser of MurmurHash3 spreads them. */
function mix(hash: number): number {
  let mixed = hash;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
