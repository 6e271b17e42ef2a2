import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { lineAmounts } from '../../../actors/money/line-amounts.ts';
import { parseRate } from '../../../protocols/rate.ts';
import type { Account } from '../../../supervisor/sample/account.ts';
import { readWeek } from '../../../supervisor/sample/read-week.ts';
import { type Trade, weekToTrade } from '../../../supervisor/sample/week-to-trade.ts';
import { refusalOf } from './refusal-of.ts';
import { sheetRow } from './sheet-row.ts';

const START = new Date('2026-11-23T09:00:00Z');
const rows = readWeek();
const trade = weekToTrade(rows, START);

const linesLeftOut = (account: Account) =>
  Object.fromEntries(account.leftOut.map(({ reason, lines, partLines }) => [reason, lines + partLines]));
const totals = ({ journeys }: Trade) => journeys.map(({ placed }) => placed.totalPence);
const sum = (amounts: number[]) => amounts.reduce((a, b) => a + b, 0);

describe('the sample week', () => {
  test('the sheet has 17,274 lines on 801 invoices, 111 of them credit notes', () => {
    expect(rows).toHaveLength(17_274);
    expect(trade.counts).toEqual({ invoices: 801, creditNotes: 111, guestOrders: 45, returns: 18 });
    expect(trade.journeys).toHaveLength(649);
  });

  test('every line of the sheet is accounted for exactly once', () => {
    const { traded, shipping, credited, leftOut } = trade.account;
    expect([traded.lines, shipping.lines, credited.lines]).toEqual([16_923, 35, 28]);
    expect(linesLeftOut(trade.account)).toEqual({
      'blind-credit': 224,
      'stock-write-off': 27,
      'zero-price': 15,
      manual: 8,
      'carriage-credit': 6,
      'carriage-without-goods': 3,
      'guest-credit': 3,
      discount: 2,
      'credit-beyond-bought': 1,
    });
    expect(sum([traded, shipping, credited, ...leftOut].map(({ lines }) => lines))).toBe(17_274);
  });

  test('the amounts of the account add up to the sheet, reckoned apart in big integers', () => {
    const { traded, shipping, credited, leftOut } = trade.account;
    const accounted = sum([traded, shipping, credited, ...leftOut].map(({ amountMills }) => amountMills));
    expect(BigInt(accounted)).toBe(sheetMills());
    expect(accounted).toBe(302_833_340);
  });

  test('the orders are worth what the traded lines and carriage are, plus what rounding moved', () => {
    const { traded, shipping } = trade.account;
    expect(sum(totals(trade)) * 10).toBe(traded.amountMills + shipping.amountMills + trade.rounding.movedMills);
    expect(trade.rounding).toEqual({ lines: 0, movedMills: 0 });
  });

  test('what an order authorises is what the money rules reckon for it', () => {
    for (const { placed } of trade.journeys) {
      const { place } = placed;
      const priced = lineAmounts({
        taxIncluded: place.taxIncluded,
        discount: place.discount ?? 0,
        lines: place.lines.map((line) => ({ ...line, discount: line.discount ?? 0, taxRate: rate(line.taxRate) })),
        ...(place.shipping && {
          shipping: { amount: place.shipping.amount, taxRate: rate(place.shipping.taxRate) },
        }),
      });
      expect(priced.kind === 'priced' && priced.total).toBe(placed.totalPence);
      if (place.payment !== undefined) expect(place.payment.authorised).toBe(placed.totalPence);
    }
  });

  test('every command that can be planned is one that the wire contract takes', () => {
    const commands = [
      ...trade.stores,
      ...trade.journeys.flatMap(({ place, cancellation }) => [place, ...(cancellation ? [cancellation.command] : [])]),
    ];
    expect(commands.map(refusalOf).filter((refusal) => refusal !== undefined)).toEqual([]);
    expect(new Set(commands.map(({ id }) => id)).size).toBe(commands.length);
  });

  test('the same rows and start give the same trade', () => {
    expect(weekToTrade(readWeek(), START)).toEqual(trade);
  });

  test('the first invoice falls on the start, and every authorisation lasts seven days', () => {
    const places = trade.journeys.map(({ placed }) => placed.place);
    expect(places[0]?.placedAt).toBe('2026-11-23T09:00:00.000Z');
    for (const { placedAt, payment } of places) {
      expect(Date.parse(placedAt)).toBeGreaterThanOrEqual(START.getTime());
      if (payment === undefined) continue;
      expect(payment.authorisedAt).toBe(placedAt);
      expect(Date.parse(payment.captureBefore ?? '') - Date.parse(placedAt)).toBe(7 * 86_400_000);
    }
  });

  test('every way of delivery and every kind of cancellation occurs, and nothing credited is cancelled', () => {
    const modes = new Set(trade.journeys.map(({ placed }) => placed.place.fulfilment));
    const kinds = new Set(trade.journeys.flatMap(({ cancellation: c }) => (c ? [`${c.when} ${c.whole}`] : [])));
    expect([...modes].sort()).toEqual(['click-and-collect', 'reserve-and-collect', 'ship']);
    expect(kinds.size).toBe(4);
    for (const { returns, cancellation } of trade.journeys)
      expect(returns.length > 0 && cancellation !== null).toBe(false);
  });

  test('only British orders bear VAT', () => {
    const rates = new Set(
      trade.journeys.map(
        ({ placed: { place } }) => `${place.destination?.country === 'GB'} ${place.lines[0]?.taxRate}`,
      ),
    );
    expect([...rates].sort()).toEqual(['false 0', 'true 0.2']);
  });
});

