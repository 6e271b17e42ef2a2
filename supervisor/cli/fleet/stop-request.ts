/** An end that is asked for, of a command that runs other processes: it must outlive them, whatever comes. */
import { setMaxListeners } from 'node:events';
import { constants } from 'node:os';

/** One Ctrl-C may come twice: from the terminal, and from npm, which passes it on. */
export const SAME_KEY_MS = 100;
const PARENT_CHECK_MS = 250;
const SIGNALLED = 128;

/** What was under way was left undone, as an end was asked for. */
class Stopped extends Error {
  constructor(reason: string) {
    super(`stopped (${reason})`);
  }
}

export interface StopRequest {
  /** Resolves with the first reason: a signal, or npm that is gone. */
  readonly asked: Promise<string>;
  /** Aborted then: what only prepares is left undone. */
  readonly stopping: AbortSignal;
  /** Aborted at a second Ctrl-C or SIGTERM: children are killed instead of drained. */
  readonly hurry: AbortSignal;
  /** What to exit with: `inOrder`, unless there was a hurry. */
  exitCode(inOrder: number): number;
}

export function stopRequest(): StopRequest {
  const [stopping, hurry] = [new AbortController(), new AbortController()];
  // Each child listens, and there may be many: Node would warn of them.
  setMaxListeners(0, hurry.signal);
  let hurried: NodeJS.Signals | undefined;
  const asked = new Promise<string>((settle) => {
    let first: number | undefined;
    const ask = (reason: string): void => {
      if (first !== undefined) return;
      first = performance.now();
      stopping.abort(new Stopped(reason));
      settle(reason);
    };
    const press = (signal: NodeJS.Signals): void => {
      if (first !== undefined && performance.now() - first > SAME_KEY_MS) {
        hurried ??= signal;
        hurry.abort(new Stopped(signal));
      }
      ask(signal);
    };
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, press);
    // A terminal that is closed says so more than once: by its shell and by the system.
    process.on('SIGHUP', ask);
    void npmGone().then(ask);
  });
  return {
    asked,
    stopping: stopping.signal,
    hurry: hurry.signal,
    exitCode: (inOrder) => (hurried === undefined ? inOrder : SIGNALLED + constants.signals[hurried]),
  };
}

/** npm does not always pass a SIGTERM on: it ends, and leaves what it started behind. */
function npmGone(): Promise<string> {
  const parent = process.ppid;
  return new Promise((settle) => {
    if (process.env.npm_command === undefined) return;
    const check = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(check);
      settle('npm is gone');
    }, PARENT_CHECK_MS);
    check.unref();
  });
}
