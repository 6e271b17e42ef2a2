import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalOf, minorOf } from '../../../protocols/currency.ts';
import { NO_INSTANT } from '../../../protocols/instant.ts';
import { SETTLEMENT_COLUMNS, SETTLEMENT_TYPES, type SettlementType } from '../../../protocols/settlement.ts';
import type { Movement } from '../../../supervisor/gateway/simulator-journal.ts';
import {
  type Fields,
  readFields,
  SETTLEMENT_HEAD,
  type SettlementRow,
  settlementLine,
} from '../../../supervisor/reconcile/settlement-row.ts';
import { readFees, settlementRow } from '../../../supervisor/reconcile/simulated-settlement.ts';

const FIELDS: Fields = {
  record: 'txn_1',
  date: '2026-11-22T10:00:00Z',
  type: 'capture',
  account: 'main',
  merchant_reference: 'A1001-c1',
  provider_reference: 'ch_1',
  currency: 'EUR',
  gross: '88.14',
  fee: '1.48',
  net: '86.66',
};

describe('a row', () => {
  test('is read into minor units', () => {
    expect(readFields(FIELDS)).toEqual({
      record: 'txn_1',
      date: '2026-11-22T10:00:00.000Z',
      type: 'capture',
      account: 'main',
      merchantReference: 'A1001-c1',
      providerReference: 'ch_1',
      currency: 'EUR',
      gross: 8814,
      fee: 148,
      net: 8666,
    });
  });

  test.each([
    [{ record: '' }, 'record', 'must not have fewer than 1 characters'],
    [{ date: '22/11/2026' }, 'date', NO_INSTANT],
    [{ date: '2026-11-26T05:00:00Z[Europe/Paris]' }, 'date', NO_INSTANT],
    [{ date: '2026-12-31T23:59:60Z' }, 'date', NO_INSTANT],
    [{ date: '9999-12-31T23:59:59Z' }, 'date', NO_INSTANT],
    [{ type: 'sale' }, 'type', `must be one of ${Object.keys(SETTLEMENT_TYPES).join(', ')}`],
    [{ account: 'ma in' }, 'account', 'must match pattern "^[A-Za-z0-9_-]{1,64}$"'],
    [{ currency: 'eur' }, 'currency', 'must match pattern "^[A-Z]{3}$"'],
    [{ currency: 'XXX' }, 'currency', 'must be a currency of ISO 4217'],
    [{ currency: 'JPY' }, 'gross', 'must have 0 decimals, as JPY has'],
    [
      { currency: 'JPY', gross: '5000', fee: '0.35', net: '30.12' },
      'fee',
      'must have 0 decimals, as JPY has, which gross is in: an account that settles in another one can’t be compared',
    ],
    [{ fee: '1.5' }, 'fee', 'must have 2 decimals, as EUR has'],
    [{ net: '86.7' }, 'net', 'must have 2 decimals, as EUR has'],
    [{ currency: 'KWD' }, 'gross', 'must have 3 decimals, as KWD has'],
    [
      { gross: '88,14' },
      'gross',
      'must be a decimal such as 1234.50 or -1234.50, of at most 16 digits before the point',
    ],
    [{ gross: '99999999999999.99' }, 'gross', 'must be between -90071992547409.91 and 90071992547409.91'],
    [{ type: 'refund' }, 'gross', 'must be zero or less for refund'],
    [{ type: 'fee' }, 'gross', 'must be zero for fee'],
    [{ type: 'fee', gross: '-2.00', fee: '0.00', net: '-2.01' }, 'gross', 'must be zero for fee'],
    [{ gross: '0.00', fee: '0.00', net: '88.14' }, 'net', 'must be gross − fee'],
    [{ net: '86.67' }, 'net', 'must be gross − fee'],
  ])('with %o names the column and the rule', (changes, column, rule) => {
    expect(readFields({ ...FIELDS, ...changes })).toEqual({ column, rule });
  });

  test('that is written is read back, in currencies of all exponents', () => {
    const amount = fc.integer({ min: 0, max: 1_000_000_000_000 });
    const row = fc
      .record({
        currency: fc.constantFrom('EUR', 'JPY', 'KWD', 'CLF'),
        type: fc.constantFrom(...(Object.keys(SETTLEMENT_TYPES) as SettlementType[])),
        amount,
        fee: amount,
      })
      .map(({ amount: gross, fee, ...rest }): SettlementRow => {
        const sign = SETTLEMENT_TYPES[rest.type];
        const signed = sign === 'any' ? gross : sign * gross || 0;
        return { ...read(), ...rest, gross: signed, fee, net: signed - fee };
      });
    fc.assert(
      fc.property(row, (given) => {
        const values = settlementLine(given).split(',');
        const fields = Object.fromEntries(SETTLEMENT_HEAD.split(',').map((column, index) => [column, values[index]]));
        expect(readFields(fields as Fields)).toEqual(given);
      }),
    );
  });

  test.each([
    ['fee', '-2.00', '0.00', '-2.00', { gross: 0, fee: 200, net: -200 }],
    ['fee', '0.00', '0.00', '-2.00', { gross: 0, fee: 200, net: -200 }],
    ['fee', '0.00', '0.00', '2.00', { gross: 0, fee: -200, net: 200 }],
    ['fee', '0.00', '2.00', '-2.00', { gross: 0, fee: 200, net: -200 }],
    ['bank-transfer', '0.00', '0.00', '-50.00', { gross: -5000, fee: 0, net: -5000 }],
    ['adjustment', '-3.00', '0.00', '-3.00', { gross: -300, fee: 0, net: -300 }],
  ])('of the provider’s own business, %s of %s, %s and %s, is its net', (type, gross, fee, net, amounts) => {
    expect(readFields({ ...FIELDS, type, gross, fee, net })).toMatchObject(amounts);
  });

  test('quotes what would break the line', () => {
    expect(settlementLine({ ...read(), providerReference: 'a,"b"' })).toContain(',"a,""b""",');
  });
});

