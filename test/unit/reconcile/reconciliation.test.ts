import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AttributionRow } from '../../../protocols/attribution.ts';
import { reconciliationText } from '../../../supervisor/cli/views/reconciliation-text.ts';
import { type BookedMovement, bookedMovement } from '../../../supervisor/reconcile/booked-movement.ts';
import { Reconciliation, type Scope } from '../../../supervisor/reconcile/reconciliation.ts';
import type { SettlementRow } from '../../../supervisor/reconcile/settlement-row.ts';

const AT = Date.parse('2026-11-22T12:00:00Z');
const HOUR = 3600 * 1000;
const EVER: Scope = { from: 0, to: Date.parse('2100-01-01T00:00:00Z') };
const OF_FILE: Scope = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
const DAY: Scope = { from: Date.parse('2026-11-22T00:00:00Z'), to: Date.parse('2026-11-23T00:00:00Z') };

let records = 0;
function settled(changes: Partial<SettlementRow> = {}): SettlementRow {
  const row = { type: 'capture', gross: 8814, fee: 0, ...changes } as const;
  return {
    record: `txn_${++records}`,
    date: new Date(AT).toISOString(),
    account: 'main',
    merchantReference: 'A1-c1',
    providerReference: 'ch_1',
    currency: 'EUR',
    net: row.gross - row.fee,
    ...row,
  };
}

function booked(changes: Partial<BookedMovement> = {}): BookedMovement {
  return {
    key: 'A1-c1',
    entry: 'A1-c1',
    isUnasked: false,
    isPayment: true,
    order: 'A1',
    account: 'main',
    currency: 'EUR',
    amount: 8814,
    at: AT,
    ...changes,
  };
}

function compare(file: readonly SettlementRow[], ledger: readonly BookedMovement[], scope = EVER) {
  const reconciliation = new Reconciliation(scope);
  for (const [index, row] of file.entries()) reconciliation.addFile(row, { line: index + 2 });
  for (const movement of ledger) reconciliation.addLedger(movement);
  return reconciliation.result();
}

const classes = (result: ReturnType<typeof compare>) => result.classes.map(({ class: of, count }) => [of, count]);

