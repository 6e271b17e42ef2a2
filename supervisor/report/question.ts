/** What a question to the report can ask of the node that holds it. */
import type { Found, Values } from './report-file.ts';

export interface Progress {
  /** Sequence, in the archive, of the last message whose rows are in the report. */
  position: number;
  /** Messages with rows that are in the archive and not yet in the report. */
  lag: number;
  /** Why there will be no more rows until somebody has looked. */
  stopped?: string;
}

export interface ReportWorld {
  read(sql: string, values: Values): Promise<Found[]>;
  progress(): Promise<Progress>;
  /** The largest reply that the server carries. */
  maxReplyBytes: number;
}

/** Throws `BadQuery` for what can't be answered. */
export type Question = (world: Pick<ReportWorld, 'read' | 'maxReplyBytes'>, request: unknown) => Promise<object>;
