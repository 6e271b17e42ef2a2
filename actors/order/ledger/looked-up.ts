/**
 * A person looked up at the provider what nobody else will find out: an entry ends as confirmed, or as failed for certain. So does one
 * that failed late, which may be taken after all until he says that it will not.
 */
import type { Message, Refusal } from '../../../protocols/actor.ts';
import type { OrderCommands } from '../../../protocols/commands.ts';
import { KEY_AGE_MS } from '../../../protocols/gateway.ts';
import { refuse, type Verdict } from '../../chart.ts';
import { at, type Entry, instant, type OrderRecord } from '../record.ts';
import { notForCertain } from './failed-late.ts';
import { hasFailedLate, isPending } from './ledger.ts';
import { applyNews, failForCertain, type News } from './news.ts';

const CODE = 'looked-up';

export function confirm(
  record: OrderRecord,
  { payload: { entry, gatewayReference }, at: now }: Message<OrderCommands['confirm']>,
): Verdict<OrderRecord> {
  const reference = gatewayReference === undefined ? {} : { gatewayReference };
  return decide(record, entry, { outcome: 'confirmed', code: CODE, ...reference, at: instant(now) }, now);
}

export function fail(
  record: OrderRecord,
  { payload: { entry, reason }, at: now }: Message<OrderCommands['fail']>,
): Verdict<OrderRecord> {
  const news: News = { outcome: 'failed', code: CODE, reason, at: instant(now) };
  const named = namedEntry(record, entry);
  if (!('refuse' in named) && hasFailedLate(named.entry)) {
    return notForCertain(named.entry) ?? failForCertain(record, named.position, news, now);
  }
  return decide(record, entry, news, now);
}

function decide(record: OrderRecord, key: string, news: News, now: number): Verdict<OrderRecord> {
  const named = namedEntry(record, key);
  if ('refuse' in named) return named;
  const { entry, position } = named;
  return notForPeople(entry, now) ?? applyNews(record, position, news, now);
}

/** As long as the provider is asked, its word is waited for. */
function notForPeople(entry: Entry, now: number): { refuse: Refusal } | undefined {
  if (!isPending(entry)) return refuse('wrong-state', `${entry.key} is ${entry.state}, not unknown`);
  if (mayBeLookedUp(entry, now)) return undefined;
  return refuse('wrong-state', `${entry.key} is ${entry.state}, and the provider is still being asked`);
}

export function mayBeLookedUp({ givenUp, at: asked }: Entry, now: number): boolean {
  return givenUp === true || now - Date.parse(asked) >= KEY_AGE_MS;
}

export function namedEntry(
  { id, ledger }: OrderRecord,
  key: string,
): { entry: Entry; position: number } | { refuse: Refusal } {
  const position = ledger.findIndex((entry) => entry.key === key);
  if (position < 0) return refuse('unknown-entry', `order ${id} has no ledger entry ${key}`);
  return { entry: at(ledger, position), position };
}
