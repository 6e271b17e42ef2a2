/** The lines that a command names: each once, each of this return. */
import type { Refusal } from '../../protocols/actor.ts';
import { refuse } from '../chart.ts';
import { lineOf, type ReturnLine, type ReturnRecord } from './record.ts';

export function duplicateLine(lines: readonly { line: string }[]): { refuse: Refusal } | undefined {
  const seen = new Set<string>();
  for (const { line } of lines) {
    if (seen.has(line)) return refuse('duplicate-line', `line ${line} is named twice`);
    seen.add(line);
  }
  return undefined;
}

export function namedLines<Item extends { line: string }>(
  record: ReturnRecord,
  items: readonly Item[],
): { named: { item: Item; line: ReturnLine }[] } | { refuse: Refusal } {
  const duplicate = duplicateLine(items);
  if (duplicate) return duplicate;
  const named: { item: Item; line: ReturnLine }[] = [];
  for (const item of items) {
    const line = lineOf(record, item.line);
    if (!line) return refuse('unknown-line', `return ${record.id} has no line ${item.line}`);
    named.push({ item, line });
  }
  return { named };
}

/** The record with these lines in the place of those of the same name. */
export function withLines(record: ReturnRecord, changed: readonly ReturnLine[]): ReturnRecord {
  const byName = new Map(changed.map((line) => [line.line, line]));
  return { ...record, lines: record.lines.map((line) => byName.get(line.line) ?? line) };
}
