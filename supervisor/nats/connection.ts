/** One connection to NATS, and what its parts must know of it: whether it is up, and when it went away. */
import {
  AuthorizationError,
  connect,
  type NatsConnection,
  type NodeConnectionOptions,
  RequestError,
} from '@nats-io/transport-node';
import { NotConnected, serverAddress } from './server-address.ts';

const RECONNECT_WAIT_MS = 100;
const RECONNECT_JITTER_MS = 50;
/** A server that doesn't answer that many pings in a row is gone. */
const PING_INTERVAL_MS = 2000;
const MAX_PINGS_OUT = 3;
const CONNECT_TIMEOUT_MS = 5000;
/** While it drains, a client notices no silent server. */
const DRAIN_TIMEOUT_MS = 2000;
/** A server that is there answers a ping much sooner, however much it has to store. */
const SILENCE_MS = 2000;
/** Who asks doesn't wait longer for a server that went away. */
const BACK_WITHIN_MS = 5000;

export interface ConnectionOptions {
  /** `nats://[user:password@]host:port`, or `tls://` */
  servers: string;
  /** Shown in the server's monitoring. */
  name: string;
  /** Keeps trying when no server answers at first. */
  waitForServer?: boolean;
}

/** What was asked may never be answered: for what changes nothing, see `askedAgain`. */
export class ConnectionLost extends Error {
  constructor(message = 'the connection was lost') {
    super(message);
  }
}

export class Connection {
  readonly nats: NatsConnection;
  private up = true;
  private readonly disconnectListeners = new Set<() => void>();
  private readonly reconnectListeners = new Set<() => void>();

  constructor(nats: NatsConnection) {
    this.nats = nats;
    void this.watch();
  }

  get connected(): boolean {
    return this.up && !this.nats.isClosed();
  }

  /** `run` is called at each loss of the connection, and when it is closed for good; the function that is returned forgets it. */
  onDisconnect(run: () => void): () => void {
    this.disconnectListeners.add(run);
    return () => this.disconnectListeners.delete(run);
  }

  onReconnect(run: () => void): () => void {
    this.reconnectListeners.add(run);
    return () => this.reconnectListeners.delete(run);
  }

  /** A lost connection loses its answers: rejects then, without waiting for the timeout. */
  async whileUp<Answer>(answer: Promise<Answer>): Promise<Answer> {
    let forget = (): unknown => undefined;
    const lost = new Promise<never>((_, reject) => {
      forget = this.onDisconnect(() => reject(new ConnectionLost()));
    });
    try {
      return await Promise.race([answer, lost]);
    } finally {
      forget();
      answer.catch(() => undefined);
    }
  }

  /**
   * For what changes nothing: asks once there is a connection, and once more after the next one if that is lost meanwhile.
   * A server gives up a client that stands still for a while, as one does that writes to a paused screen.
   */
  async askedAgain<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    await this.back();
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
      await this.back();
      return ask();
    }
  }

  /** Resolves when the connection is closed for good, with the error if there was one. */
  closed(): Promise<Error | undefined> {
    return this.nats.closed().then((error) => error ?? undefined);
  }

  /** Whoever ends waits for no server that is not there: then this is closed, and all that waits for an answer ends. Resolves with whether. */
  async closeIfSilent(): Promise<boolean> {
    let isSilent = true;
    const giveUp = (): void => {
      if (isSilent) void this.nats.close();
    };
    // If this process stood still, the answer may lie in the socket: it is read before an immediate runs.
    const overdue = setTimeout(() => setImmediate(giveUp), this.connected ? SILENCE_MS : 0);
    isSilent = await this.whileUp(this.nats.flush()).then(
      () => false,
      () => true,
    );
    clearTimeout(overdue);
    if (isSilent) await this.nats.close();
    return isSilent;
  }

  /** Sends what was published, lets subscriptions finish, and closes. */
  async drain(): Promise<void> {
    if (this.nats.isClosed()) return;
    const overdue = setTimeout(() => void this.nats.close(), DRAIN_TIMEOUT_MS);
    if (this.connected && !this.nats.isDraining()) await this.whileUp(this.nats.drain()).catch(() => undefined);
    clearTimeout(overdue);
    await this.nats.close();
  }

  private async watch(): Promise<void> {
    for await (const status of this.nats.status()) {
      if (status.type === 'disconnect') this.lost();
      else if (status.type === 'reconnect') this.found();
    }
    await this.nats.closed();
    this.lost();
  }

  /** Resolves when there is a connection, or none will be. */
  private async back(): Promise<void> {
    if (this.connected || this.nats.isClosed()) return;
    let overdue: NodeJS.Timeout | undefined;
    const forget: (() => void)[] = [];
    try {
      await new Promise<void>((resolve, reject) => {
        forget.push(this.onReconnect(resolve));
        forget.push(this.onDisconnect(() => this.nats.isClosed() && resolve()));
        overdue = setTimeout(() => reject(new ConnectionLost()), BACK_WITHIN_MS);
      });
    } finally {
      clearTimeout(overdue);
      for (const end of forget) end();
    }
  }

  private lost(): void {
    this.up = false;
    for (const run of [...this.disconnectListeners]) run();
  }

  private found(): void {
    this.up = true;
    for (const run of [...this.reconnectListeners]) run();
  }
}

/** Reconnects for ever: a node outlives its server. */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const { servers, name, waitForServer = false } = options;
  const { server, login, encrypted } = serverAddress(servers);
  const settings: NodeConnectionOptions = {
    servers: server,
    ...login,
    // The client insists on it then, and before it says the login.
    ...(encrypted && { tls: {} }),
    name,
    // Stack traces of requests cost more CPU than the requests.
    noAsyncTraces: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_WAIT_MS,
    reconnectJitter: RECONNECT_JITTER_MS,
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: MAX_PINGS_OUT,
    timeout: CONNECT_TIMEOUT_MS,
    waitOnFirstConnect: waitForServer,
  };
  return new Connection(await connect(settings).catch((cause) => Promise.reject(notConnected(server, cause))));
}

/** The client's own errors name no address. */
function notConnected(server: string, cause: Error): NotConnected {
  if (cause instanceof AuthorizationError) return new NotConnected(`${server} refuses the login`, { cause });
  if (cause instanceof TypeError) return new NotConnected(`${server} is no address of a NATS server`, { cause });
  return new NotConnected(`no NATS server answers at ${server} (${cause.message})`, { cause });
}

/** Of a request: nobody listens to its subject. */
export const isUnheard = (error: unknown): boolean => error instanceof RequestError && error.isNoResponders();
