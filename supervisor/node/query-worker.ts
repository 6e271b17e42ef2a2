/** The program of the query thread: `query.…` answered on connections of its own, from what is committed. */
import { parentPort, workerData } from 'node:worker_threads';
import { AccountRecords } from '../nats/account-records.ts';
import { HeardStatuses } from '../nats/account-status.ts';
import { CommittedRecords } from '../nats/committed-records.ts';
import { type Connection, openConnection } from '../nats/connection.ts';
import { serveQueries } from '../nats/service.ts';
import { StoreSource } from '../nats/store-source.ts';
import { gatewayView } from './gateway-view.ts';
import { KnownCapabilities } from './known-capabilities.ts';
import { KnownStock } from './known-stock.ts';
import { NodeQuestions } from './node-questions.ts';
import { queryEndpoints } from './queries.ts';
import type { FromThread, QueryThreadOptions, ToThread } from './thread-messages.ts';
import { threadId } from './thread-priority.ts';
import { VIEWED } from './viewed-entities.ts';

/** Of records that were committed or asked for lately. */
const CACHE_BYTES = 64 * 1024 * 1024;
/** Room for what surrounds a reply. */
const REPLY_HEADROOM_BYTES = 16 * 1024;

process.setSourceMapsEnabled(true);
const { node, natsUrl, version, accounts } = workerData as QueryThreadOptions;
if (!parentPort) throw new Error('this is the program of a thread');
const port = parentPort;
const say = (message: FromThread): void => port.postMessage(message);

/** The thread ends, and its node starts another. */
function failed(error: Error): void {
  setImmediate(() => {
    throw error;
  });
}

const open = (name: string): Promise<Connection> => openConnection({ servers: natsUrl, name: `${node}-${name}` });
const [connection, reads] = await Promise.all([open('queries'), open('query-reads')]);

const committed = new CommittedRecords(
  connection,
  reads,
  VIEWED.map(({ kind }) => kind),
  CACHE_BYTES,
);
await committed.open();
const stock = new KnownStock(new StoreSource(connection), failed);
await stock.open();
const capabilities = new KnownCapabilities(accounts);
await new AccountRecords(reads).stored(capabilities.learn);
await new AccountRecords(reads).follow(capabilities.learn, failed);
const statuses = new HeardStatuses(connection);
statuses.listen(accounts.keys());

const questions = new NodeQuestions(say);
const endpoints = queryEndpoints(
  {
    committed: { records: (addresses) => reads.askedAgain(() => committed.records(addresses)) },
    stockOf: (sku) => stock.stockOf(sku),
    gatewayStatus: (account) => gatewayView(account, accounts, capabilities, statuses),
    journal: (account, page) => questions.journal(account, page),
    movements: (account, page) => questions.movements(account, page),
    maxReplyBytes: (connection.nats.info?.max_payload ?? 0) - REPLY_HEADROOM_BYTES,
  },
  VIEWED,
);
const service = await serveQueries(connection, version, endpoints, failed);

port.on('message', (message: ToThread) => {
  if (message.say === 'stop') void stop();
  else questions.hear(message);
});
say({ say: 'ready', thread: threadId() });

async function stop(): Promise<void> {
  await Promise.all([connection.closeIfSilent(), reads.closeIfSilent()]);
  await service.stop();
  await Promise.all([connection.drain(), reads.drain()]);
  port.close();
}
