/**
 * The sample: the first week (2009-12-01 to 07) of "Online Retail II" by Daqing Chen (2012), UCI Machine Learning
 * Repository, https://doi.org/10.24432/C5CG6D, CC BY 4.0; changed in format only. See NOTICE.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parseMills } from './price.ts';
import { readCsv } from './read-csv.ts';

export type WeekRow = {
  /** Position in the sheet, from 1, header not counted. */
  row: number;
  invoice: string;
  stockCode: string;
  description: string;
  quantity: number;
  /** The sheet's local time, read as UTC. */
  atMs: number;
  priceMills: number;
  customer: string | null;
  country: string;
};

const WEEK = new URL('./online-retail-ii-week.csv.gz', import.meta.url);
const HEADER = 'Invoice,StockCode,Description,Quantity,InvoiceDate,Price,CustomerID,Country';

export function readWeek(): WeekRow[] {
  return parseWeek(gunzipSync(readFileSync(WEEK)).toString('utf8'));
}

export function parseWeek(csv: string): WeekRow[] {
  const [header, ...records] = readCsv(csv);
  if (header?.join(',') !== HEADER) throw new Error(`the sheet's header is not "${HEADER}"`);
  return records.map((record, index) => toRow(record, index + 1));
}

function toRow(record: string[], row: number): WeekRow {
  const [invoice, stockCode, description, quantity, date, price, customer, country] = record;
  if (
    record.length !== 8 ||
    invoice === undefined ||
    stockCode === undefined ||
    description === undefined ||
    quantity === undefined ||
    date === undefined ||
    price === undefined ||
    country === undefined
  ) {
    throw new Error(`line ${row} of the sheet has ${record.length} fields instead of 8`);
  }
  return {
    row,
    invoice,
    stockCode,
    description: description.trim().replace(/\s+/g, ' '),
    quantity: wholeNumber(quantity, row),
    atMs: instant(date, row),
    priceMills: parseMills(price),
    customer: customer === undefined || customer === '' ? null : customer,
    country,
  };
}

function wholeNumber(text: string, row: number): number {
  if (!/^-?\d+$/.test(text)) throw new Error(`line ${row} of the sheet: quantity "${text}" is not a whole number`);
  return Number(text);
}

function instant(text: string, row: number): number {
  const atMs = Date.parse(`${text.replace(' ', 'T')}Z`);
  if (Number.isNaN(atMs)) throw new Error(`line ${row} of the sheet: "${text}" is not a date`);
  return atMs;
}
