import { afterAll, beforeAll } from 'vitest';
import { type RealServer, startRealServer } from '../../fixture/real-server.ts';
import { NodeProcess } from './node-process.ts';

export interface System {
  server: RealServer;
  /** In the order in which they were started. */
  nodes: NodeProcess[];
  startNode(id: string): Promise<NodeProcess>;
}

/** A server and nodes for all tests of a file, each a process. */
export const useSystem = (...ids: string[]): System => useConfiguredSystem({}, ...ids);

export function useConfiguredSystem(config: object, ...ids: string[]): System {
  const system = {
    nodes: [] as NodeProcess[],
    async startNode(id) {
      const node = await NodeProcess.start(system.server, id, config);
      system.nodes.push(node);
      return node.ready();
    },
  } as System;
  beforeAll(async () => {
    system.server = await startRealServer();
    await Promise.all(ids.map((id) => system.startNode(id)));
  });
  afterAll(async () => {
    await Promise.all(system.nodes.map((node) => node.stop()));
    await system.server?.remove();
  });
  return system;
}
