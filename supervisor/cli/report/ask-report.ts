/** The report as the command line asks for it: page by page, and how far it was when it was asked. */

import { isUnheard } from '../../nats/connection.ts';
import type { Progress } from '../../report/question.ts';
import type { CliTerminal } from '../open-terminal.ts';

interface Answer {
  next?: string;
  projection: Progress;
}

const NO_REPORT =
  'nodes run, but none answers for the report: none of them has a folder for it, or it is just starting; ' +
  'give one a folder with --data (`tillwire up`, `tillwire node`) or "report": { "folder": … } in its configuration';

export type Asked = Readonly<Record<string, unknown>>;

export async function askReport<Reply extends object>(
  terminal: Pick<CliTerminal, 'query'>,
  question: string,
  asked: Asked,
): Promise<Reply & Answer> {
  const answer = await terminal.query<Reply & Answer>(`query.report.${question}`, asked).catch(async (error) => {
    throw isUnheard(error.cause) && (await nodesAnswer(terminal)) ? new Error(NO_REPORT, { cause: error }) : error;
  });
  if (answer === undefined) throw new Error(`the report of this system knows no ${question}`);
  return answer;
}

/** Whether only the report is missing: every node answers what is asked of an order, also of one that nobody knows. */
function nodesAnswer(terminal: Pick<CliTerminal, 'query'>): Promise<boolean> {
  return terminal.query('query.order.none').then(
    () => true,
    () => false,
  );
}

export async function* reportPages<Reply extends object>(
  terminal: Pick<CliTerminal, 'query'>,
  question: string,
  asked: Asked,
): AsyncGenerator<Reply & Answer> {
  let cursor: string | undefined;
  do {
    const answer = await askReport<Reply>(terminal, question, cursor === undefined ? asked : { ...asked, cursor });
    yield answer;
    cursor = answer.next;
  } while (cursor !== undefined);
}

/** What a reader of the figures must know of them; nothing where they are whole. */
export function caveat({ lag, stopped }: Progress): string | undefined {
  if (stopped !== undefined) return `the report has stopped: ${stopped}; ${lag} messages with rows are not in it`;
  return lag > 0 ? `the report is ${lag} messages behind: what was booked last is not in it` : undefined;
}
