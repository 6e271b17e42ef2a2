import { destination, type Logger, pino } from 'pino';
import { UsageError } from '../command.ts';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];
const STDERR = 2;

/** JSON lines on stderr: stdout is the program's own. */
export function openLog(level: string, fields: Record<string, unknown> = {}): Logger {
  if (!LEVELS.includes(level)) throw new UsageError(`--log-level ${level}: one of ${LEVELS.join(', ')} is wanted`);
  const stderr = destination({ dest: STDERR, sync: true });
  // Whoever read it is gone, or its terminal was closed: that must not end a drain half way.
  stderr.on('error', () => undefined);
  return pino({ level, base: { pid: process.pid, ...fields } }, stderr);
}
