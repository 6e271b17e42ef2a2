/** What a line of the sheet is, judged by itself. The first rule that fits decides. */
import { isToken } from '../../protocols/token.ts';
import { halfUpPence } from './price.ts';
import type { SheetRow } from './read-sheet.ts';
import type { LeftOutReason } from './rules.ts';

export type RowKind =
  | { kind: 'goods' | 'credit'; sku: string }
  | { kind: 'carriage' | 'carriage-credit' }
  | { kind: 'left-out'; reason: LeftOutReason };

const CARRIAGE: ReadonlySet<string> = new Set(['POST', 'DOT', 'C2']);

const NOT_GOODS: readonly [RegExp, LeftOutReason][] = [
  [/^M$/, 'manual'],
  [/^D$/, 'discount'],
  [/^S$/, 'sample-goods'],
  [/^(AMAZONFEE|BANK CHARGES|CRUK|ADJUST\d*)$/, 'fee'],
  [/^GIFT/, 'gift-voucher'],
  [/^TEST/, 'test'],
];

export function isCreditNote(invoice: string): boolean {
  return invoice.startsWith('C');
}

export function classifyRow(row: SheetRow): RowKind {
  const sku = row.stockCode.trim().toUpperCase();
  const reason = reasonToLeaveOut(row, sku);
  if (reason !== undefined) return { kind: 'left-out', reason };
  const credit = isCreditNote(row.invoice);
  if (CARRIAGE.has(sku)) return { kind: credit ? 'carriage-credit' : 'carriage' };
  return { kind: credit ? 'credit' : 'goods', sku };
}

function reasonToLeaveOut(row: SheetRow, sku: string): LeftOutReason | undefined {
  if (row.invoice.startsWith('A') || row.priceMills < 0) return 'bad-debt';
  const credit = isCreditNote(row.invoice);
  if (!credit && row.quantity <= 0) return 'stock-write-off';
  if (credit && row.quantity >= 0) return 'positive-credit';
  if (row.priceMills === 0) return 'zero-price';
  const notGoods = NOT_GOODS.find(([pattern]) => pattern.test(sku));
  if (notGoods !== undefined) return notGoods[1];
  if (!isToken(sku)) return 'unusable-stock-code';
  if (halfUpPence(Math.abs(row.quantity) * row.priceMills) === 0) return 'below-half-a-penny';
  return undefined;
}
