/** Lines of the sheet "Online Retail II", from CSV: all at once, or as a stream that holds a piece of the file at a time. */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { parse as parseAtOnce } from 'csv-parse/sync';
import { parseMills } from './price.ts';

export type SheetRow = {
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

/** How many fields a line has is checked here, with its number. */
const CSV = { relax_column_count: true };

const HEADER = 'Invoice,StockCode,Description,Quantity,InvoiceDate,Price,CustomerID,Country';

export function parseSheet(csv: string): SheetRow[] {
  const [header, ...records] = parseAtOnce(csv, CSV);
  checkHeader(header);
  return records.map((record, index) => toRow(record, index + 1));
}

/** `file`: CSV, compressed by gzip. */
export async function* streamSheet(file: string): AsyncGenerator<SheetRow> {
  const records = parse(CSV);
  const fail = (error: Error): void => void records.destroy(error);
  createReadStream(file).on('error', fail).pipe(createGunzip()).on('error', fail).pipe(records);
  let row = 0;
  for await (const record of records) {
    if (row === 0) checkHeader(record);
    else yield toRow(record, row);
    row += 1;
  }
  if (row === 0) checkHeader(undefined);
}

function checkHeader(header: readonly string[] | undefined): void {
  if (header?.join(',') !== HEADER) throw new Error(`the sheet's header is not "${HEADER}"`);
}

function toRow(record: string[], row: number): SheetRow {
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
