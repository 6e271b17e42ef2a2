/** The reply to `query.store.<id>`. */
import type { StoreView } from '../../protocols/views.ts';
import type { Charted } from '../chart.ts';
import { NO_DEBT, unlisted } from './account.ts';
import { stockLevel } from './announce.ts';
import type { StoreRecord } from './record.ts';

export function storeView({ record }: Charted<StoreRecord>): StoreView {
  const { id, revision, open, terms, account = NO_DEBT, holdings } = record;
  const work = holdings.pages.flatMap((page) => page.work).sort((a, b) => a.since - b.since);
  return {
    store: id,
    revision,
    state: open ? 'open' : 'closed',
    name: terms.name,
    ownership: terms.ownership,
    commission: terms.commission,
    owes: Object.fromEntries(account.owes),
    debts: (account.debts ?? []).map(({ order, key: entry, currency, left }) => ({ order, entry, currency, left })),
    unlisted: Object.fromEntries(unlisted(account)),
    fulfilments: work.map(({ fulfilment, order, lines }) => ({ fulfilment, order, lines: [...lines] })),
    stock: holdings.pages.flatMap((page) => page.stock.map(stockLevel)).sort((a, b) => (a.sku < b.sku ? -1 : 1)),
  };
}
