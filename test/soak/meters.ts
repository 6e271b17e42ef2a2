/** What the soak shows of the system while it trades: memory, disk, and how far the archive is behind. Read every few seconds. */
import { join } from 'node:path';
import type { Connection } from '../../supervisor/nats/connection.ts';
import { peakRssBytes, rssBytes } from '../bench/process-meter.ts';
import { bytesOnDisk } from '../bench/stored.ts';
import { archiveLag } from './streams.ts';
import type { SoakedSystem } from './system.ts';

const READ_EVERY_MS = 5000;
const MEBIBYTE = 1024 ** 2;

export interface Reading {
  nodeRss: number;
  serverRss: number;
  disk: number;
  archiveLag: number;
}

export interface Peaks extends Reading {
  /** Of this process, which trades. */
  terminalsRss: number;
}

export const mebibytes = (bytes: number): string => `${Math.round(bytes / MEBIBYTE)} MiB`;

export class Meters {
  private readonly system: SoakedSystem;
  private readonly connection: Connection;
  private readonly timer: NodeJS.Timeout;
  private last: Reading = { nodeRss: 0, serverRss: 0, disk: 0, archiveLag: 0 };
  private mostLag = 0;
  private mostTerminals = 0;

  constructor(system: SoakedSystem, connection: Connection) {
    this.system = system;
    this.connection = connection;
    this.timer = setInterval(() => void this.read().catch(() => undefined), READ_EVERY_MS);
  }

  /** What is shown between two readings is the one before. */
  line(): string[] {
    const { nodeRss, serverRss, disk, archiveLag: lag } = this.last;
    return [
      `node ${mebibytes(nodeRss)}`,
      `server ${mebibytes(serverRss)}`,
      `disk ${mebibytes(disk)}`,
      `archive lag ${lag}`,
    ];
  }

  /** Reads a last time. */
  async close(): Promise<Peaks> {
    clearInterval(this.timer);
    await this.read();
    const { node, server } = this.system;
    return {
      nodeRss: peakRssBytes(node.pid),
      serverRss: peakRssBytes(server.pid),
      terminalsRss: this.mostTerminals,
      disk: this.last.disk,
      archiveLag: this.mostLag,
    };
  }

  private async read(): Promise<void> {
    const { node, server } = this.system;
    const lag = await archiveLag(this.connection);
    this.last = {
      nodeRss: rssBytes(node.pid),
      serverRss: rssBytes(server.pid),
      disk: bytesOnDisk(join(server.storeDir, 'jetstream')),
      archiveLag: lag,
    };
    this.mostLag = Math.max(this.mostLag, lag);
    this.mostTerminals = Math.max(this.mostTerminals, process.memoryUsage.rss());
  }
}