describe('a key', () => {
  test('matches when the rows of its entry sum to what the file says', () => {
    const result = compare([settled()], [booked({ amount: 8324 }), booked({ amount: 490 })]);
    expect(result).toMatchObject({
      agrees: true,
      classes: [{ class: 'matched', currency: 'EUR', count: 1, file: 8814, ledger: 8814 }],
      differences: [],
    });
  });

  test.each([
    ['amount-differs', [settled({ gross: 8815 })], [booked()], { file: { amount: 8815 }, ledger: { amount: 8814 } }],
    ['missing-here', [settled()], [], { file: { amount: 8814, line: 2 } }],
    ['missing-there', [], [booked()], { ledger: { amount: 8814, order: 'A1' } }],
    ['currency-differs', [settled({ currency: 'USD' })], [booked()], { file: { currency: 'USD' } }],
  ] as const)('is told as %s with both figures', (judged, file, ledger, figures) => {
    const result = compare(file, ledger);
    expect(result.agrees).toBe(false);
    expect(result.differences).toMatchObject([{ class: judged, account: 'main', key: 'A1-c1', ...figures }]);
  });

  test('that nobody asked for is missing as any other, but in a file that can have nothing of it', () => {
    const taken = booked({ key: 'pi_1', isUnasked: true });
    const absent = compare([], [taken]);
    expect([absent.agrees, classes(absent)]).toEqual([false, [['missing-there', 1]]]);
    const simulated = compare([], [taken], { ...EVER, askedOnly: true });
    expect([simulated.agrees, classes(simulated)]).toEqual([true, [['not-asked', 1]]]);
    expect(classes(compare([settled({ merchantReference: 'pi_1' })], [taken]))).toEqual([['matched', 1]]);
    const wrong = compare([settled({ merchantReference: 'pi_1', gross: 1 })], [taken]);
    expect([wrong.agrees, classes(wrong)]).toEqual([false, [['amount-differs', 1]]]);
  });

  test('that nobody asked for is found by its transaction, whatever the provider calls its order', () => {
    const taken = [booked({ key: 'tr_1', isUnasked: true }), booked({ key: 'tr_2', isUnasked: true, amount: 100 })];
    for (const merchantReference of ['A1', 'cart-7', '']) {
      const own = { merchantReference, providerReference: 'tr_1' };
      const file = [settled(own), settled({ ...own, providerReference: 'tr_2', gross: 100 })];
      expect(classes(compare(file, taken))).toEqual([['matched', 2]]);
      expect(compare([settled({ ...own, gross: 1 }), ...file.slice(1)], taken).differences).toMatchObject([
        { class: 'amount-differs', key: 'tr_1', file: { amount: 1 }, ledger: { amount: 8814, order: 'A1' } },
      ]);
    }
  });

  test('is found by the provider’s reference where the file has no other', () => {
    const unnamed = settled({ merchantReference: '', providerReference: 'ch_9' });
    const asked = booked({ reference: 'ch_9' });
    expect(classes(compare([unnamed], [asked, booked({ key: 'A1-p1', amount: -1, reference: 'tr_9' })]))).toEqual([
      ['matched', 1],
      ['missing-there', 1],
    ]);
    const parts = compare([settled({ gross: 8000 }), { ...unnamed, gross: 814 }], [asked]);
    expect(classes(parts)).toEqual([['matched', 1]]);
    expect(compare([unnamed, unnamed], [asked]).differences).toMatchObject([
      { class: 'duplicate', key: unnamed.record },
    ]);
    const other = compare([unnamed], [booked({ reference: 'ch_8' })]);
    expect(other.differences).toMatchObject([
      { class: 'missing-here', key: unnamed.record },
      { class: 'missing-there' },
    ]);
    expect(classes(compare([settled({ merchantReference: 'A9-c1', providerReference: 'ch_9' })], [asked]))).toEqual([
      ['missing-here', 1],
      ['missing-there', 1],
    ]);
  });

  test('is not guessed where the provider has one reference for several', () => {
    const unnamed = settled({ merchantReference: '', providerReference: 'pi_9' });
    const asked = [booked({ reference: 'pi_9' }), booked({ key: 'A1-c2', reference: 'pi_9' })];
    expect(classes(compare([unnamed], asked))).toEqual([
      ['missing-here', 1],
      ['missing-there', 2],
    ]);
  });

  test('of two currencies in the file is of neither', () => {
    const result = compare([settled(), settled({ currency: 'USD', gross: 0 })], [booked()]);
    expect(classes(result)).toEqual([['currency-differs', 1]]);
  });

  test('that moved and came back is nothing, whether the file has both or neither', () => {
    const lost = [booked(), booked({ amount: -8814 })];
    expect(compare([], lost)).toMatchObject({ agrees: true, classes: [] });
    expect(classes(compare([settled(), settled({ type: 'capture-failed', gross: -8814 })], lost))).toEqual([
      ['matched', 1],
    ]);
  });

  test('is of its account: money of another one is missing on both sides', () => {
    const result = compare([settled({ account: 'second' })], [booked()]);
    expect(classes(result)).toEqual([
      ['missing-here', 1],
      ['missing-there', 1],
    ]);
  });
});

