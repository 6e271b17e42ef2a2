/** Units that a store will not fulfil go to the next one; what is pinned to that store has nobody else. */
import type { Effect } from '../../../protocols/actor.ts';
import { raiseEach } from '../attention/attention.ts';
import { namedUnits, type UnitsByLine } from '../fulfilment/requested-units.ts';
import { at, type OrderRecord, type Working } from '../record.ts';
import { ask } from './question.ts';

/** After the units were cut to `waiting`: never ask this store for these lines again, give up what only it could do. */
export function exclude(draft: Working, record: OrderRecord, store: string, units: UnitsByLine, now: number): void {
  const hopeless = new Map<number, number>();
  for (const [position, count] of units) {
    const line = at(draft.lines, position);
    if (!line.excluded.includes(store)) line.excluded.push(store);
    if (at(record.items, position).pin === store) hopeless.set(position, count);
  }
  giveUp(draft, record, hopeless, now);
}

/** Nobody can: these waiting units are cancelled, and their money is released by what settles the books. */
export function giveUp(
  draft: Working,
  record: OrderRecord,
  units: UnitsByLine,
  now: number,
  unknown: ReadonlySet<string> = new Set(),
): void {
  const news: { about: string; reason: string }[] = [];
  for (const [position, count] of units) {
    const line = at(draft.lines, position);
    line.waiting -= count;
    line.cancelled += count;
    line.dropped += count;
    const { line: about, sku, pin } = at(record.items, position);
    const why = pin !== undefined && unknown.has(pin) ? `${pin} is not known: ` : '';
    news.push({ about, reason: `${why}no store can fulfil ${sku}: cancelled` });
  }
  raiseEach(draft, 'no-store-can-fulfil', news, now);
}

/** The next question, and the news of what was given up: `before` and `after` of a step that lost `units`. */
export function afterLoss(before: OrderRecord, after: OrderRecord, units: UnitsByLine): Effect[] {
  const again = new Map<number, number>();
  const hopeless = new Map<number, number>();
  for (const [position, count] of units) {
    const givenUp = at(after.lines, position).cancelled - at(before.lines, position).cancelled;
    if (givenUp > 0) hopeless.set(position, givenUp);
    if (count > givenUp) again.set(position, count - givenUp);
  }
  return [...unfulfillable(after, hopeless), ...ask(after, again)];
}

/** `unknown`: stores among those that the lines are pinned to. */
export function unfulfillable(record: OrderRecord, units: UnitsByLine, unknown: readonly string[] = []): Effect[] {
  if (units.size === 0) return [];
  const payload = { lines: namedUnits(record, units), ...(unknown.length > 0 ? { unknownStores: unknown } : {}) };
  return [{ effect: 'event', name: 'unfulfillable', payload }];
}
