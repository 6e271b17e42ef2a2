/**
 * What the soak shows of the system while it trades, read every few seconds. CPU is of an order that was done since the last reading: it rises
 * where something grows with what was traded before, whatever else the machine is busy with.
 */
import { join } from 'node:path';
import type { Connection } from '../../supervisor/nats/connection.ts';
import { cpuSeconds, peakRssBytes, rssBytes } from '../bench/process-meter.ts';
import { bytesOnDisk } from '../bench/stored.ts';
import { archiveLag } from './streams.ts';
import type { SoakedSystem } from './system.ts';

const READ_EVERY_MS = 5000;
const MEBIBYTE = 1024 ** 2;

interface Reading {
  nodeRss: number;
  serverRss: number;
  disk: number;
  archiveLag: number;
  cpu: Cpu;
  /** Orders that are done. */
  orders: number;
}

/** Seconds. */
interface Cpu {
  node: number;
  server: number;
}

export interface Measured {
  /** At most, bytes. */
  peakRss: { node: number; server: number; terminals: number };
  cpuSeconds: Cpu;
  diskBytes: number;
  /** Messages, at most. */
  archiveLag: number;
}

export const mebibytes = (bytes: number): string => `${Math.round(bytes / MEBIBYTE)} MiB`;

export class Meters {
  private readonly system: SoakedSystem;
  private readonly connection: Connection;
  private readonly timer: NodeJS.Timeout;
  private readonly ordersDone: () => number;
  private readonly first: Cpu;
  private before: Reading;
  private last: Reading;
  private mostLag = 0;
  private mostTerminals = 0;

  constructor(system: SoakedSystem, connection: Connection, ordersDone: () => number) {
    this.system = system;
    this.connection = connection;
    this.ordersDone = ordersDone;
    this.first = this.cpu();
    this.last = { nodeRss: 0, serverRss: 0, disk: 0, archiveLag: 0, cpu: this.first, orders: 0 };
    this.before = this.last;
    this.timer = setInterval(() => void this.read().catch(() => undefined), READ_EVERY_MS);
  }

  /** What is shown between two readings is the one before. */
  line(): string[] {
    const { nodeRss, serverRss, disk, archiveLag: lag, cpu, orders } = this.last;
    const done = orders - this.before.orders;
    const perOrder = (process: keyof Cpu): string =>
      done > 0 ? ` ${(((cpu[process] - this.before.cpu[process]) * 1000) / done).toFixed(1)} ms/order` : '';
    return [
      `node ${mebibytes(nodeRss)}${perOrder('node')}`,
      `server ${mebibytes(serverRss)}${perOrder('server')}`,
      `disk ${mebibytes(disk)}`,
      `archive lag ${lag}`,
    ];
  }

  /** Reads a last time. */
  async close(): Promise<Measured> {
    clearInterval(this.timer);
    await this.read();
    const { node, server } = this.system;
    const { cpu, disk } = this.last;
    return {
      peakRss: { node: peakRssBytes(node.pid), server: peakRssBytes(server.pid), terminals: this.mostTerminals },
      cpuSeconds: { node: cpu.node - this.first.node, server: cpu.server - this.first.server },
      diskBytes: disk,
      archiveLag: this.mostLag,
    };
  }

  private cpu(): Cpu {
    const { node, server } = this.system;
    return { node: cpuSeconds(node.pid), server: cpuSeconds(server.pid) };
  }

  private async read(): Promise<void> {
    const { node, server } = this.system;
    const lag = await archiveLag(this.connection);
    this.before = this.last;
    this.last = {
      nodeRss: rssBytes(node.pid),
      serverRss: rssBytes(server.pid),
      disk: bytesOnDisk(join(server.storeDir, 'jetstream')),
      archiveLag: lag,
      cpu: this.cpu(),
      orders: this.ordersDone(),
    };
    this.mostLag = Math.max(this.mostLag, lag);
    this.mostTerminals = Math.max(this.mostTerminals, process.memoryUsage.rss());
  }
}
