/** Invariant 9: nothing is promised twice, and nothing stays promised that nobody waits for. */
import type { StoreRecord } from '../../actors/store/record.ts';
import type { StoredOrder } from './order-invariants.ts';

export function checkStock({ id, holdings }: StoreRecord): string[] {
  const found: string[] = [];
  const promised = new Map<string, number>();
  for (const { work } of holdings.pages) {
    for (const { lines } of work) {
      for (const { sku, quantity } of lines) promised.set(sku, (promised.get(sku) ?? 0) + quantity);
    }
  }
  for (const { stock } of holdings.pages) {
    for (const [sku, onHand, reserved] of stock) {
      if (reserved < 0 || reserved > onHand) found.push(`${id}: ${reserved} ${sku} reserved of ${onHand}`);
      if ((promised.get(sku) ?? 0) !== reserved) {
        found.push(`${id}: ${reserved} ${sku} reserved, ${promised.get(sku) ?? 0} promised to fulfilments`);
      }
      promised.delete(sku);
    }
  }
  for (const [sku, quantity] of promised)
    if (quantity > 0) found.push(`${id}: ${quantity} ${sku} promised from nothing`);
  return found;
}

interface Open {
  line: string;
  quantity: number;
  ready: number;
}

/**
 * At rest the stores' work is what the orders' open fulfilments are. A count may have missed what lies ready at the counter: the
 * order keeps those units, as somebody saw them, and the store does not count on them any more.
 */
export function checkReservations(orders: readonly StoredOrder[], stores: readonly StoreRecord[]): string[] {
  const wanted = openWork(orders);
  const found: string[] = [];
  for (const { id, holdings } of stores) {
    for (const { fulfilment, lines } of holdings.pages.flatMap(({ work }) => work)) {
      const name = `${id} ${fulfilment}`;
      const open = wanted.get(name) ?? [];
      wanted.delete(name);
      const reserved = new Map(lines.map(({ line, quantity }) => [line, quantity]));
      for (const { line, quantity, ready } of open) {
        const has = reserved.get(line) ?? 0;
        reserved.delete(line);
        if (has > quantity || has < quantity - ready) {
          found.push(`${name}: ${has} of ${line} reserved, ${quantity} open, ${ready} of them ready`);
        }
      }
      for (const [line, has] of reserved) found.push(`${name}: ${has} of ${line} reserved, nothing open`);
    }
  }
  for (const [name, open] of wanted) {
    if (open.some(({ quantity, ready }) => quantity > ready)) found.push(`${name}: open, nothing reserved`);
  }
  return found;
}

/** By store and fulfilment. */
function openWork(orders: readonly StoredOrder[]): Map<string, Open[]> {
  const open = new Map<string, Open[]>();
  for (const { items, fulfilments } of orders) {
    for (const { id, store, state, lines, terms } of fulfilments) {
      if (!terms || !['offered', 'accepted', 'ready'].includes(state)) continue;
      const work = lines.map(({ line, quantity, ready }) => ({ line: items[line]?.line ?? '?', quantity, ready }));
      open.set(
        `${store} ${id}`,
        work.filter(({ quantity }) => quantity > 0),
      );
    }
  }
  return open;
}
