/**
 * What lies in a store, and what of it is promised: rows in immutable pages, so that an order rewrites the few pages it touches.
 *
 * H1  A sku's row is in the page `fnv1a(sku) & (pages − 1)`; the number of pages is a power of two and never shrinks.
 * H2  Work is in the page of one of its skus, the first line's when it is put there, so that a fulfilment of one article touches
 *     one page. A message that names a part of the lines may have to look in all pages.
 * H3  A page that an edit did not write is the same reference before and after.
 * H4  0 ≤ reserved ≤ on hand for every row an edit leaves behind.
 *
 * Rows are arrays searched one by one, not objects by sku: a page has about a hundred, copying it is a memcpy, and a sku such
 * as `71053` or `__proto__` is not safe, or not quick, as a key.
 */
import type { SkuUnits } from '../../protocols/internal.ts';
import { fnv1a } from '../../protocols/partition.ts';

export type StockRow = readonly [sku: string, onHand: number, reserved: number];

/** An open fulfilment: what is reserved for it. */
export interface Work {
  readonly fulfilment: string;
  readonly order: string;
  /** Revision at which it was reserved: tells the newest. */
  readonly since: number;
  readonly lines: readonly SkuUnits[];
}

export interface Page {
  readonly stock: readonly StockRow[];
  readonly work: readonly Work[];
}

export interface Holdings {
  readonly pages: readonly Page[];
  /** Rows of stock and work in all pages. */
  readonly entries: number;
  /** Open fulfilments. */
  readonly load: number;
}

const MAX_PAGES = 256;
const ENTRIES_PER_PAGE = 128;

const EMPTY_PAGE: Page = { stock: [], work: [] };
export const NOTHING: Holdings = { pages: [EMPTY_PAGE], entries: 0, load: 0 };

interface OpenPage {
  stock: StockRow[];
  work: Work[];
}

/** One message's changes. Reads see what was written; `done` gives the new holdings. */
export class HoldingsEdit {
  private pages: Page[];
  private entries: number;
  private load: number;
  /** Pages of this edit's own, by position: they may be written to. */
  private readonly own = new Map<number, OpenPage>();
  /** What was written last, by sku. */
  private readonly written = new Map<string, StockRow>();

  constructor(holdings: Holdings) {
    this.pages = holdings.pages.slice();
    this.entries = holdings.entries;
    this.load = holdings.load;
  }

  stockOf(sku: string): StockRow {
    return stockIn(this.pages, sku);
  }

  setStock(sku: string, onHand: number, reserved: number): void {
    const { stock } = this.open(pageOf(this.pages, sku));
    const position = stock.findIndex((row) => row[0] === sku);
    const row: StockRow = [sku, onHand, reserved];
    this.written.set(sku, row);
    if (position >= 0) {
      stock[position] = row;
      return;
    }
    stock.push(row);
    this.entries += 1;
    this.grow();
  }

  /** `lines` are all the lines that it was reserved with. */
  isReserved(fulfilment: string, lines: readonly SkuUnits[]): boolean {
    return this.pageNear(fulfilment, lines) !== undefined;
  }

  /** `lines` are a part of the work's, to look near them first. */
  workOf(fulfilment: string, lines: readonly SkuUnits[]): Work | undefined {
    const position = this.pageOfWork(fulfilment, lines);
    return position === undefined ? undefined : workIn(this.pages[position], fulfilment);
  }

  addWork(work: Work): void {
    this.open(homeOf(this.pages, work)).work.push(work);
    this.entries += 1;
    this.load += 1;
    this.grow();
  }

  /** The same work with other lines; without any it is over. */
  changeWork(work: Work, lines: readonly SkuUnits[]): void {
    const position = this.pageOfWork(work.fulfilment, work.lines);
    if (position === undefined) throw new Error(`no open work ${work.fulfilment}`);
    const page = this.open(position);
    const row = page.work.findIndex(({ fulfilment }) => fulfilment === work.fulfilment);
    if (lines.length > 0) {
      page.work[row] = { ...work, lines };
      return;
    }
    page.work.splice(row, 1);
    this.entries -= 1;
    this.load -= 1;
  }

  allWork(): Work[] {
    return this.pages.flatMap(({ work }) => work);
  }

  /** Rows of the skus that were written. */
  changed(): StockRow[] {
    return [...this.written.values()];
  }

  done(): Holdings {
    for (const [sku, onHand, reserved] of this.changed()) {
      if (reserved < 0 || reserved > onHand) throw new Error(`${sku}: ${reserved} reserved of ${onHand} on hand`);
    }
    return { pages: this.pages, entries: this.entries, load: this.load };
  }

  private open(position: number): OpenPage {
    const known = this.own.get(position);
    if (known) return known;
    const { stock, work } = this.pages[position] ?? EMPTY_PAGE;
    const page = { stock: stock.slice(), work: work.slice() };
    this.own.set(position, page);
    this.pages[position] = page;
    return page;
  }

  private pageOfWork(fulfilment: string, lines: readonly SkuUnits[]): number | undefined {
    const near = this.pageNear(fulfilment, lines);
    if (near !== undefined) return near;
    const position = this.pages.findIndex((page) => workIn(page, fulfilment));
    return position < 0 ? undefined : position;
  }

  private pageNear(fulfilment: string, lines: readonly SkuUnits[]): number | undefined {
    for (const { sku } of lines) {
      const position = pageOf(this.pages, sku);
      if (workIn(this.pages[position], fulfilment)) return position;
    }
    return undefined;
  }

  private grow(): void {
    if (this.entries <= ENTRIES_PER_PAGE * this.pages.length || this.pages.length >= MAX_PAGES) return;
    const old = this.pages;
    const grown: OpenPage[] = Array.from({ length: old.length * 2 }, () => ({ stock: [], work: [] }));
    for (const { stock, work } of old) {
      for (const row of stock) grown[pageOf(grown, row[0])]?.stock.push(row);
      for (const item of work) grown[homeOf(grown, item)]?.work.push(item);
    }
    this.pages = grown;
    this.own.clear();
    for (const [position, page] of grown.entries()) this.own.set(position, page);
  }
}

/** The row of a sku; one of zeros where the store never had it. */
function stockIn(pages: readonly Page[], sku: string): StockRow {
  return pages[pageOf(pages, sku)]?.stock.find((row) => row[0] === sku) ?? [sku, 0, 0];
}

function workIn(page: Page | undefined, fulfilment: string): Work | undefined {
  return page?.work.find((work) => work.fulfilment === fulfilment);
}

function pageOf(pages: readonly unknown[], sku: string): number {
  return pages.length === 1 ? 0 : fnv1a(sku) & (pages.length - 1);
}

function homeOf(pages: readonly unknown[], work: Work): number {
  return pageOf(pages, work.lines[0]?.sku ?? '');
}
