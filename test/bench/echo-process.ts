/** A service that has nothing to do, in a process of its own: what a question costs on this machine and server at all, at the same load. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const ECHO = 'bench.echo';

export interface EchoProcess {
  stop(): Promise<void>;
}

export async function startEcho(natsUrl: string): Promise<EchoProcess> {
  const child = fork(fileURLToPath(new URL('echo.ts', import.meta.url)), [natsUrl], { execArgv: ['--import', 'tsx'] });
  const exited = once(child, 'exit');
  const ready = once(child, 'message');
  await Promise.race([ready, exited.then(([code]) => Promise.reject(new Error(`the echo ended with ${code}`)))]);
  return {
    async stop() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
