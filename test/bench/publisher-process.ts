/** The publisher as the bench's main process sees it: a process of its own, asked over a channel. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { PublisherTasks } from './publisher-tasks.ts';

export interface Question {
  number: number;
  task: string;
  given: unknown[];
}

/** Number 0: it is connected. */
export interface Answer {
  number: number;
  result?: unknown;
  error?: string;
}

export type Ask = <Name extends keyof PublisherTasks>(
  task: Name,
  ...given: Parameters<PublisherTasks[Name]>
) => Promise<Awaited<ReturnType<PublisherTasks[Name]>>>;

export interface PublisherProcess {
  pid: number;
  ask: Ask;
  stop(): Promise<void>;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export async function startPublisher(natsUrl: string): Promise<PublisherProcess> {
  const child = fork(fileURLToPath(new URL('publisher.ts', import.meta.url)), [natsUrl], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, Waiting>();
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code) => {
      for (const { reject } of waiting.values()) reject(new Error(`the publisher exited with ${code}`));
      resolve();
    });
  });
  child.on('message', ({ number, result, error }: Answer) => {
    if (error === undefined) waiting.get(number)?.resolve(result);
    else waiting.get(number)?.reject(new Error(error));
    waiting.delete(number);
  });
  const answerTo = (number: number): Promise<unknown> =>
    new Promise((resolve, reject) => waiting.set(number, { resolve, reject }));
  await answerTo(0);
  let questions = 0;
  const ask = (task: string, ...given: unknown[]): Promise<unknown> => {
    const number = ++questions;
    child.send({ number, task, given } satisfies Question);
    return answerTo(number);
  };
  return {
    pid: child.pid ?? 0,
    ask: ask as Ask,
    async stop() {
      child.disconnect();
      await exited;
    },
  };
}