describe('a decimal', () => {
  test('of minor units is read as what was written', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom('EUR', 'JPY', 'KWD', 'CLF'), (amount, currency) => {
        expect(minorOf(decimalOf(amount, currency), currency)).toBe(amount);
      }),
    );
  });

  test.each(['1', '1.0', '1.000', '1e2', '.10', '', '90071992547409.93'])('%s is no amount of EUR', (text) => {
    expect(minorOf(text, 'EUR')).toBeUndefined();
  });
});

describe('the file of the simulated provider', () => {
  const movement: Movement = {
    position: 7,
    key: 'A1001-c1',
    kind: 'capture',
    order: 'A1001',
    transaction: 'pi_1',
    amount: 8814,
    currency: 'EUR',
    at: '2026-11-22T10:00:00.000Z',
    gatewayReference: 'ch_1',
  };

  test('takes a rate, rounded half-up, and a fixed part of what moved', () => {
    const fees = readFees('capture=0.014+25,payout=0+10') ?? new Map();
    // 1.23396 of it, and 0.25.
    expect(settlementRow(movement, 'main', fees)).toEqual({ ...read(), record: 'main-7', fee: 148, net: 8666 });
    const payout: Movement = { ...movement, kind: 'payout' };
    expect(settlementRow(payout, 'main', fees)).toMatchObject({ type: 'payout', gross: -8814, fee: 10, net: -8824 });
  });

  test('gives back what failed late, and keeps its fee', () => {
    const fees = readFees('capture=0.014+25') ?? new Map();
    const failed = settlementRow({ ...movement, failedLate: true }, 'main', fees);
    expect(failed).toMatchObject({ type: 'capture-failed', gross: -8814, fee: 0, net: -8814 });
  });

  test('has no row of what moves no money', () => {
    expect(settlementRow({ ...movement, kind: 'void' }, 'main', new Map())).toBeUndefined();
  });

  test.each(['capture', 'capture=0.014', 'void=0+1', 'capture=-1+0', 'capture=0.014+2.5'])(
    'takes no fee %s',
    (text) => {
      expect(readFees(text)).toBeUndefined();
    },
  );
});

test('every column of the schema is in the head', () => {
  expect(SETTLEMENT_HEAD).toBe('record,date,type,account,merchant_reference,provider_reference,currency,gross,fee,net');
  expect(SETTLEMENT_COLUMNS).toHaveLength(10);
});

function read(): SettlementRow {
  const row = readFields(FIELDS);
  if ('rule' in row) throw new Error(row.rule);
  return row;
}
