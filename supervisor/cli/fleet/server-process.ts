/** The embedded server of a fleet: started again on the same port and store when it dies, or can't write, as soon as there is room. */
import type { Logger } from 'pino';
import {
  type EmbeddedServer,
  type EmbeddedServerOptions,
  STOP_TIMEOUT_MS,
  startNatsServer,
} from '../../embedded/nats-server.ts';
import type { Part, StartPart } from '../../node/supervise.ts';
import { waitForRoom, watchHealth } from './server-health.ts';
import { sayingWhatIsWaitedFor } from './slow-stop.ts';

export interface KeptServer {
  url: string;
  monitorUrl(): string;
  start: StartPart;
}

/** Rejects when it can't be started at all: then somebody must look, not a timer. */
export async function openServer(options: EmbeddedServerOptions, log: Logger): Promise<KeptServer> {
  let server = await starting(options, log);
  let fresh = true;
  const start: StartPart = async (failed) => {
    if (!fresh) {
      const waiting = waitForRoom(options.storeDir, log, failed);
      if (waiting) return waiting;
      const again = await starting({ ...options, port: server.port }, log).catch(unlessStopped(options));
      // It is the end of all.
      if (!again) return { stop: async () => {} };
      server = again;
      log.info({ nats: server.url }, 'nats-server serves again');
    }
    fresh = false;
    const unwatch = watchHealth(server, options.storeDir, log, failed);
    return watched(server, failed, unwatch, log);
  };
  return { url: server.url, monitorUrl: () => server.monitorUrl, start };
}

/** One that is asked to stop while it starts may take as long as one that serves. */
async function starting(options: EmbeddedServerOptions, log: Logger): Promise<EmbeddedServer> {
  const started = startNatsServer(options);
  const over = started.then(
    () => false,
    () => false,
  );
  const say = () => void sayingWhatIsWaitedFor('nats-server', STOP_TIMEOUT_MS, log, over);
  options.stoppedBy?.addEventListener('abort', say);
  try {
    return await started;
  } finally {
    options.stoppedBy?.removeEventListener('abort', say);
  }
}

function unlessStopped({ stoppedBy }: EmbeddedServerOptions): (error: Error) => undefined {
  return (error) => {
    if (!stoppedBy?.aborted) throw error;
  };
}

function watched(server: EmbeddedServer, failed: (error: Error) => void, unwatch: () => void, log: Logger): Part {
  void server.exited.then(({ code, signal }) => {
    unwatch();
    failed(new Error(`nats-server ${server.pid} ended with ${signal ?? `exit code ${code}`}`));
  });
  return {
    stop: async () => {
      unwatch();
      const stopping = server.stop().then(({ overdue }) => overdue === true);
      await sayingWhatIsWaitedFor('nats-server', STOP_TIMEOUT_MS, log, stopping);
    },
  };
}
