import { afterAll, beforeAll } from 'vitest';
import { type Connection, openConnection } from '../../../supervisor/nats/connection.ts';
import { ensureStreams } from '../../../supervisor/nats/streams.ts';
import { type RealServer, startRealServer } from '../../fixture/real-server.ts';

export interface System {
  server: RealServer;
  connection: Connection;
  /** Another connection, closed with the system. */
  connect(name: string): Promise<Connection>;
}

/** A server with Tillwire's streams, for all tests of a file. */
export function useSystem(partitions = 4): System {
  const opened: Connection[] = [];
  const system = {
    async connect(name: string) {
      const connection = await openConnection({ servers: system.server.url, name });
      opened.push(connection);
      return connection;
    },
  } as System;
  beforeAll(async () => {
    system.server = await startRealServer();
    system.connection = await system.connect('test');
    await ensureStreams(system.connection, { partitions, replicas: 1, monitors: [system.server.monitorUrl] });
  });
  afterAll(async () => {
    await Promise.all(opened.map((connection) => connection.drain()));
    await system.server?.remove();
  });
  return system;
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (found: Uint8Array | undefined): string => Buffer.from(found ?? []).toString();

export const rejectFailure = (error: Error): void => {
  throw error;
};
