/** Where the week's parcels go. The sheet names countries only: a British customer gets a town by the hash of their number. */
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

const ABROAD: ReadonlyMap<string, Place> = new Map([
  ['Australia', { country: 'AU', postalCode: '2000', latitude: -33.87, longitude: 151.21 }],
  ['Belgium', { country: 'BE', postalCode: '1000', latitude: 50.85, longitude: 4.35 }],
  ['Channel Islands', { country: 'JE', postalCode: 'JE2', latitude: 49.19, longitude: -2.11 }],
  ['Cyprus', { country: 'CY', postalCode: '1010', latitude: 35.17, longitude: 33.36 }],
  ['Denmark', { country: 'DK', postalCode: '1050', latitude: 55.68, longitude: 12.57 }],
  ['EIRE', { country: 'IE', postalCode: 'D01', latitude: 53.35, longitude: -6.26 }],
  ['France', { country: 'FR', postalCode: '75001', latitude: 48.86, longitude: 2.35 }],
  ['Germany', { country: 'DE', postalCode: '10115', latitude: 52.53, longitude: 13.38 }],
  ['Greece', { country: 'GR', postalCode: '10552', latitude: 37.98, longitude: 23.73 }],
  ['Italy', { country: 'IT', postalCode: '00184', latitude: 41.89, longitude: 12.49 }],
  ['Japan', { country: 'JP', postalCode: '1000001', latitude: 35.68, longitude: 139.75 }],
  ['Netherlands', { country: 'NL', postalCode: '1012', latitude: 52.37, longitude: 4.9 }],
  ['Nigeria', { country: 'NG', postalCode: '100001', latitude: 6.45, longitude: 3.39 }],
  ['Norway', { country: 'NO', postalCode: '0151', latitude: 59.91, longitude: 10.74 }],
  ['Poland', { country: 'PL', postalCode: '00001', latitude: 52.23, longitude: 21.01 }],
  ['Portugal', { country: 'PT', postalCode: '1100', latitude: 38.71, longitude: -9.14 }],
  ['Spain', { country: 'ES', postalCode: '28001', latitude: 40.42, longitude: -3.69 }],
  ['USA', { country: 'US', postalCode: '10001', latitude: 40.75, longitude: -74.0 }],
]);

export function placeOf(country: string, customer: string): Place {
  if (country === 'United Kingdom') return pick(BRITISH_TOWNS, `town ${customer}`);
  const place = ABROAD.get(country);
  if (place === undefined) throw new Error(`the sample has no place for the country "${country}"`);
  return place;
}
