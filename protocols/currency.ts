/**
 * Minor units of currencies (money rules, section 1: exponents come from ISO 4217, never assumed to be 2).
 *
 * Source: ISO 4217 List One, published 2024-06-25, as shipped in npm currency-codes 2.2.0 (MIT). `Intl` is no source: it
 * follows CLDR, whose digits differ from ISO's for 16 currencies. Codes without minor units (gold, test codes) are left out.
 */

/** Decimal digits of the minor unit: EUR 2, JPY 0, KWD 3, CLF 4. */
export type Exponent = 0 | 2 | 3 | 4;

/** A code may be of this form and no currency: `exponentOf` knows. */
export const CURRENCY_PATTERN = '^[A-Z]{3}$';

/** Of one amount, in minor units: a thousand of them still sum to a safe integer. */
export const MAX_AMOUNT = 1_000_000_000_000;

const CODES_BY_EXPONENT: Record<Exponent, string> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2:
    'AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD ' +
    'CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP ' +
    'GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL ' +
    'MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN ' +
    'QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD ' +
    'TWD TZS UAH USD USN UYU UZS VED VES WST XCD YER ZAR ZMW ZWG',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

const EXPONENTS = new Map<string, Exponent>();
for (const exponent of [0, 2, 3, 4] as const) {
  for (const code of CODES_BY_EXPONENT[exponent].split(' ')) EXPONENTS.set(code, exponent);
}

/** Undefined for what is no ISO 4217 currency with minor units: an order in it is refused. */
export function exponentOf(currency: string): Exponent | undefined {
  return EXPONENTS.get(currency);
}

/** `amount` in minor units, for people: `129.80 EUR`, `500 JPY`, `-0.005 KWD`. Throws on an unknown currency. */
export function formatMinor(amount: number, currency: string): string {
  return `${decimalOf(amount, currency)} ${currency}`;
}

/** Also of a currency that a provider named and nobody knows. */
export function amountText(amount: number, currency: string): string {
  return exponentOf(currency) === undefined ? `${amount} minor units of ${currency}` : formatMinor(amount, currency);
}

/** With exactly the digits of the minor unit: `129.80`, `500`, `-0.005`. */
export function decimalOf(amount: number, currency: string): string {
  const exponent = exponentOf(currency);
  if (exponent === undefined) throw new RangeError(`no ISO 4217 exponent for ${currency}`);
  if (!Number.isSafeInteger(amount)) throw new RangeError(`not an amount in minor units: ${amount}`);
  const digits = String(Math.abs(amount)).padStart(exponent + 1, '0');
  const point = digits.length - exponent;
  const decimals = exponent === 0 ? '' : `.${digits.slice(point)}`;
  return `${amount < 0 ? '-' : ''}${digits.slice(0, point)}${decimals}`;
}

/** Minor units of what `decimalOf` writes; undefined where the digits are not those of the currency, or more than can be counted. */
export function minorOf(decimal: string, currency: string): number | undefined {
  const exponent = exponentOf(currency);
  const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(decimal);
  if (exponent === undefined || !found) return undefined;
  const [, sign, whole, decimals = ''] = found;
  if (decimals.length !== exponent) return undefined;
  const amount = Number(`${whole}${decimals}`);
  if (!Number.isSafeInteger(amount)) return undefined;
  return sign === '-' && amount !== 0 ? -amount : amount;
}
