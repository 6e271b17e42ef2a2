/**
 * The thread that answers `query.…` (query-worker.ts), as a part of its node: turns are computed on the node's own thread, and whoever
 * asks for a state does not wait for them.
 */
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { messageOf } from '../../protocols/thrown.ts';
import type { Part } from './supervise.ts';
import type { FromThread, NodeAnswers, QueryThreadOptions, ToThread } from './thread-messages.ts';
import { letGoFirst } from './thread-priority.ts';

/** In the bundle that runs as in the sources, it lies beside this file. */
const WORKER = join(import.meta.dirname, `query-worker${extname(import.meta.filename)}`);
/** A small nursery keeps the pauses of its garbage collection short. */
const LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 512 };
/** What was asked is answered by then, or never. */
const STOP_WITHIN_MS = 5000;

export async function startQueryThread(
  options: QueryThreadOptions,
  answers: NodeAnswers,
  failed: (error: Error) => void,
  startWorker = (): Worker => new Worker(WORKER, { workerData: options, execArgv: [], resourceLimits: LIMITS }),
): Promise<Part> {
  const worker = startWorker();
  const say = (message: ToThread): void => worker.postMessage(message);
  const exited = new Promise<unknown>((settle) => worker.once('exit', settle));
  let stopping = false;
  await new Promise<void>((started, fail) => {
    const gone = (error: Error): void => {
      fail(error);
      if (!stopping) failed(error);
    };
    worker.once('error', gone);
    worker.once('exit', (code) => gone(new Error(`the query thread ended with code ${code}`)));
    worker.on('message', (message: FromThread) => {
      if (message.say === 'ready') {
        if (options.goesFirst && message.thread !== undefined) letGoFirst(message.thread);
        started();
      } else void answer(message, answers).then(say);
    });
  });
  return {
    async stop() {
      stopping = true;
      say({ say: 'stop' });
      const overdue = setTimeout(() => void worker.terminate(), STOP_WITHIN_MS);
      await exited;
      clearTimeout(overdue);
    },
  };
}

async function answer(
  { number, about, account, page }: Extract<FromThread, { say: 'ask' }>,
  answers: NodeAnswers,
): Promise<ToThread> {
  try {
    return { say: 'answer', number, answer: await answers[about](account, page) };
  } catch (error) {
    return { say: 'no-answer', number, reason: messageOf(error) };
  }
}