describe('a row', () => {
  test('that comes twice counts once and is told', () => {
    const row = settled();
    const result = compare([row, row], [booked()]);
    expect(classes(result)).toEqual([
      ['matched', 1],
      ['duplicate', 1],
    ]);
    expect(result.differences).toMatchObject([{ class: 'duplicate', key: 'A1-c1', file: { amount: 8814, line: 3 } }]);
    expect(result.providerTotals).toMatchObject([{ type: 'capture', count: 1, gross: 8814 }]);
  });

  test('of the provider’s own business is summed and compared with nothing', () => {
    const result = compare(
      [
        settled({ fee: 148 }),
        settled({ type: 'fee', merchantReference: '', gross: 0, fee: 1000 }),
        settled({ type: 'bank-transfer', merchantReference: '', gross: -7666 }),
      ],
      [booked()],
    );
    expect(result.agrees).toBe(true);
    expect(result.providerTotals).toEqual([
      { type: 'capture', currency: 'EUR', count: 1, gross: 8814, fee: 148 },
      { type: 'fee', currency: 'EUR', count: 1, gross: 0, fee: 1000 },
      { type: 'bank-transfer', currency: 'EUR', count: 1, gross: -7666, fee: 0 },
    ]);
  });

  test('of another account or period is left out', () => {
    const other = settled({ account: 'second' });
    const late = settled({ date: new Date(DAY.to).toISOString() });
    const result = compare([other, late, settled()], [booked(), booked({ account: 'second' })], {
      ...DAY,
      account: 'main',
    });
    expect(result).toMatchObject({ agrees: true, rows: { counted: 1, leftOut: 2 } });
  });
});

describe('at an end of the period', () => {
  test('what was booked just outside of it matches a row inside', () => {
    expect(classes(compare([settled()], [booked({ at: DAY.to + HOUR / 2 })], DAY))).toEqual([['matched', 1]]);
    expect(classes(compare([settled()], [booked({ at: DAY.from - HOUR / 2 })], DAY))).toEqual([['matched', 1]]);
    expect(classes(compare([settled()], [booked({ at: DAY.to + HOUR })], DAY))).toEqual([['missing-here', 1]]);
  });

  test('what was booked just inside is open until its neighbour is there too; what was booked well inside is missing', () => {
    const late = booked({ at: DAY.to - HOUR / 2 });
    const near = compare([], [late], DAY);
    expect([near.agrees, classes(near)]).toEqual([false, [['at-edge', 1]]]);
    expect(near.differences).toMatchObject([{ class: 'at-edge', key: 'A1-c1', ledger: { amount: 8814 } }]);
    expect(reconciliationText('s.csv', near)).toContain('the neighbouring file may have it: give both');
    const both = compare([settled({ date: new Date(DAY.to + 1).toISOString() })], [late], {
      ...DAY,
      to: DAY.to + 24 * HOUR,
    });
    expect([both.agrees, classes(both)]).toEqual([true, [['matched', 1]]]);
    expect(classes(compare([], [booked({ at: DAY.to - 2 * HOUR })], DAY))).toEqual([['missing-there', 1]]);
  });
});

test('what was booked near midnight and is in no file is open in one of the daily comparisons', () => {
  const next: Scope = { from: DAY.to, to: DAY.to + 24 * HOUR };
  for (const at of [DAY.to - HOUR / 2, DAY.to, DAY.to + HOUR / 2]) {
    const open = [DAY, next].map((scope) => compare([], [booked({ at })], scope).differences.length);
    expect(open.toSorted()).toEqual([0, 1]);
  }
});

test('what came back near midnight is open, or in order, in each of the daily comparisons', () => {
  const next: Scope = { from: DAY.to, to: DAY.to + 24 * HOUR };
  const lost = { type: 'capture-failed', gross: -8814 } as const;
  const noon = booked();
  const failed = booked({ amount: -8814, at: DAY.to - HOUR / 6 });
  // The file has the capture of noon, and no file the failure.
  expect(compare([settled()], [noon, failed], DAY).differences).toMatchObject([
    { class: 'at-edge', file: { amount: 8814 }, ledger: { amount: 0 } },
  ]);
  expect(compare([], [noon, failed], next)).toMatchObject({ agrees: true, classes: [] });
  // Each day's file has its own.
  const late = [booked({ at: DAY.to - HOUR / 6 }), booked({ amount: -8814, at: DAY.to + HOUR / 6 })];
  expect(compare([settled()], late, DAY)).toMatchObject({ agrees: true, classes: [{ ledger: 8814 }] });
  const ofNext = settled({ ...lost, date: new Date(DAY.to + HOUR / 6).toISOString() });
  expect(compare([ofNext], late, next)).toMatchObject({ agrees: true, classes: [{ ledger: -8814 }] });
  // Neither has.
  for (const scope of [DAY, next]) expect(compare([], late, scope).differences).toMatchObject([{ class: 'at-edge' }]);
});

