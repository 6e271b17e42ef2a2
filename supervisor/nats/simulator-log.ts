/** The log of one simulated gateway account: see SimulatorLog of supervisor/gateway/ports.ts. */
import { SIMULATOR } from '../../protocols/subjects.ts';
import type { SimulatorLog } from '../gateway/ports.ts';
import type { Connection } from './connection.ts';
import { DirectReader } from './direct-get.ts';
import { headerLine } from './raw-headers.ts';
import { storeMessage, WRONG_LAST_SEQUENCE } from './store-message.ts';

export class NatsSimulatorLog implements SimulatorLog {
  private readonly connection: Connection;
  private readonly subject: string;
  private readonly reader: DirectReader;

  constructor(connection: Connection, account: string) {
    this.connection = connection;
    this.subject = `simulator.${account}`;
    this.reader = new DirectReader(connection, SIMULATOR);
  }

  close(): void {
    this.reader.close();
  }

  async *read(after: number): AsyncGenerator<{ sequence: number; bytes: Uint8Array }> {
    for await (const page of this.reader.pages(this.subject, after + 1)) yield* page;
  }

  async append(expectedLast: number, bytes: Uint8Array): Promise<{ sequence: number } | 'stale'> {
    const headers = headerLine('Nats-Expected-Last-Subject-Sequence', String(expectedLast));
    const { seq, error } = await storeMessage(this.connection, this.subject, bytes, headers);
    if (!error) return { sequence: seq };
    if (error.err_code === WRONG_LAST_SEQUENCE) return 'stale';
    throw new Error(`the simulator's log took nothing: ${error.description} (${error.err_code})`);
  }
}
