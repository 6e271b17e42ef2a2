import { afterEach, expect, test, vi } from 'vitest';
import { askedToStop } from '../../../supervisor/cli/fleet/asked-to-stop.ts';

const before = new Map((['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal) => [signal, process.listeners(signal)]));

afterEach(() => {
  vi.restoreAllMocks();
  for (const [signal, known] of before)
    for (const listener of process.listeners(signal)) if (!known.includes(listener)) process.off(signal, listener);
});

test('one Ctrl-C that comes twice, from the terminal and from npm, asks once; another one ends the process', async () => {
  let now = 5000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
  const asked = askedToStop();
  process.emit('SIGINT', 'SIGINT');
  now += 40;
  process.emit('SIGINT', 'SIGINT');
  expect(await asked).toBe('SIGINT');
  expect(kill).not.toHaveBeenCalled();
  now += 200;
  process.emit('SIGTERM', 'SIGTERM');
  expect(kill.mock.calls).toEqual([[process.pid, 'SIGTERM']]);
});
