/** The report, on the one node that it is placed on: the archive's rows taken into the file, and questions answered from it. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { BOOKED_SUBJECT } from '../../protocols/attribution.ts';
import { EVENTS } from '../../protocols/subjects.ts';
import { UnreadableMessage } from '../feed/booked-rows.ts';
import { Feed } from '../feed/feed.ts';
import { Archive } from '../nats/archive.ts';
import { openConnection } from '../nats/connection.ts';
import { serveQueries } from '../nats/service.ts';
import { removeLeftBehind } from '../report/left-behind.ts';
import { reportEndpoint } from '../report/questions.ts';
import { ReportFile, type ReportLimits } from '../report/report-file.ts';
import { opening } from './opened.ts';
import type { Part } from './supervise.ts';

export interface ReportOptions {
  node: string;
  natsUrl: string;
  version: string;
  /** Each node has a file of its own in it. */
  folder: string;
  limits: ReportLimits;
  log: Logger;
  isLive(node: string): boolean;
}

/** Room for what surrounds a reply. */
const REPLY_HEADROOM_BYTES = 32 * 1024;
/** Rows of so long are added together, unless they are many: a transaction costs the disk more than its rows. */
const GATHER_MS = 100;
const MANY_ROWS = 2000;
/** How often it is looked for files that nodes left behind. */
const TIDY_MS = 60_000;

export function holdReport(options: ReportOptions, failed: (error: Error) => void): Promise<Part> {
  const { node, natsUrl, version, folder, limits, log } = options;
  return opening(async (opened) => {
    const connection = await openConnection({ servers: natsUrl, name: `${node}-report` });
    opened.push(() => connection.drain());
    const archive = new Archive(connection, EVENTS);
    opened.push(() => archive.close());
    const stream = await archive.identity();
    const file = await ReportFile.open(join(folder, `${node}.duckdb`), stream, limits);
    opened.push(() => file.close());
    let stopped: string | undefined;
    const halted = (error: Error): void => {
      if (error instanceof UnreadableMessage) {
        stopped = error.message;
        log.error({ err: error }, 'the report stops before a message that it cannot read');
      } else failed(error);
    };
    const feed = new Feed(gathering(file), failed);
    // Rows that wait are read again from the archive.
    opened.push(() => feed.flushed().catch(() => undefined));
    opened.push(await archive.follow(BOOKED_SUBJECT, file.position, (message) => feed.take(message), halted));
    const world = {
      read: file.read.bind(file),
      progress: async () => {
        const { position } = file;
        const lag = await archive.count(BOOKED_SUBJECT, position + 1);
        return { position, lag, ...(stopped !== undefined && { stopped }) };
      },
      maxReplyBytes: (connection.nats.info?.max_payload ?? 0) - REPLY_HEADROOM_BYTES,
    };
    const service = await serveQueries(connection, version, [reportEndpoint(world)], failed);
    opened.push(() => service.stop());
    opened.push(tidying(options, () => ({ folder, node, stream, position: file.position })));
    return { stop: () => connection.closeIfSilent().then(opened.close) };
  });
}

function gathering(file: ReportFile): Pick<ReportFile, 'position' | 'append'> {
  return {
    get position() {
      return file.position;
    },
    async append(rows, position) {
      await file.append(rows, position);
      if (rows.length < MANY_ROWS) await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
    },
  };
}

/** Until the function returned is called; what goes wrong is tried again. */
function tidying(
  { isLive, log }: ReportOptions,
  inUse: () => Parameters<typeof removeLeftBehind>[0],
): () => Promise<void> {
  const ended = new AbortController();
  const tidy = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      const removed = await removeLeftBehind(inUse(), { isLive, now: Date.now }).catch((error: unknown) => {
        log.warn({ err: error }, 'files of the report that nodes left behind can not be looked for');
        return [];
      });
      if (removed.length > 0) log.info({ removed }, 'files of the report that nodes left behind are deleted');
      await pause(TIDY_MS, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  };
  const tidied = tidy();
  return () => {
    ended.abort();
    return tidied;
  };
}
