import type { Posting } from '../../report/postings.ts';
import type { Progress } from '../../report/question.ts';
import { section } from '../../text/section.ts';
import { command, EXIT, UsageError } from '../command.ts';
import type { CliTerminal } from '../open-terminal.ts';
import { PERIOD_OPTIONS, readPeriod } from '../period.ts';
import { type Asked, askReport, caveat, reportPages } from '../report/ask-report.ts';
import { writeCsv, writeJson, writeParquet, writeTable } from '../report/attribution-document.ts';
import { checkLines } from '../report/check-lines.ts';
import { writePostingsCsv, writePostingsTable } from '../report/journal-document.ts';
import { writeTo } from '../report/output.ts';
import { type Summed, sumsText } from '../report/sums-text.ts';
import { checkedId } from '../show-entity.ts';
import { TERMINAL_OPTIONS, withTerminal } from '../terminal-options.ts';

const FORMATS = ['table', 'csv', 'json', 'parquet'] as const;
type Format = (typeof FORMATS)[number];

export const report = command({
  forms: ['report attribution --from <day> --to <day>', 'report journal --from <day> --to <day>'],
  about: `\`attribution\`: a row for each order line and money movement of the period, with who gets what of it; a table ends with the
sums. \`journal\`: balanced double-entry postings by day and party, for accounting.

CSV is for spreadsheets: in names, categories, carriers, references and reasons of returns an apostrophe stands before what one
might take for a formula. Ids and amounts are exact, and JSON, Parquet and the feed have every text as it came.`,
  options: {
    nats: TERMINAL_OPTIONS.nats,
    json: { type: 'boolean', help: 'the same as --format json' },
    ...PERIOD_OPTIONS,
    store: { type: 'string', value: '<store>', help: 'attribution: rows that a store has a part in' },
    channel: { type: 'string', value: '<channel>', help: 'attribution: rows of what a channel sold' },
    order: { type: 'string', value: '<order>', help: 'attribution: rows of an order' },
    format: { type: 'string', value: '<format>', help: `${FORMATS.join(', ')} (table); a journal is no parquet` },
    out: { type: 'string', value: '<file>', help: 'write it there; parquet wants a file' },
  },
  async run({ values, positionals: [action] }) {
    if (action !== 'attribution' && action !== 'journal') {
      throw new UsageError('which report? attribution or journal');
    }
    const format = formatOf(values);
    const { store, channel, order, out } = values;
    const period = periodOf(values);
    if (format === 'parquet' && action === 'journal')
      throw new UsageError('--format parquet: a journal is csv or json');
    if (format === 'parquet' && out === undefined) throw new UsageError('--format parquet wants a file: --out <file>');
    const filters = Object.entries({ store, channel, order }).filter(([, value]) => value !== undefined);
    const [filter] = filters;
    if (action === 'journal' && filter) throw new UsageError(`--${filter[0]}: a journal is of everything`);
    const asked = { ...period, ...Object.fromEntries(filters) };
    const progress = await withTerminal(values, (terminal) =>
      action === 'journal' ? journal(terminal, asked, format, out) : attribution(terminal, asked, format, out),
    );
    const warning = progress && caveat(progress);
    if (warning !== undefined) process.stderr.write(`tillwire: ${warning}\n`);
    return EXIT.done;
  },
});

function formatOf({ json, format: text = json ? 'json' : 'table' }: { json?: boolean; format?: string }): Format {
  const format = FORMATS.find((known) => known === text);
  if (format === undefined) throw new UsageError(`--format ${text}: one of ${FORMATS.join(', ')} is wanted`);
  if (json && format !== 'json') throw new UsageError(`--json and --format ${text}: one of them`);
  return format;
}

function periodOf({ from, to }: { from?: string; to?: string }): { from: string; to: string } {
  if (from === undefined || to === undefined) throw new UsageError('which period? --from <day> --to <day>');
  const period = readPeriod({ from, to });
  return { from: new Date(period.from).toISOString(), to: new Date(period.to).toISOString() };
}

/** Rows page by page; remembers how far the report was when the last page was asked for. */
class Paged<Row> {
  progress: Progress | undefined;
  private readonly pages: AsyncGenerator<{ rows?: Row[]; postings?: Row[]; projection: Progress }>;

  constructor(terminal: CliTerminal, question: string, asked: Asked) {
    this.pages = reportPages(terminal, question, asked);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Row[]> {
    for await (const { projection, rows, postings } of this.pages) {
      this.progress = projection;
      yield rows ?? postings ?? [];
    }
  }
}

async function attribution(
  terminal: CliTerminal,
  asked: Asked,
  format: Format,
  out: string | undefined,
): Promise<Progress | undefined> {
  const pages = new Paged<Record<string, string | number>>(terminal, 'attribution', asked);
  if (format === 'parquet' && out !== undefined) await writeParquet(pages, out);
  else {
    await writeTo(out, async ({ write }) => {
      if (format === 'csv') await writeCsv(pages, write);
      else if (format === 'json') await writeJson(pages, write);
      else {
        const count = await writeTable(pages, write);
        if (count === 0) return write(await nothingText(terminal, asked));
        const summed = await askReport<Summed>(terminal, 'summary', { ...asked, groupBy: ['account', 'way'] });
        await write(sumsText(summed));
        const accounts = new Set(
          summed.groups.flatMap(({ account }) => (account === undefined ? [] : String(account))),
        );
        const lines = await checkLines(terminal, [...accounts]);
        await write(
          section('check, of all that was ever booked', lines)
            .map((line) => `${line}\n`)
            .join(''),
        );
      }
    });
  }
  return pages.progress;
}

/** Why there is nothing to show: a name may be mistyped. */
async function nothingText(terminal: CliTerminal, { from, to, ...filters }: Asked): Promise<string> {
  for (const entity of ['order', 'store'] as const) {
    const id = filters[entity];
    if (typeof id === 'string' && (await terminal.query(`query.${entity}.${checkedId(entity, id)}`)) === undefined)
      throw new Error(`there is no ${entity} ${id}`);
  }
  const of = Object.entries(filters).map(([name, value]) => ` of ${name} ${value}`);
  return `no rows${of.join('')} from ${from} to ${to}, not included\n`;
}

async function journal(
  terminal: CliTerminal,
  asked: Asked,
  format: Format,
  out: string | undefined,
): Promise<Progress | undefined> {
  const pages = new Paged<Posting>(terminal, 'journal', asked);
  await writeTo(out, async ({ write }) => {
    if (format === 'csv') await writePostingsCsv(pages, write);
    else if (format === 'json') await writeJson(pages, write);
    else await writePostingsTable(pages, write);
  });
  return pages.progress;
}
