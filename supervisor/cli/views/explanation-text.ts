/** An explanation for people: what it is, how the amount came about, who asked for it, and what it is linked to. */
import type { AttributionRow } from '../../../protocols/attribution.ts';
import { decimalOf, formatMinor } from '../../../protocols/currency.ts';
import type { Cause } from '../../explain/causes.ts';
import type { Explanation } from '../../explain/explain.ts';
import type { Figure } from '../../explain/figure.ts';
import { section } from '../../text/section.ts';
import { alignedLines, type Column, table } from '../../text/table.ts';
import { journalLines } from './gateway-text.ts';

export function explanationText(explanation: Explanation): string {
  const { currency, figures, causes, calls, rows, linked } = explanation;
  const money = (amount: number): string => formatMinor(amount, currency);
  return [
    ...headLines(explanation, money),
    ...section('how it came about', alignedLines(figures.flatMap((figure) => figureLines(figure, currency, 1)))),
    ...section('what led to it', alignedLines(causes.map(causeCells))),
    ...section(
      'what reached the gateway',
      journalLines(calls).map((line) => `  ${line}`),
    ),
    ...section('rows of the report', table(rowColumns(money), rows, '  ')),
    ...section('linked to it', table(linkedColumns(money), linked, '  ')),
    '',
  ].join('\n');
}

function headLines({ entry, row, order }: Explanation, money: (amount: number) => string): string[] {
  const lines: string[] = [];
  if (row) {
    const { movement, subject, line, ruleVersion, rule } = row;
    const what = line === undefined ? subject : `line ${line}`;
    const by =
      rule === undefined ? '' : `, rule ${rule}${ruleVersion === undefined ? '' : ` of version ${ruleVersion}`}`;
    lines.push(`row ${row.row} of order ${order}: ${movement} of ${what}, ${money(amountOf(row))}${by}`);
  }
  if (!entry) return lines;
  const { entry: key, kind, amount, state, party, at, toldAt, gatewayReference, account } = entry;
  lines.push(
    `${key} of order ${order}: ${kind} of ${money(amount)}, party ${party}, ${state}`,
    [
      `asked for at ${at}`,
      toldAt === undefined ? undefined : `told at ${toldAt}`,
      gatewayReference === undefined ? undefined : `reference ${gatewayReference}`,
      account === undefined ? undefined : `account ${account}`,
    ]
      .filter((part) => part !== undefined)
      .join(', '),
  );
  return lines;
}

/** Rows between parties have no gross. */
function amountOf({ subject, gross, settled, storeShare, netted = 0 }: AttributionRow): number {
  return subject === 'party' ? settled + storeShare || netted : gross;
}

/** Amount, words, and the rule where one was applied; what it is made of is indented below. */
function figureLines(figure: Figure, currency: string, depth: number): string[][] {
  const { what, amount, of = [], basis } = figure;
  const indent = '  '.repeat(depth);
  const below = [...of, ...(basis ? [{ ...basis, what: `reckoned from: ${basis.what}` }] : [])];
  return [
    [`${indent}${decimalOf(amount, currency)}`, what, ruleOf(figure, currency)],
    ...below.flatMap((part) => figureLines(part, currency, depth + 1)),
  ];
}

function ruleOf({ rounded, allocated, units }: Figure, currency: string): string {
  const decimal = (amount: number): string => decimalOf(amount, currency);
  if (rounded) return `half-up(${decimal(rounded.amount)} × ${rounded.numerator} / ${rounded.denominator})`;
  if (allocated) {
    const { total, weight, weights } = allocated;
    return `largest remainder of ${decimal(total)} × ${decimal(weight)} / ${decimal(weights)}`;
  }
  if (!units) return '';
  const { total, quantity, from, to } = units;
  return `${to} of ${quantity} units of ${decimal(total)} less ${from} of them`;
}

function causeCells({ what, revision, at: when = '', command }: Cause): string[] {
  const step = revision === undefined ? '' : `step ${revision}`;
  if (!command) return [`  ${what}`, step, when];
  const { origin, entity, of, name, id, at, trace } = command;
  const said = `in.${origin}.${entity}.${of}.${name} at ${at}, id ${id}`;
  return [`  ${what}`, step, trace === undefined ? said : `${said}, trace ${trace}`];
}

function rowColumns(money: (amount: number) => string): Column<Explanation['rows'][number]>[] {
  return [
    { head: 'row', cell: ({ row }) => row },
    { head: 'movement', cell: ({ movement }) => movement },
    { head: 'of', cell: ({ subject, line }) => (line === undefined ? subject : `line ${line}`) },
    { head: 'gross', align: 'right', cell: ({ gross }) => money(gross) },
    { head: 'share of the store', align: 'right', cell: ({ storeShare }) => money(storeShare) },
    { head: 'settled', align: 'right', cell: ({ settled }) => money(settled) },
    { head: 'at', cell: ({ at }) => at },
  ];
}

function linkedColumns(money: (amount: number) => string): Column<Explanation['linked'][number]>[] {
  return [
    { head: 'entry', cell: ({ entry }) => entry },
    { head: 'kind', cell: ({ kind }) => kind },
    { head: 'amount', align: 'right', cell: ({ amount }) => money(amount) },
    { head: 'state', cell: ({ state }) => state },
    { head: 'why', cell: ({ why }) => why },
  ];
}
