/** The audit of a gateway account on the node that holds it: what it finds is told to the order, and said for the account. */
import type { Message } from '../../protocols/actor.ts';
import { BOOKED_SUBJECT } from '../../protocols/attribution.ts';
import { EVENTS } from '../../protocols/subjects.ts';
import type { Clock } from '../clock.ts';
import type { Simulator } from '../gateway/simulator.ts';
import { Archive } from '../nats/archive.ts';
import { openConnection } from '../nats/connection.ts';
import type { StoredResultSink } from '../nats/result-sink.ts';
import { AccountAudit, type AuditPolicy } from '../reconcile/account-audit.ts';
import type { LocalTurn } from './turn-sink.ts';

interface AuditWorld {
  natsUrl: string;
  /** Of the connection. */
  name: string;
  clock: Clock;
  simulator: Simulator;
  turn: () => LocalTurn | undefined;
  stored: Pick<StoredResultSink, 'send'>;
}

export interface HeldAudit extends Pick<AccountAudit, 'status'> {
  stop(): Promise<void>;
}

/** On a connection of its own: pages of the archive would stand before what the turns read. */
export async function holdAudit(account: string, policy: AuditPolicy, world: AuditWorld): Promise<HeldAudit> {
  const { natsUrl, name, clock, simulator, turn, stored } = world;
  const connection = await openConnection({ servers: natsUrl, name });
  const archive = new Archive(connection, EVENTS);
  const audit = new AccountAudit(
    account,
    {
      clock,
      movements: (from, limit) => simulator.movements({ from, limit }),
      standing: (key) => simulator.standing(key),
      async booked(after) {
        for await (const page of archive.pages(BOOKED_SUBJECT, after + 1)) return page;
        return [];
      },
      async tell(what, news) {
        const sender = { kind: 'gateway' as const, account };
        const of = { name: what, payload: news, sender, at: clock.now() };
        const word = `${news.entry}-${news.ledger}-${news.gateway}`;
        await send({ ...of, entity: 'order', id: news.order }, word);
        await send({ ...of, entity: 'gateway', id: account }, word);
      },
    },
    policy,
  );
  audit.start();
  return {
    status: () => audit.status(),
    async stop() {
      await audit.stop();
      archive.close();
      await connection.drain();
    },
  };

  async function send(message: Message, word: string): Promise<void> {
    const own = turn();
    const isHandled = own !== undefined && (await own.deliver(message).then(done, failed));
    // Not ours, or not any more: its owner reads it from the log.
    if (!isHandled) await stored.send(message, word);
  }
}

const done = (): boolean => true;
const failed = (): boolean => false;
