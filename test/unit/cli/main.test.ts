import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { main } from '../../../supervisor/cli/main.ts';

const PERIOD = ['--from', '2026-11-01', '--to', '2026-12-01'];
const REPORT = ['report', 'attribution', ...PERIOD];

let printed = { stdout: '', stderr: '' };

beforeEach(() => {
  printed = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      printed[stream] += text;
      return true;
    });
  }
});

afterEach(() => void vi.restoreAllMocks());

describe('a wrong command line', () => {
  test.each([
    [[], 'which command?; see tillwire help'],
    [['dance'], 'unknown command "dance"; see tillwire help'],
    [['help', 'dance'], 'unknown command "dance"'],
    [['up', '--color'], "Unknown option '--color'; see tillwire help up"],
    [['up', '--nodes', 'many'], '--nodes many: a whole number from 1 to 64 is wanted'],
    [['up', '--port', '70000'], '--port 70000: a whole number from 0 to 65535 is wanted'],
    [['up', '--partitions', '0'], '--partitions 0: a whole number from 1 to 1024 is wanted'],
    [['up', '--gateway', 'acme'], '--gateway acme: only simulator is there'],
    [['up', '--data', ''], '--data is given, and empty; see tillwire help up'],
    [['up', '--data', 'package.json'], '--data package.json: a folder is wanted'],
    [['node', '--data', 'package.json'], '--data package.json: a folder is wanted'],
    [['up', '--config', 'nowhere.json'], 'nowhere.json: ENOENT'],
    [['up', '--log-level', 'loud'], '--log-level loud: one of trace, debug'],
    [['up', '--nats', 'nats://127.0.0.1:1', '--port', '1'], '--port is of an embedded server'],
    [['up', '--monitor', 'http://127.0.0.1:1'], '--monitor and --allow-unsynced are of a server that is joined'],
    [['node', '--id', 'a.b'], '"a.b" is no node'],
    [['order'], 'which order?'],
    [['order', 'a.b'], '"a.b" is no order'],
    [['order', '>'], '">" is no order'],
    [['order', 'A1', 'A2'], 'unexpected argument "A2"'],
    [['order', 'A1', '--file', 'package.json'], '--file is of order place'],
    [['order', 'place', '--explain'], '--explain is of order <id>'],
    [['gateway', 'main', '--fees', 'nonsense'], '--fees is of gateway <account> --settlement'],
    [['gateway', 'main', '--journal', '--from', '2026-11-01'], '--from is of gateway <account> --settlement'],
    [['gateway', 'main', '--journal', '--settlement'], '--journal and --settlement: one of them'],
    [['order', 'place'], '--file says which order to place'],
    [['order', 'place', '--file', 'nowhere.json'], '--file nowhere.json: ENOENT'],
    [['order', 'place', '--file', 'package.json', '--id', '*'], '"*" is no order'],
    [['order', 'place', '--file', 'package.json', '--wait', '0'], '--wait 0: a whole number from 1 to 3600 is wanted'],
    [['send'], 'which entity? order, store, return, gateway'],
    [['send', 'till', 'T1', 'open'], 'which entity? order, store, return, gateway'],
    [['send', 'return', 'R1'], 'which command to the return? request, receive, inspect, hand-back, cancel'],
    [['send', 'return', 'R1', 'refund'], 'which command to the return? request, receive, inspect, hand-back, cancel'],
    [['send', 'return', 'R>', 'cancel'], '"R>" is no return'],
    [['send', 'order', 'A1', 'cancel', 'reason'], 'the payload: Unexpected token'],
    [['send', 'order', 'A1', 'cancel', '[]'], 'the payload: an object is wanted'],
    [['send', 'order', 'A1', 'cancel', '{}', '--file', 'package.json'], 'a payload and --file: only one of them'],
    [['send', 'order', 'A1', 'cancel', '--file', 'nowhere.json'], '--file nowhere.json: ENOENT'],
    [['send', 'order', 'A1', 'cancel', '--origin', 'ops.ann'], '"ops.ann" is no origin'],
    [['report'], 'which report? attribution or journal'],
    [['report', 'attribution', '--from', '2026-11-01'], 'which period? --from <day> --to <day>'],
    [['report', 'attribution', '--from', 'May', '--to', '2026-11-01'], '--from May is neither a day'],
    [[...REPORT, '--format', 'xml'], '--format xml: one of table, csv, json, parquet is wanted'],
    [[...REPORT, '--format', 'parquet'], '--format parquet wants a file: --out <file>'],
    [['report', 'journal', ...PERIOD, '--format', 'parquet'], '--format parquet: a journal is csv or json'],
    [['report', 'journal', ...PERIOD, '--store', 'store-a'], '--store: a journal is of everything'],
    [['permissions'], 'which origins? tillwire permissions <origin>…'],
    [['permissions', 'store-a', 'shop-b'], '"shop-b" is no origin: <kind>-<name> is wanted'],
    [['permissions', 'store-a.>'], '"store-a.>" is no origin: <kind>-<name> is wanted'],
    [['permissions', 'store-a', 'store-a'], 'origin store-a is given twice'],
    [
      ['permissions', 'store-a', 'store-A'],
      'origin store-A would have the password of store-a: both are TILLWIRE_STORE_A',
    ],
    [['dead', 'bury'], 'dead bury: one of list, show, replay, discard is wanted'],
    [['dead', 'show', 'x'], 'which one?'],
  ])('%j says what is wrong and exits 2', async (args, message) => {
    expect([await main(args), printed.stdout]).toEqual([2, '']);
    expect(printed.stderr).toContain(`tillwire: ${message}`);
  });
});