test('a broken row is known by the provider’s reference too, and is left out with its account', () => {
  const broken = { line: 3, column: 'net', rule: 'must be gross − fee' };
  const ofRow = { account: 'main', merchantReference: 'cart-7', providerReference: 'tr_1' };
  const reconciliation = new Reconciliation({ ...EVER, account: 'main' });
  reconciliation.addBroken(broken, ofRow);
  reconciliation.addBroken({ ...broken, line: 4 }, { ...ofRow, account: 'other' });
  reconciliation.addLedger(booked({ key: 'tr_1', isUnasked: true }));
  const { rows, differences } = reconciliation.result();
  expect(rows).toEqual({ counted: 0, broken: 1, leftOut: 1 });
  expect(differences).toMatchObject([{ class: 'row-broken', key: 'tr_1', broken: { line: 3 } }]);
});

test('a key whose row is broken is told as that, with where the row is', () => {
  const reconciliation = new Reconciliation(EVER);
  const broken = { line: 3, name: 'b.csv', column: 'currency', rule: 'must be a currency of ISO 4217' };
  reconciliation.addBroken(broken, { account: 'main', merchantReference: 'A1-c1', providerReference: '' });
  reconciliation.addLedger(booked());
  const result = reconciliation.result();
  expect(result.differences).toMatchObject([{ class: 'row-broken', key: 'A1-c1', broken: { line: 3, name: 'b.csv' } }]);
  expect(reconciliationText('a.csv, b.csv', result)).toMatch(/row-broken +main +A1-c1 +b\.csv, line 3 +88\.14 EUR +A1/);
});

describe('without a period', () => {
  const on = (day: string) => Date.parse(`2026-11-${day}:00:00Z`);

  test('the days of the file are compared, and nothing else that was ever booked', () => {
    const earlier = booked({ key: 'A0-c1', at: on('21T12') });
    const later = booked({ key: 'A2-c1', at: on('24T12') });
    const between = booked({ key: 'A3-c1', at: on('22T20') });
    const result = compare(
      [settled(), settled({ merchantReference: 'A4-c1', date: new Date(on('23T23')).toISOString() })],
      [earlier, booked(), between, booked({ key: 'A4-c1', at: on('24T00') }), later],
      OF_FILE,
    );
    expect(result.period).toEqual({ from: '2026-11-22T00:00:00.000Z', to: '2026-11-24T00:00:00.000Z' });
    expect(result.differences).toMatchObject([{ class: 'missing-there', key: 'A3-c1' }]);
    expect(classes(result)).toEqual([
      ['matched', 2],
      ['missing-there', 1],
    ]);
  });

  test.each([
    { type: 'bank-transfer', gross: -8814 },
    { type: 'fee', gross: 0, fee: 100 },
    { type: 'chargeback', gross: -8814 },
  ] as const)('the days are those of what the ledger has too, not of %o', (own) => {
    const later = settled({ ...own, date: new Date(on('24T06')).toISOString() });
    const ofNextFile = booked({ key: 'A2-c1', at: on('23T12') });
    const result = compare([settled(), later], [booked(), ofNextFile], OF_FILE);
    expect(result.period).toEqual({ from: '2026-11-22T00:00:00.000Z', to: '2026-11-23T00:00:00.000Z' });
    expect(result.classes.map(({ class: of }) => of)).not.toContain('missing-there');
    expect(compare([later], [], OF_FILE).period).toMatchObject({ from: '2026-11-24T00:00:00.000Z' });
  });

  test('an end that is named stands', () => {
    const result = compare([settled()], [booked(), booked({ key: 'A0-c1', at: on('21T12') })], {
      ...OF_FILE,
      from: on('21T00'),
    });
    expect(result.period).toEqual({ from: '2026-11-21T00:00:00.000Z', to: '2026-11-23T00:00:00.000Z' });
    expect(result.differences).toMatchObject([{ class: 'missing-there', key: 'A0-c1' }]);
  });

  test('a file without a row that counts agrees with nothing', () => {
    const result = compare([settled({ account: 'second' })], [booked()], { ...OF_FILE, account: 'main' });
    expect(result).toMatchObject({ agrees: false, classes: [], rows: { counted: 0, leftOut: 1 } });
    expect(result).not.toHaveProperty('period');
    expect(reconciliationText('s.csv', result)).toMatch(/^s\.csv: NOT COMPARED: .*--from and --to say it\n/);
  });

  test('people read which days were compared', () => {
    expect(reconciliationText('s.csv', compare([settled()], [booked()], OF_FILE))).toContain(
      '\nperiod: from 2026-11-22T00:00:00.000Z to 2026-11-23T00:00:00.000Z, not included\n',
    );
  });
});

