import fc from 'fast-check';
import { GATEWAY_KINDS } from '../../../protocols/gateway.ts';
import type { Call, Script, SimulatorEntry } from '../../../supervisor/gateway/simulator-entry.ts';

const START = Date.parse('2026-11-22T09:00:00Z');

const BEHAVIOURS = [
  'ok',
  'decline',
  'error-500',
  'rate-limit',
  'timeout-before',
  'timeout-after',
  'late-failure',
  'late-recapture',
] as const satisfies Script['behave'][];

export function callEntry(changes: Partial<Call> = {}): SimulatorEntry {
  const call: Call = {
    key: 'A1-c1',
    kind: 'capture',
    order: 'A1',
    transaction: 'pi_1',
    method: 'visa',
    amount: 1000,
    currency: 'EUR',
    ...changes,
  };
  return { entry: 'call', at: START, call };
}

let scripts = 0;
export function scriptEntry(script: Omit<Script, 'kind'> & { kind?: Script['kind'] }): SimulatorEntry {
  return { entry: 'script', id: `script-${scripts++}`, script: { kind: 'capture', ...script } };
}

const key = fc.constantFrom('A1-1', 'A1-2', 'A2-1', 'A2-2', 'A3-1');
const kind = fc.constantFrom(...GATEWAY_KINDS);

const anyCall = fc
  .record({
    key,
    kind,
    amount: fc.integer({ min: 0, max: 3 }),
    transaction: fc.constantFrom('pi_1', 'pi_2'),
    party: fc.option(fc.constantFrom('store-lyon', 'store-nice'), { nil: undefined }),
  })
  .map(({ party, ...call }) => callEntry(party === undefined ? call : { ...call, party }));

export const anyScript: fc.Arbitrary<Script> = fc.record({
  kind,
  behave: fc.constantFrom(...BEHAVIOURS),
  times: fc.integer({ min: 1, max: 3 }),
});

const anyScriptEntry = fc
  .tuple(fc.uuid(), anyScript)
  .map(([id, script]): SimulatorEntry => ({ entry: 'script', id, script }));

const anyLate = key.chain((of) =>
  fc.constantFrom<SimulatorEntry>(
    { entry: 'late-failure', key: of },
    { entry: 'told', key: of },
    { entry: 'late-recapture', key: of, at: START },
    { entry: 'told', key: of, outcome: 'confirmed' },
  ),
);

export const anyEntries = fc.array(
  fc.oneof({ weight: 5, arbitrary: anyCall }, { weight: 2, arbitrary: anyScriptEntry }, anyLate),
  { maxLength: 40 },
);
