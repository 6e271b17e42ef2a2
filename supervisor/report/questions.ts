/** What `query.report.…` answers, each with how far the report is behind the archive. */
import type { Endpoint } from '../nats/service.ts';
import { attribution } from './attribution-question.ts';
import { journal } from './journal-question.ts';
import type { Question, ReportWorld } from './question.ts';
import { statement } from './statement-question.ts';
import { summary } from './summary-question.ts';

export const QUESTIONS: Readonly<Record<string, Question>> = { attribution, summary, statement, journal };

export function reportEndpoint(world: ReportWorld): Endpoint {
  return {
    name: 'report',
    subject: 'query.report.*',
    async handle(name, request) {
      const question = Object.hasOwn(QUESTIONS, name) ? QUESTIONS[name] : undefined;
      if (!question) return undefined;
      // Asked first: what is said to be there, is.
      const projection = await world.progress();
      return { ...(await question(world, request)), projection };
    },
  };
}
