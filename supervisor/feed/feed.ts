/**
 * A consumer of the report to the ERP: reads `event.attribution.>` from the archive behind its own position, and writes files: daily
 * ones, or the report's. What arrives while the disk is busy is written together afterwards.
 */
import type { AttributionRow } from '../../protocols/attribution.ts';
import { type BookedMessage, bookedRows } from './booked-rows.ts';

/** Rows that wait for the disk; the reader waits when there are more. */
const MAX_WAITING_ROWS = 10_000;

interface Files {
  readonly position: number;
  append(rows: readonly AttributionRow[], position: number): Promise<void>;
}

export class Feed {
  private readonly files: Files;
  private readonly failed: (error: Error) => void;
  private waiting: AttributionRow[] = [];
  private position: number;
  private writing: Promise<void> | undefined;
  private broken: Error | undefined;

  /** `failed` is called once, when the disk takes no more. */
  constructor(files: Files, failed: (error: Error) => void) {
    this.files = files;
    this.failed = failed;
    this.position = files.position;
  }

  /** Messages by rising sequence. Rejects when one can't be read: nothing that follows may be written, then. */
  async take(message: BookedMessage): Promise<void> {
    if (this.broken) throw this.broken;
    this.waiting.push(...bookedRows(message));
    this.position = message.sequence;
    this.writing ??= this.write();
    if (this.waiting.length >= MAX_WAITING_ROWS) await this.writing;
  }

  /** Resolves when all that was taken is on the disk. */
  async flushed(): Promise<void> {
    await this.writing;
    if (this.broken) throw this.broken;
  }

  private async write(): Promise<void> {
    try {
      while (this.files.position < this.position) {
        const rows = this.waiting;
        this.waiting = [];
        await this.files.append(rows, this.position);
      }
      this.writing = undefined;
    } catch (error) {
      this.broken = error as Error;
      this.failed(this.broken);
    }
  }
}