describe('a command that comes to no server', () => {
  const cancel = ['send', 'order', 'A1', 'cancel'];

  test('says so in its document, and exits with a code of its own', async () => {
    expect(await main([...cancel, '--nats', 'nats://127.0.0.1:1', '--json'])).toBe(4);
    const reason = 'no NATS server answers at nats://127.0.0.1:1 (connection refused)';
    expect(JSON.parse(printed.stdout)).toEqual({ order: 'A1', outcome: 'not-sent', reason });
    expect(printed.stderr).toMatch(/^tillwire: no NATS server answers at [^\n]*: say where it is with --nats /);
  });

  test('as it is larger than any may be names its size and the limit', async () => {
    expect(await main([...cancel, JSON.stringify({ reason: 'x'.repeat(3_000_000) })])).toBe(2);
    expect(printed.stderr).toContain('the payload has 3000013 bytes as JSON: 262144 are the most');
  });
});

describe('help', () => {
  test.each([[['help']], [['help', 'help']], [['-h']]])('%j lists every command', async (args) => {
    expect(await main(args)).toBe(0);
    expect(printed.stdout).toMatch(/ {2}demo +trade a real week[\s\S]* {2}dead +list, show/);
  });

  test.each([
    ['help', 'up'],
    ['up', '--help'],
    ['up', '-h'],
  ])('%s %s tells the forms and options of the command', async (...args) => {
    expect(await main(args)).toBe(0);
    expect(printed.stdout).toMatch(/^usage: tillwire up\n\n[\s\S]* {2}--nodes <n> +node processes/);
  });
});

test.each(['--version', '-v'])('%s tells the version of the package', async (option) => {
  expect(await main([option])).toBe(0);
  expect(printed.stdout).toBe(`${manifest.version}\n`);
});

test('permissions are printed for nats-server, or told as JSON', async () => {
  expect(await main(['permissions', 'gateway-main'])).toBe(0);
  expect(printed.stdout).toMatch(/^#.*\naccounts \{[\s\S]* {2}"gateway-main" \{[\s\S]*\}\n$/);
  printed.stdout = '';
  expect(await main(['permissions', 'gateway-main', '--json'])).toBe(0);
  expect(JSON.parse(printed.stdout)).toMatchObject({
    users: [
      {
        user: 'gateway-main',
        passwordVariable: 'TILLWIRE_GATEWAY_MAIN',
        subscribe: ['_INBOX.>', 'out.gateway-main.>', 'event.>'],
      },
    ],
  });
});
