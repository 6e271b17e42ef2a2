import type { AttributionRow } from '../../../protocols/attribution.ts';
import type { RuleBook } from '../../../protocols/commission.ts';
import { readRuleFile } from '../../node/rule-file.ts';
import { Replay } from '../../report/replay.ts';
import { command, EXIT, UsageError } from '../command.ts';
import type { CliTerminal } from '../open-terminal.ts';
import { instant, PERIOD_OPTIONS, readPeriod } from '../period.ts';
import { print } from '../print.ts';
import { caveat, reportPages } from '../report/ask-report.ts';
import { RECKONED, type Replayed, replayText } from '../report/replay-text.ts';
import { TERMINAL_OPTIONS, withTerminal } from '../terminal-options.ts';

export const rules = command({
  forms: ['rules check --rules <file>', 'rules replay --rules <file> --from <time> --to <time> [--as-of <time>]'],
  about: `Commission rules. \`check\` says what is wrong with a file of them, rule by rule. \`replay\` reckons the recorded shares of a
period anew under the rules of the file, and shows what each party would have got more or less; nothing is changed. Reckoned anew
are ${RECKONED}.`,
  options: {
    rules: { type: 'string', value: '<file>', help: 'the rules, JSON' },
    ...PERIOD_OPTIONS,
    'as-of': { type: 'string', value: '<time>', help: 'replay: every order is under the version that is valid then' },
    ...TERMINAL_OPTIONS,
  },
  async run({ values, positionals: [action] }) {
    if (action !== 'check' && action !== 'replay')
      throw new UsageError(`rules ${action ?? ''}: check or replay is wanted`);
    if (values.rules === undefined) throw new UsageError('which rules? --rules <file>');
    const period = readPeriod(values);
    const book = readRuleFile(values.rules);
    if (book.versions.length === 0) throw new Error(`${values.rules}: it has no version of any rules`);
    if (action === 'check') return check(book, values.json);
    const asOf = values['as-of'] === undefined ? undefined : instant('as-of', values['as-of']);
    const replayed = await withTerminal(values, (terminal) => replay(terminal, new Replay(book, asOf), period));
    print(replayed, values.json, () => replayText(replayed));
    return EXIT.done;
  },
});

function check({ versions }: RuleBook, json: boolean | undefined): number {
  const summary = versions.map(({ version, validFrom, rules: of }) => ({ version, validFrom, rules: of.length }));
  print({ versions: summary }, json, () =>
    summary.map((of) => `${of.version}, valid from ${of.validFrom}: ${of.rules} rules, all in order\n`).join(''),
  );
  return EXIT.done;
}

/** From the first row on, because a part of a line is reckoned from all that came before it. */
async function replay(
  terminal: Pick<CliTerminal, 'query'>,
  replaying: Replay,
  { from, to }: { from: number; to: number },
): Promise<Replayed> {
  const until = Number.isFinite(to) ? { to: new Date(to).toISOString() } : {};
  let rows = 0;
  let warning: string | undefined;
  for await (const page of reportPages<{ rows: AttributionRow[] }>(terminal, 'attribution', until)) {
    for (const row of page.rows) {
      const isCounted = Date.parse(row.at) >= from;
      if (isCounted) rows += 1;
      replaying.add(row, isCounted);
    }
    warning = caveat(page.projection);
  }
  const { unknown, untold, withoutVersion } = replaying;
  const left = { unknown, untold, withoutVersion };
  return { rows, parties: replaying.result(), ...left, ...(warning === undefined ? {} : { caveat: warning }) };
}
