/**
 * How a store is stored: a head, and the pages of its holdings beside it once there are several. Pages never become fewer, so
 * none is left over.
 */
import { extended } from '../../protocols/extended.ts';
import type { ChartDefinition, Stored } from '../chart.ts';
import type { Page } from './holdings.ts';
import type { StoreRecord } from './record.ts';

interface Head extends Omit<StoreRecord, 'holdings'> {
  readonly entries: number;
  readonly load: number;
  readonly pageCount: number;
  /** The only page. */
  readonly page?: Page;
}

const pageName = (position: number): string => `p${position}`;

export const split: NonNullable<ChartDefinition<StoreRecord>['split']> = (record, before) => {
  const { holdings, ...rest } = record;
  const { pages, entries, load } = holdings;
  const head: Head = extended(rest, { entries, load, pageCount: pages.length });
  const [only] = pages;
  if (pages.length === 1 && only) return { head: extended(head, { page: only }), pages: new Map() };
  const known = before?.holdings.pages.length === pages.length ? before.holdings.pages : [];
  const changed = new Map<string, Page>();
  for (const [position, page] of pages.entries()) {
    if (page !== known[position]) changed.set(pageName(position), page);
  }
  return { head, pages: changed };
};

export function join(stored: Stored, parts: Map<string, unknown>): StoreRecord {
  const { state: _, page, pageCount, entries, load, ...rest } = stored as Stored & Head;
  const pages = page ? [page] : Array.from({ length: pageCount }, (_none, position) => pageOf(parts, position));
  return { ...rest, holdings: { pages, entries, load } };
}

function pageOf(parts: Map<string, unknown>, position: number): Page {
  const page = parts.get(pageName(position));
  if (!page) throw new Error(`store: page ${position} is missing`);
  return page as Page;
}
