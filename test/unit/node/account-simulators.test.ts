import { expect, test } from 'vitest';
import { AccountSimulators } from '../../../supervisor/node/account-simulators.ts';
import { MemoryLog } from '../gateway/memory-ports.ts';
import { sampleRequest } from '../gateway/sample-request.ts';

test('an account whose part starts again has a new simulator, which reads on with the log that is open', async () => {
  const opened: string[] = [];
  const simulators = new AccountSimulators((account) => {
    opened.push(account);
    return new MemoryLog();
  });
  const first = simulators.renewed('main');
  expect(await first.execute(sampleRequest())).toMatchObject({ answer: 'ok' });
  const second = simulators.renewed('main');
  expect(second).not.toBe(first);
  expect(simulators.of('main')).toBe(second);
  expect((await second.journal()).size.calls).toBe(1);
  expect(opened).toEqual(['main']);
  expect((await simulators.of('other').journal()).size.calls).toBe(0);
  expect(opened).toEqual(['main', 'other']);
});
