/** The rows that were booked for the report (`event.attribution.<order>.booked`), read from the archive; sums by order are kept. */
import type { Booked } from '../../protocols/attribution.ts';
import { EVENTS } from '../../protocols/subjects.ts';
import type { Connection } from '../../supervisor/nats/connection.ts';
import { DirectReader } from '../../supervisor/nats/direct-get.ts';
import { eventually } from '../fixture/eventually.ts';
import { archiveLag } from './streams.ts';

const ARCHIVED_WITHIN_MS = 120_000;
const BOOKED = 'event.attribution.*.booked';
/** A message has the rows of an order of up to a thousand lines. */
const MESSAGES_AT_A_TIME = 100;

export class BookedRows {
  rows = 0;
  gross = 0;
  private readonly connection: Connection;
  private readonly reader: DirectReader;
  /** By order: what is expected of its rows, less what they say. */
  private readonly difference = new Map<string, number>();

  constructor(connection: Connection) {
    this.connection = connection;
    this.reader = new DirectReader(connection, EVENTS);
  }

  expect(order: string, gross: number): void {
    this.add(order, gross);
  }

  /** All of them, once the archive has them. */
  async read(): Promise<void> {
    const has = async (): Promise<boolean> => (await archiveLag(this.connection)) === 0;
    await eventually(has, { what: 'the archive has everything', withinMs: ARCHIVED_WITHIN_MS });
    for await (const page of this.reader.pages(BOOKED, 1, MESSAGES_AT_A_TIME)) {
      for (const { bytes } of page) this.note(JSON.parse(Buffer.from(bytes).toString()));
    }
    this.reader.close();
  }

  differing(): string[] {
    return [...this.difference].filter(([, amount]) => amount !== 0).map(([order]) => order);
  }

  private note({ order, rows }: Booked): void {
    const gross = rows.reduce((sum, row) => sum + row.gross, 0);
    this.rows += rows.length;
    this.gross += gross;
    this.add(order, -gross);
  }

  private add(order: string, amount: number): void {
    this.difference.set(order, (this.difference.get(order) ?? 0) + amount);
  }
}
