/**
 * The sample: the first week (2009-12-01 to 07) of "Online Retail II" by Daqing Chen (2012), UCI Machine Learning
 * Repository, https://doi.org/10.24432/C5CG6D, CC BY 4.0; changed in format only. See NOTICE.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parseSheet, type SheetRow } from './read-sheet.ts';

const WEEK = new URL('./online-retail-ii-week.csv.gz', import.meta.url);

export function readWeek(): SheetRow[] {
  return parseSheet(gunzipSync(readFileSync(WEEK)).toString('utf8'));
}
