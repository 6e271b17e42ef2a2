import { pino } from 'pino';
import { expect, test } from 'vitest';
import { tellUnheld } from '../../../supervisor/node/unheld-accounts.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What is found at each look, in order; the last is found again. */
function telling(...found: (Record<string, number> | Error)[]) {
  const said: unknown[] = [];
  const waits: number[] = [];
  let again = (): void => {};
  let cancelled = false;
  const look = async () => {
    const [next] = found.length > 1 ? found.splice(0, 1) : found;
    if (next instanceof Error) throw next;
    return new Map(Object.entries(next ?? {}));
  };
  const after = (ms: number, run: () => void) => {
    waits.push(ms);
    again = run;
    return () => {
      cancelled = true;
    };
  };
  const log = pino({}, { write: (line) => said.push(JSON.parse(line)) });
  const part = tellUnheld(look, { after }, log);
  return {
    said,
    waits,
    part,
    cancelled: () => cancelled,
    again: () => {
      again();
      return settled();
    },
  };
}

test('requests for accounts that nobody holds are told at once, and again and again while they wait', async () => {
  const { said, waits, again } = telling({ main: 2 }, { main: 2, shops: 1 }, {});
  await settled();
  for (let time = 0; time < 3; time++) await again();
  const warned = (waiting: object) => expect.objectContaining({ level: 40, waiting });
  expect(said).toEqual([warned({ main: 2 }), warned({ main: 2, shops: 1 })]);
  expect(waits).toEqual([300_000, 300_000, 300_000, 300_000]);
});

test('a server that does not answer is asked again sooner; a part that was stopped says and asks nothing', async () => {
  const { said, waits, again, part, cancelled } = telling(new Error('not connected'), { main: 1 });
  await settled();
  expect(waits).toEqual([10_000]);
  await part.stop();
  expect(cancelled()).toBe(true);
  await again();
  expect({ said, waits }).toEqual({ said: [], waits: [10_000] });
});
