/** Where the sheet's parcels go. The sheet names countries only: a British customer gets a town by the hash of their number. */
import { pick } from './draw.ts';

export type Place = { country: string; postalCode: string; latitude: number; longitude: number };

const BRITISH_TOWNS: readonly [Place, ...Place[]] = [
  { country: 'GB', postalCode: 'EC1A', latitude: 51.52, longitude: -0.1 },
  { country: 'GB', postalCode: 'SE10', latitude: 51.48, longitude: 0.0 },
  { country: 'GB', postalCode: 'BN1', latitude: 50.83, longitude: -0.14 },
  { country: 'GB', postalCode: 'NR1', latitude: 52.62, longitude: 1.31 },
  { country: 'GB', postalCode: 'B1', latitude: 52.48, longitude: -1.91 },
  { country: 'GB', postalCode: 'NG1', latitude: 52.95, longitude: -1.15 },
  { country: 'GB', postalCode: 'BS1', latitude: 51.45, longitude: -2.59 },
  { country: 'GB', postalCode: 'CF10', latitude: 51.48, longitude: -3.18 },
  { country: 'GB', postalCode: 'M1', latitude: 53.48, longitude: -2.23 },
  { country: 'GB', postalCode: 'LS1', latitude: 53.8, longitude: -1.55 },
  { country: 'GB', postalCode: 'NE1', latitude: 54.97, longitude: -1.61 },
  { country: 'GB', postalCode: 'EH1', latitude: 55.95, longitude: -3.19 },
];

/** The West Indies are Barbados here: an address has a country. */
const ABROAD: ReadonlyMap<string, Place> = new Map([
  ['Australia', { country: 'AU', postalCode: '2000', latitude: -33.87, longitude: 151.21 }],
  ['Austria', { country: 'AT', postalCode: '1010', latitude: 48.21, longitude: 16.37 }],
  ['Bahrain', { country: 'BH', postalCode: '317', latitude: 26.23, longitude: 50.58 }],
  ['Belgium', { country: 'BE', postalCode: '1000', latitude: 50.85, longitude: 4.35 }],
  ['Bermuda', { country: 'BM', postalCode: 'HM11', latitude: 32.29, longitude: -64.78 }],
  ['Brazil', { country: 'BR', postalCode: '01001000', latitude: -23.55, longitude: -46.63 }],
  ['Canada', { country: 'CA', postalCode: 'M5H', latitude: 43.65, longitude: -79.38 }],
  ['Channel Islands', { country: 'JE', postalCode: 'JE2', latitude: 49.19, longitude: -2.11 }],
  ['Cyprus', { country: 'CY', postalCode: '1010', latitude: 35.17, longitude: 33.36 }],
  ['Denmark', { country: 'DK', postalCode: '1050', latitude: 55.68, longitude: 12.57 }],
  ['EIRE', { country: 'IE', postalCode: 'D01', latitude: 53.35, longitude: -6.26 }],
  ['Finland', { country: 'FI', postalCode: '00100', latitude: 60.17, longitude: 24.94 }],
  ['France', { country: 'FR', postalCode: '75001', latitude: 48.86, longitude: 2.35 }],
  ['Germany', { country: 'DE', postalCode: '10115', latitude: 52.53, longitude: 13.38 }],
  ['Greece', { country: 'GR', postalCode: '10552', latitude: 37.98, longitude: 23.73 }],
  ['Hong Kong', { country: 'HK', postalCode: '999077', latitude: 22.28, longitude: 114.16 }],
  ['Iceland', { country: 'IS', postalCode: '101', latitude: 64.15, longitude: -21.94 }],
  ['Israel', { country: 'IL', postalCode: '6100000', latitude: 32.07, longitude: 34.78 }],
  ['Italy', { country: 'IT', postalCode: '00184', latitude: 41.89, longitude: 12.49 }],
  ['Japan', { country: 'JP', postalCode: '1000001', latitude: 35.68, longitude: 139.75 }],
  ['Korea', { country: 'KR', postalCode: '04524', latitude: 37.57, longitude: 126.98 }],
  ['Lebanon', { country: 'LB', postalCode: '1100', latitude: 33.89, longitude: 35.5 }],
  ['Lithuania', { country: 'LT', postalCode: '01100', latitude: 54.69, longitude: 25.28 }],
  ['Malta', { country: 'MT', postalCode: 'VLT1011', latitude: 35.9, longitude: 14.51 }],
  ['Netherlands', { country: 'NL', postalCode: '1012', latitude: 52.37, longitude: 4.9 }],
  ['Nigeria', { country: 'NG', postalCode: '100001', latitude: 6.45, longitude: 3.39 }],
  ['Norway', { country: 'NO', postalCode: '0151', latitude: 59.91, longitude: 10.74 }],
  ['Poland', { country: 'PL', postalCode: '00001', latitude: 52.23, longitude: 21.01 }],
  ['Portugal', { country: 'PT', postalCode: '1100', latitude: 38.71, longitude: -9.14 }],
  ['RSA', { country: 'ZA', postalCode: '2000', latitude: -26.2, longitude: 28.05 }],
  ['Singapore', { country: 'SG', postalCode: '018989', latitude: 1.29, longitude: 103.85 }],
  ['Spain', { country: 'ES', postalCode: '28001', latitude: 40.42, longitude: -3.69 }],
  ['Sweden', { country: 'SE', postalCode: '11120', latitude: 59.33, longitude: 18.07 }],
  ['Switzerland', { country: 'CH', postalCode: '8001', latitude: 47.37, longitude: 8.54 }],
  ['Thailand', { country: 'TH', postalCode: '10200', latitude: 13.75, longitude: 100.5 }],
  ['USA', { country: 'US', postalCode: '10001', latitude: 40.75, longitude: -74.0 }],
  ['United Arab Emirates', { country: 'AE', postalCode: '00000', latitude: 25.2, longitude: 55.27 }],
  ['West Indies', { country: 'BB', postalCode: 'BB11000', latitude: 13.1, longitude: -59.61 }],
]);

/** Undefined where the sheet says that the country is unspecified. */
export function placeOf(country: string, customer: string): Place | undefined {
  if (country === 'Unspecified') return undefined;
  if (country === 'United Kingdom') return pick(BRITISH_TOWNS, `town ${customer}`);
  const place = ABROAD.get(country);
  if (place === undefined) throw new Error(`the sample has no place for the country "${country}"`);
  return place;
}