describe('the rules on other sheets', () => {
  test('prices with parts of a penny are rounded once a line, and what that moved is told', () => {
    const sheet = [
      sheetRow({ row: 1, quantity: 3, priceMills: 2955 }),
      sheetRow({ row: 2, quantity: 30, priceMills: 1 }),
      sheetRow({ row: 3, stockCode: 'POST', priceMills: 1005 }),
    ];
    const { journeys, rounding } = weekToTrade(sheet, START);
    const place = journeys[0]?.placed.place;
    expect(place?.lines).toMatchObject([
      { line: '1', quantity: 3, unitPrice: 296, discount: 1 },
      { line: '2', quantity: 30, unitPrice: 1, discount: 27 },
    ]);
    expect(place?.shipping).toEqual({ amount: 101, taxRate: '0.2' });
    expect(place?.fulfilment).toBe('ship');
    expect(journeys[0]?.placed.totalPence).toBe(887 + 3 + 101);
    expect(rounding).toEqual({ lines: 2, movedMills: 5 + 5 });
  });

  test('credited carriage refunds the shipping where goods of that order come back and the amounts agree', () => {
    const sheet = [
      sheetRow({ row: 1 }),
      sheetRow({ row: 2, stockCode: 'POST', priceMills: 18_000 }),
      sheetRow({ row: 3, invoice: 'C500002', quantity: -1 }),
      sheetRow({ row: 4, invoice: 'C500002', stockCode: 'POST', quantity: -1, priceMills: 18_000 }),
      sheetRow({ row: 5, invoice: 'C500002', stockCode: 'POST', quantity: -1, priceMills: 18_000 }),
    ];
    const { journeys, account } = weekToTrade(sheet, START);
    expect(journeys[0]?.returns).toMatchObject([{ id: 'C500002-500001', refundShipping: true }]);
    expect(account.credited.lines).toBe(2);
    expect(linesLeftOut(account)).toEqual({ 'carriage-credit': 1 });
  });
});

function rate(text: string): NonNullable<ReturnType<typeof parseRate>> {
  const parsed = parseRate(text);
  if (parsed === undefined) throw new Error(`${text} is not a rate`);
  return parsed;
}

function sheetMills(): bigint {
  const file = new URL('../../../supervisor/sample/online-retail-ii-week.csv.gz', import.meta.url);
  const [, ...records] = parse(gunzipSync(readFileSync(file)));
  return records.reduce((total, [, , , quantity = '', , price = '']) => {
    const [pounds = '0', decimals = ''] = price.split('.');
    return total + BigInt(quantity) * BigInt(pounds + decimals.padEnd(3, '0'));
  }, 0n);
}
