import { COMMANDS, EVENTS } from '../../../protocols/subjects.ts';
import { explain as explainFrom } from '../../explain/explain.ts';
import { recordedHistory, type Sources } from '../../explain/recorded-history.ts';
import { Archive } from '../../nats/archive.ts';
import { openConnection } from '../../nats/connection.ts';
import { command, EXIT, UsageError } from '../command.ts';
import { print } from '../print.ts';
import { checkedId } from '../show-entity.ts';
import { natsUrl, TERMINAL_OPTIONS, withTerminal } from '../terminal-options.ts';
import { explanationText } from '../views/explanation-text.ts';

export const explain = command({
  forms: ['explain <order> <entry|row>'],
  about: `Says how an amount came about: each sum with what it is made of, each rounding with what was rounded, down to the unit price;
then the commands that led to it, what reached the gateway, its rows of the report, and the entries that are linked to it.
It is named by a ledger entry (A1001-p1), a row of the report (A1001-9-2) or a gateway reference.`,
  options: TERMINAL_OPTIONS,
  async run({ values, positionals: [id, what] }) {
    const order = checkedId('order', id);
    if (what === undefined) throw new UsageError('which entry, row or gateway reference?');
    const history = await withSources(values, (sources) => recordedHistory(order, sources));
    if (!history) throw new Error(`there is no order ${order}`);
    const explanation = explainFrom(what, history);
    if (!explanation) throw new Error(`order ${order} has no entry, row or gateway reference ${what}`);
    print(explanation, values.json, () => explanationText(explanation));
    return EXIT.done;
  },
});

async function withSources<Result>(
  values: { nats?: string },
  use: (sources: Sources) => Promise<Result>,
): Promise<Result> {
  return withTerminal(values, async (terminal) => {
    const connection = await openConnection({ servers: natsUrl(values), name: 'tillwire explain' });
    const [said, asked] = [new Archive(connection, EVENTS), new Archive(connection, COMMANDS)];
    try {
      return await use({
        query: (subject, request) => terminal.query(subject, request),
        said: (subject) => said.all(subject),
        asked: (subject) => asked.all(subject),
      });
    } finally {
      said.close();
      asked.close();
      await connection.drain();
    }
  });
}
