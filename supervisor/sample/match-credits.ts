/**
 * Finds what a credit note takes back: units of earlier orders of the same customer and sku, at the credited price before
 * other prices, the newest order first, never more than was bought and not taken back yet.
 */
import type { SheetRow } from './read-sheet.ts';

export type Bought = { order: string; line: string; customer: string; sku: string; row: SheetRow };
export type TakenBack = { order: string; line: string; quantity: number; unitMills: number };

export class Purchases {
  private readonly byCustomerAndSku: ReadonlyMap<string, { bought: Bought; left: number }[]>;

  /** `credited`: what credit notes name; other purchases are not kept. */
  constructor(credited: readonly { customer: string; sku: string }[]) {
    this.byCustomerAndSku = new Map(credited.map(({ customer, sku }) => [keyOf(customer, sku), []]));
  }

  add(bought: Bought): void {
    this.byCustomerAndSku.get(keyOf(bought.customer, bought.sku))?.push({ bought, left: bought.row.quantity });
  }

  takeBack(credit: SheetRow, customer: string, sku: string): TakenBack[] {
    const earlier = (this.byCustomerAndSku.get(keyOf(customer, sku)) ?? [])
      .filter(({ bought, left }) => left > 0 && bought.row.atMs <= credit.atMs && bought.row.row < credit.row)
      .sort(
        (a, b) =>
          preference(credit, a.bought.row) - preference(credit, b.bought.row) || newestFirst(a.bought, b.bought),
      );
    const taken: TakenBack[] = [];
    let wanted = -credit.quantity;
    for (const entry of earlier) {
      const quantity = Math.min(wanted, entry.left);
      if (quantity === 0) break;
      entry.left -= quantity;
      wanted -= quantity;
      const { order, line, row } = entry.bought;
      taken.push({ order, line, quantity, unitMills: row.priceMills });
    }
    return taken;
  }
}

function preference(credit: SheetRow, bought: SheetRow): number {
  return bought.priceMills === credit.priceMills ? 0 : 1;
}

/** Lines of one order keep their sequence. */
function newestFirst(a: Bought, b: Bought): number {
  return a.order === b.order ? a.row.row - b.row.row : b.row.row - a.row.row;
}

function keyOf(customer: string, sku: string): string {
  return `${customer} ${sku}`;
}
