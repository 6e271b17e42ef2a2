/** A line to a server that loses what it is told to lose, at the one moment when it hurts, and then breaks. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { eventually } from '../../fixture/eventually.ts';

/** The last message of an atomic batch has it. */
const COMMITS = 'Nats-Batch-Commit:1';

export type Loss = 'the answer' | 'the commit';

export class LossyLine {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private armed: Loss | undefined;
  /** What is lost now, until the line is cut. */
  private losing: Loss | undefined;

  private constructor(port: number) {
    this.server = createServer((client) => this.join(client, connect(port, '127.0.0.1')));
  }

  static async to(port: number): Promise<LossyLine> {
    const line = new LossyLine(port);
    line.server.listen(0, '127.0.0.1');
    await once(line.server, 'listening');
    return line;
  }

  get url(): string {
    return `nats://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** From the next commit on. */
  lose(what: Loss): void {
    this.armed = what;
  }

  lost(): Promise<unknown> {
    return eventually(() => this.losing !== undefined, { what: 'a commit', withinMs: 15_000 });
  }

  /** Breaks every connection; new ones lose nothing. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
    this.losing = undefined;
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private join(client: Socket, server: Socket): void {
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
    client.on('data', (bytes) => {
      if (this.armed && bytes.includes(COMMITS)) {
        this.losing = this.armed;
        this.armed = undefined;
      }
      if (this.losing !== 'the commit') server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (this.losing === undefined) client.write(bytes);
    });
  }
}
