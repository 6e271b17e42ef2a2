/** Asks the system what became of the week, once everything that is under way has been decided. */
import { setTimeout as pause } from 'node:timers/promises';
import type { OrderView, ReturnView } from '../../protocols/views.ts';
import type { JournalRow } from '../gateway/simulator-journal.ts';
import { journalPages } from '../nats/query-pages.ts';
import type { TradingTerminal } from './terminal-port.ts';

/** Queries under way at a time. */
const CONCURRENCY = 32;
const ASK_AGAIN_MS = 250;
/** Nothing was decided in so long: it won't be. */
const STUCK_MS = 60_000;

/** Orders in the sequence of `ids`; resolves when no order waits for the gateway. */
export async function settledOrders(terminal: TradingTerminal, ids: readonly string[]): Promise<OrderView[]> {
  const views = new Map<string, OrderView>();
  let open = [...ids];
  let since = performance.now();
  while (open.length > 0) {
    const asked = await askAll(open, (id) => terminal.query<OrderView>(`query.order.${id}`));
    asked.forEach((view, index) => {
      if (view) views.set(open[index] ?? '', view);
    });
    const still = open.filter((id) => isPending(views.get(id)));
    if (still.length < open.length) since = performance.now();
    if (performance.now() - since > STUCK_MS)
      throw new Error(`the gateway has not decided these orders: ${still.join(', ')}`);
    open = still;
    if (open.length > 0) await pause(ASK_AGAIN_MS);
  }
  return ids.flatMap((id) => views.get(id) ?? []);
}

export async function returns(terminal: TradingTerminal, ids: readonly string[]): Promise<ReturnView[]> {
  const views = await askAll(ids, (id) => terminal.query<ReturnView>(`query.return.${id}`));
  return views.flatMap((view) => view ?? []);
}

/** All that moved, and the number of calls. */
export async function wholeJournal(
  terminal: TradingTerminal,
  account: string,
): Promise<{ calls: number; moved: JournalRow[] }> {
  const whole = { calls: 0, moved: [] as JournalRow[] };
  for await (const { calls, moved } of journalPages(terminal, account)) {
    whole.calls += calls.length;
    whole.moved.push(...moved);
  }
  return whole;
}

function isPending(order: OrderView | undefined): boolean {
  return order?.ledger.some(({ state }) => state === 'requested' || state === 'unknown') ?? false;
}

async function askAll<Reply>(
  ids: readonly string[],
  ask: (id: string) => Promise<Reply | undefined>,
): Promise<(Reply | undefined)[]> {
  const replies: (Reply | undefined)[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < ids.length; index = next++) replies[index] = await ask(ids[index] ?? '');
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return replies;
}
