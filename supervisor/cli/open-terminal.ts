import { type Connection, isLoginRefused, openConnection } from '../nats/connection.ts';
import { DeadLetters } from '../nats/dead-letters.ts';
import { serverAddress } from '../nats/server-address.ts';
import { QueryRefused, Terminal as Wire } from '../nats/terminal.ts';

const OUTCOME_WITHIN_MS = 30_000;

export interface Outcome {
  /** `Nats-Msg-Id` of the command. */
  command: string;
  outcome: 'applied' | 'rejected';
  code?: string;
  reason?: string;
  revision: number;
}

export interface Terminal
  extends Pick<Wire, 'send' | 'query' | 'listen' | 'close'>,
    Pick<Connection, 'onDisconnect' | 'onReconnect'> {
  /** Sends a command and waits for its outcome. */
  ask(subject: string, payload: object): Promise<Outcome>;
  /** Resolves when the connection is closed for good. */
  closed: Promise<unknown>;
  dead: DeadLetters;
}

export async function openTerminal(url: string): Promise<Terminal> {
  const connection = await openConnection({ servers: url, name: 'tillwire terminal' }).catch((cause) => {
    const { server } = serverAddress(url);
    const what = isLoginRefused(cause) ? `${server} refuses the login` : `no NATS server answers at ${server}`;
    throw new Error(what, { cause });
  });
  const wire = new Wire(connection);
  return {
    send: (...args) => wire.send(...args),
    query: (subject, request) => query(wire, subject, request),
    listen: (...args) => wire.listen(...args),
    close: () => wire.close(),
    onDisconnect: (run) => connection.onDisconnect(run),
    onReconnect: (run) => connection.onReconnect(run),
    ask: (subject, payload) => ask(wire, subject, payload),
    closed: connection.closed(),
    dead: new DeadLetters(connection),
  };
}

async function query<Reply>(wire: Wire, subject: string, request?: object): Promise<Reply | undefined> {
  try {
    return await wire.query<Reply>(subject, request);
  } catch (cause) {
    if (cause instanceof QueryRefused) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${subject} is not answered (${reason}): is a node running?`, { cause });
  }
}

async function ask(wire: Wire, subject: string, payload: object): Promise<Outcome> {
  const id = crypto.randomUUID();
  let overdue: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Outcome>((settle, fail) => {
      overdue = setTimeout(
        () => fail(new Error(`no outcome of ${subject} yet: is a node running?`)),
        OUTCOME_WITHIN_MS,
      );
      wire
        .listen([subject.replace(/^in\./, 'out.')], ({ payload: said }) => {
          if ((said as Outcome).command === id) settle(said as Outcome);
        })
        .then(() => wire.send(subject, payload, id))
        .catch(fail);
    });
  } finally {
    clearTimeout(overdue);
  }
}
