import type { StoreView } from '../../../protocols/views.ts';
import { queryPages } from '../../nats/query-pages.ts';
import { command, EXIT, UsageError } from '../command.ts';
import type { CliTerminal } from '../open-terminal.ts';
import { PERIOD_OPTIONS, readPeriod } from '../period.ts';
import { writeTo } from '../report/output.ts';
import { type StatementAsked, writeStatement } from '../report/statement-document.ts';
import { checkedId, showEntity } from '../show-entity.ts';
import { TERMINAL_OPTIONS, withTerminal } from '../terminal-options.ts';
import { storeText } from '../views/store-text.ts';

export const store = command({
  forms: ['store <id>', 'store <id> --statement --from <day> --to <day>'],
  about: `Shows a store: its terms, open fulfilments, stock and what it owes. With --statement its account with headquarters: what was owed before,
every share, payment, pull-back and netting of the period, and what is owed after it. What is left out of the period is as far as
there are entries.`,
  options: {
    ...TERMINAL_OPTIONS,
    statement: { type: 'boolean', help: 'its account with headquarters' },
    ...PERIOD_OPTIONS,
  },
  async run({ values, positionals: [id] }) {
    const { statement, from, to, json } = values;
    if (!statement) {
      if (from !== undefined || to !== undefined)
        throw new UsageError('--from and --to are of a statement: --statement');
      return showEntity({ entity: 'store', id, text: storeText, ask: wholeStore }, values);
    }
    const asked: StatementAsked = { store: checkedId('store', id), ...period(values) };
    await withTerminal(values, async (terminal) => {
      const known = await terminal.query(`query.store.${asked.store}`);
      if (known === undefined) throw new Error(`there is no store ${asked.store}`);
      await writeTo(undefined, ({ write }) => writeStatement(terminal, asked, json, write));
    });
    return EXIT.done;
  },
});

/** Of a store that does not fit into one reply; one that changes meanwhile is asked again. */
const MOST_TRIES = 10;

async function wholeStore(terminal: CliTerminal, id: string): Promise<StoreView | undefined> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const pages: StoreView[] = [];
    for await (const { next: _, ...page } of queryPages<StoreView>(terminal, `query.store.${id}`)) pages.push(page);
    const [first] = pages;
    if (first === undefined) return undefined;
    if (pages.some(({ revision }) => revision !== first.revision)) continue;
    return {
      ...first,
      fulfilments: pages.flatMap(({ fulfilments }) => fulfilments),
      stock: pages.flatMap(({ stock }) => stock),
      debts: pages.flatMap(({ debts }) => debts),
    };
  }
  throw new Error(`${id} changes faster than it can be read: try again, or ask query.store.${id} page by page`);
}

/** What is left out is as far as there are entries. */
function period(asked: { from?: string; to?: string }): { from?: string; to?: string } {
  const { from, to } = readPeriod(asked);
  return {
    ...(asked.from === undefined ? {} : { from: new Date(from).toISOString() }),
    ...(asked.to === undefined ? {} : { to: new Date(to).toISOString() }),
  };
}