test('whatever is changed in a file that agrees is found, and nothing else', () => {
  const change = fc.constantFrom('none', 'amount', 'currency', 'left-out', 'unknown', 'twice');
  const movement = fc.record({
    amount: fc.integer({ min: -1000, max: 1000 }).filter((amount) => amount !== 0),
    change,
  });
  fc.assert(
    fc.property(fc.array(movement, { maxLength: 30 }), (given) => {
      const expected: Record<string, number> = {};
      const expect1 = (of: string) => {
        expected[of] = (expected[of] ?? 0) + 1;
      };
      const file: SettlementRow[] = [];
      const ledger: BookedMovement[] = [];
      given.forEach(({ amount, change: made }, index) => {
        const key = `A${index}-c1`;
        const row = settled({ merchantReference: key, gross: amount, type: 'adjustment' });
        const honest: SettlementRow = { ...row, type: amount < 0 ? 'refund' : 'capture' };
        if (made !== 'unknown') ledger.push(booked({ key, amount }));
        if (made === 'amount') file.push({ ...honest, gross: amount + 1 });
        else if (made === 'currency') file.push({ ...honest, currency: 'USD' });
        else if (made !== 'left-out') file.push(honest);
        if (made === 'twice') file.push(honest);
        if (made === 'twice' || made === 'none') expect1('matched');
        if (made !== 'none') expect1(TOLD[made]);
      });
      const found: Record<string, number> = {};
      for (const { class: of, count } of compare(file, ledger).classes) found[of] = (found[of] ?? 0) + count;
      expect(found).toEqual(expected);
    }),
  );
});

const TOLD = {
  amount: 'amount-differs',
  currency: 'currency-differs',
  'left-out': 'missing-there',
  unknown: 'missing-here',
  twice: 'duplicate',
} as const;

describe('what a row of the report says that the gateway moved', () => {
  const row = { entry: 'A1-p1', account: 'main', order: 'A1', currency: 'EUR', at: new Date(AT).toISOString() };
  const of = (changes: Partial<AttributionRow>) =>
    bookedMovement({ ...row, gross: 0, settled: 0, subject: 'line', ...changes } as AttributionRow)?.amount;

  test('is its gross, or what left for a store', () => {
    expect(of({ gross: -4166 })).toBe(-4166);
    expect(of({ subject: 'party', settled: 7283 })).toBe(-7283);
  });

  test('is under its transaction where the provider took it when the customer paid', () => {
    expect(
      bookedMovement({ ...row, transaction: 'pi_1', gross: 100, settled: 0, subject: 'order' } as AttributionRow),
    ).toMatchObject({ key: 'pi_1', isUnasked: true, amount: 100 });
  });

  test('says the provider’s reference where it is known', () => {
    const changes = { gross: 100, settled: 0, subject: 'line', gatewayReference: 'ch_1' };
    expect(bookedMovement({ ...row, ...changes } as AttributionRow)).toMatchObject({ key: 'A1-p1', reference: 'ch_1' });
  });

  test('is nothing where no money moved, or none at a gateway', () => {
    const { account: _, ...atTill } = row;
    expect(bookedMovement({ ...atTill, gross: 100, settled: 0, subject: 'line' } as AttributionRow)).toBeUndefined();
    expect(of({})).toBeUndefined();
  });
});
