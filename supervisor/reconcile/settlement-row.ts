/** A row of a settlement file (protocols/settlement.ts) with its amounts in minor units, read from fields of text and written as a line. */
import { Compile } from 'typebox/compile';
import { decimalOf, exponentOf, minorOf } from '../../protocols/currency.ts';
import { NO_INSTANT } from '../../protocols/instant.ts';
import {
  SETTLEMENT_COLUMNS,
  SETTLEMENT_ROW,
  SETTLEMENT_TYPES,
  type SettlementType,
} from '../../protocols/settlement.ts';
import { csvRow } from '../text/csv.ts';

export interface SettlementRow {
  record: string;
  /** RFC 3339. */
  date: string;
  type: SettlementType;
  account: string;
  merchantReference: string;
  providerReference: string;
  currency: string;
  /** Minor units, signed as the merchant’s balance sees it. */
  gross: number;
  fee: number;
  net: number;
}

export type Fields = Record<(typeof SETTLEMENT_COLUMNS)[number], string>;

/** What is wrong with a row: the first rule that it breaks, and in which column. */
export interface BrokenRule {
  column: string;
  rule: string;
}

const validator = Compile(SETTLEMENT_ROW);
const NO_DECIMAL = 'must be a decimal such as 1234.50 or -1234.50, of at most 16 digits before the point';

export function readFields(fields: Fields): SettlementRow | BrokenRule {
  if (!validator.Check(fields)) {
    const [error] = validator.Errors(fields);
    const column = error?.instancePath.slice(1) ?? '';
    return { column, rule: ruleOf(column, error?.message) };
  }
  const { record, date, account, currency } = fields;
  if (exponentOf(currency) === undefined) return { column: 'currency', rule: 'must be a currency of ISO 4217' };
  const amounts = { gross: 0, fee: 0, net: 0 };
  for (const column of ['gross', 'fee', 'net'] as const) {
    const amount = minorOf(fields[column], currency);
    if (amount === undefined) return { column, rule: amountRule(column, fields) };
    amounts[column] = amount;
  }
  const type = fields.type as SettlementType;
  const row = {
    record,
    date: new Date(date).toISOString(),
    type,
    account,
    merchantReference: fields.merchant_reference,
    providerReference: fields.provider_reference,
    currency,
    ...amounts,
  };
  const own = providersOwn(row);
  return brokenSum(own) ?? own;
}

/**
 * A row of the provider's own business is what its net says: Stripe has a fee as amount and net, Adyen fills the net alone of what no
 * payment stands behind.
 */
function providersOwn(row: SettlementRow): SettlementRow {
  const { type, gross, fee, net } = row;
  if (fee !== 0 || (gross !== 0 && gross !== net)) return row;
  if (type === 'fee') return { ...row, gross: 0, fee: 0 - net };
  return SETTLEMENT_TYPES[type] === 'any' ? { ...row, gross: net } : row;
}

const MOST = Number.MAX_SAFE_INTEGER;

function amountRule(column: 'gross' | 'fee' | 'net', fields: Fields): string {
  const { currency } = fields;
  const exponent = exponentOf(currency);
  const decimals = decimalsOf(fields[column]);
  if (decimals !== exponent) {
    // The gross is read first, and was in order: what was taken is settled in another currency.
    const isForeign = column === 'fee' && decimalsOf(fields.net) === decimals;
    const also = isForeign ? ', which gross is in: an account that settles in another one can’t be compared' : '';
    return `must have ${exponent} decimals, as ${currency} has${also}`;
  }
  return `must be between ${decimalOf(-MOST, currency)} and ${decimalOf(MOST, currency)}`;
}

const decimalsOf = (decimal: string): number => decimal.split('.')[1]?.length ?? 0;

function ruleOf(column: string, message: string | undefined): string {
  if (column === 'type') return `must be one of ${Object.keys(SETTLEMENT_TYPES).join(', ')}`;
  if (column === 'date') return NO_INSTANT;
  if (column === 'gross' || column === 'fee' || column === 'net') return NO_DECIMAL;
  return message ?? 'is not valid';
}

function brokenSum({ type, gross, fee, net }: SettlementRow): BrokenRule | undefined {
  const sign = SETTLEMENT_TYPES[type];
  if (sign !== 'any' && Math.sign(gross) !== 0 && Math.sign(gross) !== sign) {
    return { column: 'gross', rule: `must be ${SIGN_WORDS[sign]} for ${type}` };
  }
  return net === gross - fee ? undefined : { column: 'net', rule: 'must be gross − fee' };
}

const SIGN_WORDS = { 1: 'zero or more', '-1': 'zero or less', 0: 'zero' };

export const SETTLEMENT_HEAD = SETTLEMENT_COLUMNS.join(',');

export function settlementLine(row: SettlementRow): string {
  const { record, date, type, account, merchantReference, providerReference, currency } = row;
  const [gross, fee, net] = [row.gross, row.fee, row.net].map((amount) => decimalOf(amount, currency));
  return csvRow([record, date, type, account, merchantReference, providerReference, currency, gross, fee, net]);
}
