/** Chargebacks of a settlement file: whose payment they dispute. */
import { describe, expect, test } from 'vitest';
import { reconciliationText } from '../../../supervisor/cli/views/reconciliation-text.ts';
import type { BookedMovement } from '../../../supervisor/reconcile/booked-movement.ts';
import { Reconciliation } from '../../../supervisor/reconcile/reconciliation.ts';
import type { Result } from '../../../supervisor/reconcile/reconciliation-result.ts';
import type { SettlementRow } from '../../../supervisor/reconcile/settlement-row.ts';

const AT = Date.parse('2026-11-22T12:00:00Z');
const MONTHS = 90 * 24 * 3600 * 1000;

const chargeback = (changes: Partial<SettlementRow> = {}): SettlementRow => ({
  record: 'txn_cb',
  date: new Date(AT).toISOString(),
  type: 'chargeback',
  account: 'main',
  merchantReference: '',
  providerReference: '',
  currency: 'EUR',
  gross: -8814,
  fee: 1500,
  net: -10_314,
  ...changes,
});

/** Captured long before the period. */
const captured = (changes: Partial<BookedMovement> = {}): BookedMovement => ({
  key: 'A1-c1',
  entry: 'A1-c1',
  reference: 'ch_1',
  isUnasked: false,
  isPayment: true,
  order: 'A1',
  account: 'main',
  currency: 'EUR',
  amount: 8814,
  at: AT - MONTHS,
  ...changes,
});

function compare(file: readonly SettlementRow[], ledger: readonly BookedMovement[]): Result {
  const reconciliation = new Reconciliation({ from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY });
  for (const [index, row] of file.entries()) reconciliation.addFile(row, { line: index + 2 });
  for (const movement of ledger) reconciliation.addLedger(movement);
  return reconciliation.result();
}

const other = captured({ key: 'A1-c2', entry: 'A1-c2', reference: 'ch_2', amount: 100 });

describe('a chargeback', () => {
  test.each([
    ['the key of the capture', { merchantReference: 'A1-c1' }, 'A1-c1'],
    ['the provider’s name of it', { merchantReference: 'cart-7', providerReference: 'ch_1' }, 'A1-c1'],
    ['the order, which has several captures', { merchantReference: 'A1' }, undefined],
    ['the capture rather than the order', { merchantReference: 'A1', providerReference: 'ch_2' }, 'A1-c2'],
  ])('is told with the order by %s', (_, names, entry) => {
    const result = compare([chargeback(names)], [captured(), captured({ amount: 490 }), other]);
    expect(result.agrees).toBe(false);
    expect(result.classes).toEqual([{ class: 'chargeback', currency: 'EUR', count: 1, file: -8814, ledger: 0 }]);
    expect(result.differences).toEqual([
      {
        class: 'chargeback',
        account: 'main',
        key: entry ?? 'A1',
        file: { amount: -8814, currency: 'EUR', line: 2 },
        disputed: { record: 'txn_cb', order: 'A1', fee: 1500, ...(entry === undefined ? {} : { entry }) },
      },
    ]);
    expect(result.providerTotals).toMatchObject([{ type: 'chargeback', gross: -8814, fee: 1500 }]);
  });

  test('of what was taken when the customer paid is found by its transaction', () => {
    const taken = captured({ key: 'pi_1', isUnasked: true, reference: 'pi_1' });
    for (const names of [{ merchantReference: 'pi_1' }, { providerReference: 'pi_1' }]) {
      expect(compare([chargeback(names)], [taken]).differences).toMatchObject([{ class: 'chargeback', key: 'A1-c1' }]);
    }
  });

  test('that is won is told beside it, and each record counts once', () => {
    const lost = chargeback({ merchantReference: 'A1-c1' });
    const won = { ...lost, record: 'txn_won', type: 'chargeback-reversed', gross: 8814, fee: 0, net: 8814 } as const;
    const result = compare([lost, won, won], [captured()]);
    expect(result.differences.map(({ class: of, key, file }) => [of, key, file?.amount])).toEqual([
      ['chargeback', 'A1-c1', -8814],
      ['chargeback-reversed', 'A1-c1', 8814],
      ['duplicate', 'txn_won', 8814],
    ]);
  });

  test('leaves the capture that it is about compared as ever', () => {
    const sale: SettlementRow = {
      ...chargeback({ record: 'txn_1', type: 'capture', merchantReference: 'A1-c1' }),
      ...{ gross: 8814, fee: 0, net: 8814 },
    };
    const result = compare([sale, chargeback({ merchantReference: 'A1-c1' })], [captured({ at: AT })]);
    expect(result.classes.map(({ class: of, count }) => [of, count])).toEqual([
      ['matched', 1],
      ['chargeback', 1],
    ]);
  });

  test.each<[string, Partial<SettlementRow>, BookedMovement[]]>([
    ['nothing', { merchantReference: 'A9-c1', providerReference: 'ch_9' }, [captured()]],
    ['a payment of another account', { merchantReference: 'A1-c1', account: 'second' }, [captured()]],
    ['a payment in another currency', { merchantReference: 'A1-c1', currency: 'USD' }, [captured()]],
    ['a refund', { merchantReference: 'A1-r1' }, [captured({ entry: 'A1-r1', amount: -1, isPayment: false })]],
    [
      'what the provider calls payments of two orders',
      { providerReference: 'ch_1' },
      [captured(), captured({ entry: 'A2-c1', order: 'A2' })],
    ],
  ])('that is about %s is missing here', (_, names, ledger) => {
    expect(compare([chargeback(names)], ledger).differences).toEqual([
      {
        class: 'missing-here',
        account: names.account ?? 'main',
        key: 'txn_cb',
        file: { amount: -8814, currency: names.currency ?? 'EUR', line: 2 },
      },
    ]);
  });

  test('is shown to people with its order and its fee', () => {
    const text = reconciliationText('s.csv', compare([chargeback({ merchantReference: 'A1-c1' })], [captured()]));
    expect(text).toMatch(/chargeback {2}main {5}A1-c1 {3}-88\.14 EUR +line 2 +A1 +15\.00 EUR/);
  });
});
