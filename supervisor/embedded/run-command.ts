import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** More than any index listing prints. */
const OUTPUT_LIMIT_BYTES = 16 * 1024 * 1024;

export interface CommandOptions {
  readonly timeoutMs: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Ends it. */
  readonly signal?: AbortSignal;
}

/** What the command printed; a failure names the command and what it complained of. */
export async function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const { timeoutMs, cwd, env, signal } = options;
  try {
    const { stdout } = await promisify(execFile)(command, args, {
      timeout: timeoutMs,
      maxBuffer: OUTPUT_LIMIT_BYTES,
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...process.env, ...env },
      signal,
    });
    return stdout;
  } catch (error) {
    throw new Error(`${command} ${args[0] ?? ''} failed: ${complaintOf(error)}`, { cause: error });
  }
}

function complaintOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stderr = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr : '';
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-3).join('; ') || error.message;
}
