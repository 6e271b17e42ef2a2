import { describe, expect, test } from 'vitest';
import { attribute, type CallFrame, type CpuProfile, partOf } from '../../bench/cpu-profile.ts';

const frame = (url: string, functionName: string): CallFrame => ({ url, functionName, lineNumber: 0, columnNumber: 0 });
const ROOT = frame('', '(root)');
const TURN = frame('file:///tillwire/supervisor/turn/turn.ts', 'handle');
const PACK = frame('file:///tillwire/node_modules/msgpackr/pack.js', 'pack');
const ENCODE = frame('file:///tillwire/protocols/codec.ts', 'encode');
const READ = frame('file:///tillwire/supervisor/turn/read-entry.ts', 'readEntry');
const JUDGE = frame('file:///tillwire/actors/order/fulfilment/ready.ts', 'ready');
const GATEWAY = frame('file:///tillwire/supervisor/gateway/account-part.ts', 'run');

describe('the CPU profile of a node', () => {
  test.each([
    ['encode', [PACK, ENCODE, TURN, ROOT]],
    ['statechart', [JUDGE, TURN, ROOT]],
    ['read', [frame('', 'digest'), READ, TURN, ROOT]],
    ['turn', [TURN, ROOT]],
    ['gateway and simulator', [PACK, ENCODE, GATEWAY, ROOT]],
    ['garbage collection', [frame('', '(garbage collector)'), JUDGE, TURN, ROOT]],
    ['rest', [frame('', '(program)'), ROOT]],
  ])('work belongs to the innermost frame that has a part: %s', (part, stack) => {
    expect(partOf(stack)).toBe(part);
  });

  test('self times of the window are added up, idle ones and those outside are not', () => {
    const nodes: CpuProfile['nodes'] = [
      { id: 1, callFrame: ROOT, children: [2, 4] },
      { id: 2, callFrame: TURN, children: [3] },
      { id: 3, callFrame: JUDGE },
      { id: 4, callFrame: frame('', '(idle)') },
    ];
    const profile: CpuProfile = { nodes, startTime: 1000, samples: [2, 3, 3, 4, 2], timeDeltas: [0, 10, 10, 10, 10] };
    const { busyMicroseconds, parts, functions } = attribute(profile, 1010, 1040);
    expect(busyMicroseconds).toBe(20);
    expect(parts).toEqual([{ name: 'statechart', microseconds: 20 }]);
    expect(functions).toEqual([{ name: 'ready actors/order/fulfilment/ready.ts:1', microseconds: 20 }]);
  });
});
