import { messageOf } from '../../protocols/thrown.ts';
import { type Connection, openConnection } from '../nats/connection.ts';
import { DeadLetters } from '../nats/dead-letters.ts';
import { NotAccepted, QueryRefused, Terminal } from '../nats/terminal.ts';

export interface Outcome {
  /** `Nats-Msg-Id` of the command. */
  command: string;
  outcome: 'applied' | 'rejected';
  code?: string;
  reason?: string;
  revision: number;
}

export interface CliTerminal
  extends Pick<Terminal, 'send' | 'query' | 'listen' | 'close'>,
    Pick<Connection, 'onDisconnect' | 'onReconnect'> {
  /** Sends a command and waits for its outcome; rejects with `OutcomeUnknown` when none is heard of in time. */
  ask(subject: string, payload: object, withinMs: number): Promise<Outcome>;
  /** Resolves when the connection is closed for good, with the reason if there is one. */
  closed: Promise<Error | undefined>;
  dead: Pick<DeadLetters, 'list' | 'get' | 'replay' | 'discard'>;
}

/** The command was sent, and may be applied or rejected, now or later. */
export class OutcomeUnknown extends Error {
  readonly command: string;

  constructor(subject: string, command: string, why: string, options?: ErrorOptions) {
    super(`no outcome of ${subject} ${why}: is a node running?`, options);
    this.command = command;
  }
}

export async function openTerminal(url: string): Promise<CliTerminal> {
  const connection = await openConnection({ servers: url, name: 'tillwire terminal' });
  const wire = new Terminal(connection);
  const letters = new DeadLetters(connection);
  return {
    send: (...args) => wire.send(...args),
    query: (subject, request) =>
      answered(
        subject,
        connection.askedAgain(() => wire.query(subject, request)),
      ),
    listen: (...args) => wire.listen(...args),
    close: () => wire.close(),
    onDisconnect: (run) => connection.onDisconnect(run),
    onReconnect: (run) => connection.onReconnect(run),
    ask: (subject, payload, withinMs) => ask(wire, subject, payload, withinMs),
    closed: connection.closed(),
    dead: {
      list: (after) => answered('the stream DEAD', letters.list(after)),
      get: (sequence) => answered('the stream DEAD', letters.get(sequence)),
      replay: (letter) => letters.replay(letter),
      discard: (sequence) => letters.discard(sequence),
    },
  };
}

async function answered<Reply>(asked: string, answer: Promise<Reply>): Promise<Reply> {
  try {
    return await answer;
  } catch (cause) {
    if (cause instanceof QueryRefused) throw cause;
    const reason = messageOf(cause);
    throw new Error(`${asked} is not answered (${reason}): is a node running?`, { cause });
  }
}

async function ask(wire: Terminal, subject: string, payload: object, withinMs: number): Promise<Outcome> {
  const id = crypto.randomUUID();
  let overdue: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Outcome>((settle, fail) => {
      overdue = setTimeout(() => fail(new OutcomeUnknown(subject, id, 'yet')), withinMs);
      wire
        .listen([subject.replace(/^in\./, 'out.')], ({ payload: said }) => {
          if ((said as Outcome).command === id) settle(said as Outcome);
        })
        .then(() => wire.send(subject, payload, id).catch((error) => fail(unlessSent(error, subject, id))))
        .catch(fail);
    });
  } finally {
    clearTimeout(overdue);
  }
}

/** Without an acknowledgement the server may have the command all the same. */
function unlessSent(error: Error, subject: string, id: string): Error {
  return error instanceof NotAccepted ? error : new OutcomeUnknown(subject, id, `(${error.message})`, { cause: error });
}
