/** Queries whose answer may be longer than one reply. */
import type { Journal } from '../gateway/simulator-journal.ts';
import type { Terminal } from './terminal.ts';

const CALLS_A_PAGE = 1000;

/** A reply with `next` where there is more, from that row on. */
export type Paged<Page> = Page & { next?: number };

/** One after the other, each by what is `asked` beside it. None: there is no such thing. */
export async function* queryPages<Page extends object>(
  terminal: Pick<Terminal, 'query'>,
  subject: string,
  asked: object = {},
): AsyncGenerator<Paged<Page>> {
  let after: number | undefined = 0;
  while (after !== undefined) {
    const page: Paged<Page> | undefined = await terminal.query(subject, { ...asked, after });
    if (page === undefined) return;
    yield page;
    after = page.next;
  }
}

/** What a simulated provider was asked, and did. Throws where there is no such account. */
export async function* journalPages(terminal: Pick<Terminal, 'query'>, account: string): AsyncGenerator<Journal> {
  let found = false;
  for await (const page of queryPages<Journal>(terminal, `query.gateway.${account}.journal`, { limit: CALLS_A_PAGE })) {
    found = true;
    yield page;
  }
  if (!found) throw new Error(`there is no gateway account ${account}`);
}
