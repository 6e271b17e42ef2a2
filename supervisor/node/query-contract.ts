/** What can be asked by request and reply, as the contract of the wire lists it. */
import Type from 'typebox';
import type { AskedQuery } from '../../protocols/asyncapi.ts';
import { ASKED as ATTRIBUTION } from '../report/attribution-question.ts';
import { ASKED as JOURNAL } from '../report/journal-question.ts';
import { ASKED as STATEMENT } from '../report/statement-question.ts';
import { ASKED as SUMMARY } from '../report/summary-question.ts';

/** What does not fit into one reply is told in pages: `next` of a reply is `after` of the next request. */
const ROWS = Type.Object({
  after: Type.Optional(Type.Integer({ minimum: 0 })),
  limit: Type.Optional(Type.Integer({ minimum: 1 })),
});
const CALLS = Type.Object({ ...ROWS.properties, order: Type.Optional(Type.String()) });

export const ASKED_QUERIES: readonly AskedQuery[] = [
  { subject: 'query.order.*', summary: 'State, fulfilments, lines, ledger, parties and attention of an order' },
  { subject: 'query.order.*.facts', summary: 'What an order remembers to explain its money' },
  { subject: 'query.return.*', summary: 'State and lines of a return' },
  { subject: 'query.store.*', summary: 'Terms, open fulfilments and stock of a store', request: ROWS },
  { subject: 'query.stock.*', summary: 'On hand, reserved and available of an article, by store' },
  { subject: 'query.gateway.*', summary: 'Limits, queue, circuit, methods and last errors of a gateway account' },
  { subject: 'query.gateway.*.journal', summary: 'Every call that reached the simulated provider', request: CALLS },
  { subject: 'query.gateway.*.movements', summary: 'What the simulated provider moved', request: ROWS },
  { subject: 'query.report.attribution', summary: 'Rows of the report to the ERP, as booked', request: ATTRIBUTION },
  { subject: 'query.report.summary', summary: 'Their sums, grouped', request: SUMMARY },
  { subject: 'query.report.statement', summary: 'The account of a store with headquarters', request: STATEMENT },
  { subject: 'query.report.journal', summary: 'Balanced postings, day by day', request: JOURNAL },
];
