/** The embedded server of a fleet: started again on the same port and store when it dies. */
import { type EmbeddedServer, type EmbeddedServerOptions, startNatsServer } from '../../embedded/nats-server.ts';
import type { Part, StartPart } from '../../node/supervise.ts';

export interface KeptServer {
  url: string;
  monitorUrl(): string;
  start: StartPart;
}

/** Rejects when it can't be started at all: then somebody must look, not a timer. */
export async function openServer(options: EmbeddedServerOptions): Promise<KeptServer> {
  let server = await startNatsServer(options);
  let fresh = true;
  const start: StartPart = async (failed) => {
    if (!fresh) server = await startNatsServer({ ...options, port: server.port });
    fresh = false;
    return watched(server, failed);
  };
  return { url: server.url, monitorUrl: () => server.monitorUrl, start };
}

function watched(server: EmbeddedServer, failed: (error: Error) => void): Part {
  void server.exited.then(({ code, signal }) =>
    failed(new Error(`nats-server ${server.pid} ended with ${signal ?? `exit code ${code}`}`)),
  );
  return {
    stop: async () => {
      await server.stop();
    },
  };
}
