/** The process that trades: it has nothing of the system but its address. */
import { spawn } from 'node:child_process';
import { PROGRAM } from './program.ts';

interface Traded {
  code: number;
  /** One that is worth showing; absent when the week was not traded to its end. */
  order: string | undefined;
}

/** It is ended when `signal` says so. */
export function startTradeProcess(natsUrl: string, signal: AbortSignal): Promise<Traded> {
  const child = spawn(process.execPath, [...process.execArgv, PROGRAM, 'trade', '--nats', natsUrl], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    signal,
  });
  let order: string | undefined;
  child.on('message', (message: { order?: string }) => {
    order = message.order;
  });
  return new Promise((settle, fail) => {
    child.once('error', fail);
    child.once('exit', (code) => settle({ code: code ?? 1, order }));
  });
}
