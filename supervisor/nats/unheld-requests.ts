/** Requests that wait for gateway accounts of which the caller knows nothing, and that nobody holds. */
import { BUCKET } from '../../protocols/subjects.ts';
import { HeardStatuses } from './account-status.ts';
import { isApiError, requestApi } from './api.ts';
import type { Connection } from './connection.ts';
import { accountOfConsumer } from './gateway-source.ts';
import { CONSUMER_NOT_FOUND } from './pinned-consumer.ts';

interface Names {
  /** Missing where there is none. */
  consumers?: string[] | null;
  total: number;
}

/**
 * How many, by account. Accounts are found by the consumers that whoever held them once left behind, as to look at all that was ever
 * asked of a gateway may take long.
 */
export async function unheldRequests(
  connection: Connection,
  known: ReadonlySet<string>,
): Promise<ReadonlyMap<string, number>> {
  const consumers = (await consumerNames(connection)).map((name) => ({ name, account: accountOfConsumer(name) }));
  const waiting = new Map<string, number>();
  for (const { name, account } of consumers) {
    if (account === undefined || known.has(account)) continue;
    const count = await waitingAt(connection, name);
    if (count > 0) waiting.set(account, (waiting.get(account) ?? 0) + count);
  }
  const statuses = new HeardStatuses(connection);
  for (const account of [...waiting.keys()]) {
    if (await statuses.of(account)) waiting.delete(account);
  }
  return waiting;
}

async function consumerNames(connection: Connection): Promise<string[]> {
  const names: string[] = [];
  for (;;) {
    const page = await requestApi<Names>(connection, `CONSUMER.NAMES.${BUCKET}`, { offset: names.length });
    const found = page.consumers ?? [];
    names.push(...found);
    if (found.length === 0 || names.length >= page.total) return names;
  }
}

/** Those too that were delivered to somebody who is gone. */
async function waitingAt(connection: Connection, consumer: string): Promise<number> {
  try {
    const { num_pending: pending, num_ack_pending: delivered } = await requestApi<{
      num_pending: number;
      num_ack_pending: number;
    }>(connection, `CONSUMER.INFO.${BUCKET}.${consumer}`, {});
    return pending + delivered;
  } catch (error) {
    if (isApiError(error, CONSUMER_NOT_FOUND)) return 0;
    throw error;
  }
}
