/** `npm run soak -- --data FILE.csv.gz [--weeks N] [--orders N] [--concurrency N] [--profile] [--json]` */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';

export interface SoakOptions {
  /** The sheet: CSV, compressed by gzip. */
  data: string;
  /** The sheet is traded from its beginning until one of these is reached. */
  weeks: number;
  orders: number;
  /** Orders on their way at a time. */
  concurrency: number;
  profile: boolean;
  json: boolean;
}

const WHOLE_YEAR_WEEKS = 54;
const DEFAULT_CONCURRENCY = 200;

const WANTED =
  '--data FILE.csv.gz is the sheet "Year 2009-2010" of Online Retail II (Daqing Chen, UCI Machine Learning Repository,\n' +
  'https://doi.org/10.24432/C5CG6D, CC BY 4.0), 525,461 lines, which is not shipped: save it as CSV with the columns\n' +
  'Invoice,StockCode,Description,Quantity,InvoiceDate,Price,CustomerID,Country and compress that by gzip.\n' +
  'To try it: --data supervisor/sample/online-retail-ii-week.csv.gz is its first week.';

/** Throws an error whose message says what is wrong, and where the sheet is from. */
export function readOptions(argv: readonly string[]): SoakOptions {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      data: { type: 'string' },
      weeks: { type: 'string', default: String(WHOLE_YEAR_WEEKS) },
      orders: { type: 'string', default: String(Number.MAX_SAFE_INTEGER) },
      concurrency: { type: 'string', default: String(DEFAULT_CONCURRENCY) },
      profile: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  if (values.data === undefined) throw new Error(`--data is missing\n${WANTED}`);
  if (!existsSync(values.data)) throw new Error(`--data ${values.data}: there is no such file\n${WANTED}`);
  return {
    data: values.data,
    weeks: positive('--weeks', values.weeks),
    orders: positive('--orders', values.orders),
    concurrency: positive('--concurrency', values.concurrency),
    profile: values.profile,
    json: values.json,
  };
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`${option} is a positive integer, not ${text}`);
  return number;
}
