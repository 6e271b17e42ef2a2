/** `npm run bench -- [--json] [--sync always|interval] [--orders N] [--seconds S] [--profile]` */
import { parseArgs } from 'node:util';

export interface BenchOptions {
  json: boolean;
  sync: 'always' | 'interval';
  /** In flight at saturation. */
  orders: number;
  /** Of each measured window. */
  seconds: number;
  profile: boolean;
}

const DEFAULT_ORDERS = 2000;
const DEFAULT_SECONDS = 10;

export function readOptions(argv: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      json: { type: 'boolean', default: false },
      sync: { type: 'string', default: 'always' },
      orders: { type: 'string', default: String(DEFAULT_ORDERS) },
      seconds: { type: 'string', default: String(DEFAULT_SECONDS) },
      profile: { type: 'boolean', default: false },
    },
  });
  if (values.sync !== 'always' && values.sync !== 'interval') throw new Error('--sync is always or interval');
  return {
    json: values.json,
    sync: values.sync,
    orders: positive('--orders', values.orders),
    seconds: positive('--seconds', values.seconds),
    profile: values.profile,
  };
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`${option} is a positive integer, not ${text}`);
  return number;
}
