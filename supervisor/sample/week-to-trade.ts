/** The sheet's rows as trade: pure, the same for the same rows and start. The rules are in rules.ts. */
import { isCreditNote } from './classify-row.ts';
import { type Journey, planJourney } from './journey.ts';
import type { SheetRow } from './read-sheet.ts';
import { invoicesOf } from './sheet-invoices.ts';
import { type TradePlan, TradePlanner } from './trade-plan.ts';

export type Trade = TradePlan & {
  /** In the order of the week. */
  journeys: Journey[];
};

export function weekToTrade(rows: readonly SheetRow[], startAt: Date): Trade {
  const invoices = invoicesOf(rows);
  const notes = invoices.filter(({ number }) => isCreditNote(number));
  const planner = new TradePlanner(notes, startAt.getTime() - (rows[0]?.atMs ?? 0));
  const placed = invoices.filter(({ number }) => !isCreditNote(number)).flatMap((sale) => planner.sell(sale) ?? []);
  const plan = planner.close();
  return { ...plan, journeys: placed.map((order) => planJourney(order, plan.returns.get(order.order) ?? [])) };
}
