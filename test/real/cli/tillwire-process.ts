import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../fixture/eventually.ts';

const PROGRAM = fileURLToPath(new URL('../../../supervisor/cli/tillwire.js', import.meta.url));
const READY_WITHIN_MS = 40_000;
const INTERRUPTED = 130;

export interface Ready {
  nats: string;
  nodes: number[];
}

/** The program as a black box. */
export class TillwireProcess {
  stdout = '';
  stderr = '';
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown[]>;
  readonly #closed: Promise<unknown[]>;

  constructor(...args: string[]) {
    this.#child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#exited = once(this.#child, 'exit');
    this.#closed = once(this.#child, 'close');
    this.#child.stdout?.on('data', (bytes) => {
      this.stdout += bytes;
    });
    this.#child.stderr?.on('data', (bytes) => {
      this.stderr += bytes;
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async ready(): Promise<Ready> {
    const what = () => `tillwire serves; it said: ${this.stderr.slice(-2000)}`;
    await eventually(() => this.stdout.includes('\n') || this.#ended, {
      what: 'a first line',
      withinMs: READY_WITHIN_MS,
    });
    if (!this.stdout.includes('\n')) throw new Error(`it ended before ${what()}`);
    const ready = JSON.parse(this.stdout.split('\n', 1).join(''));
    if (ready.ready !== true) throw new Error(`not ready: ${this.stdout}`);
    return ready;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** As who presses Ctrl-C again and again, also when it exits already; returns how a shell says that it ended. */
  async interrupt(withinMs: number): Promise<number | NodeJS.Signals> {
    const pressed = (): boolean => {
      if (!this.#ended) this.signal('SIGINT');
      return this.#ended;
    };
    await eventually(pressed, { what: 'it ends', withinMs });
    const ended = await this.exit();
    return ended === 'SIGINT' ? INTERRUPTED : ended;
  }

  /** The exit code, or the signal that ended it. */
  async exit(): Promise<number | NodeJS.Signals> {
    const [code, signal] = (await this.#exited) as [number | null, NodeJS.Signals | null];
    return code ?? signal ?? -1;
  }

  /** Resolves when nobody has its output any more: what it started has ended, too. */
  async closed(): Promise<void> {
    await this.#closed;
  }

  /** For the end of a test: nothing is left running, whatever went wrong. */
  async end(): Promise<void> {
    if (!this.#ended) this.signal('SIGTERM');
    await this.#exited;
  }

  get #ended(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}

/** Runs the program to its end. */
export async function tillwire(...args: string[]): Promise<{ code: number | string; stdout: string; stderr: string }> {
  const running = new TillwireProcess(...args);
  const code = await running.exit();
  return { code, stdout: running.stdout, stderr: running.stderr };
}
