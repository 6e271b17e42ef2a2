/** Queries whose answer may be longer than one reply. */
import type { Terminal } from './terminal.ts';

/** A reply with `next` where there is more, from that row on. */
export type Paged<Page> = Page & { next?: number };

/** One after the other. None: there is no such thing. */
export async function* queryPages<Page extends object>(
  terminal: Pick<Terminal, 'query'>,
  subject: string,
  limit?: number,
): AsyncGenerator<Paged<Page>> {
  let after: number | undefined = 0;
  while (after !== undefined) {
    const page: Paged<Page> | undefined = await terminal.query(subject, { after, ...(limit ? { limit } : {}) });
    if (page === undefined) return;
    yield page;
    after = page.next;
  }
}
