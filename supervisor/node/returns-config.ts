/** `returns` of the configuration file: what a retailer grants when goods come back. */
import Type, { type Static } from 'typebox';
import type { ReturnPolicy } from '../../actors/return/policy.ts';
import { CURRENCY_PATTERN, exponentOf } from '../../protocols/currency.ts';
import { TOKEN_PATTERN } from '../../protocols/token.ts';

const Days = Type.Integer({ minimum: 0, maximum: 36_500 });

const Fee = Type.Integer({ minimum: 0, maximum: 1_000_000_000 });

const ReasonSchema = Type.Object(
  {
    code: Type.String({ pattern: TOKEN_PATTERN }),
    name: Type.String({ minLength: 1, maxLength: 200 }),
    windowDays: Type.Optional(Days),
    shipping: Type.Optional(Type.Boolean()),
    /** Minor units. A number alone is one in every currency: 300 is 3.00 EUR, and 300 JPY. */
    fee: Type.Optional(
      Type.Union([
        Fee,
        Type.Record(Type.String({ pattern: CURRENCY_PATTERN }), Fee, { additionalProperties: false, minProperties: 1 }),
      ]),
    ),
  },
  { additionalProperties: false },
);

export const ReturnsSchema = Type.Object(
  {
    windowDays: Type.Optional(Days),
    reasons: Type.Optional(Type.Array(ReasonSchema, { minItems: 1, maxItems: 200 })),
    stockGoesTo: Type.Optional(Type.Union([Type.Literal('taker'), Type.Literal('sender')])),
    refundShipping: Type.Optional(Type.Union([Type.Literal('by-command'), Type.Literal('when-all-returned')])),
  },
  { additionalProperties: false },
);

export const DEFAULT_RETURNS: ReturnPolicy = { windowDays: 30, stockGoesTo: 'taker', refundShipping: 'by-command' };

/** Throws where a reason is listed twice, or has a fee in no currency. */
export function completeReturns(given: Static<typeof ReturnsSchema>, source: string): ReturnPolicy {
  const reasons = given.reasons ?? [];
  const codes = reasons.map(({ code }) => code);
  const twice = codes.findIndex((code, position) => codes.indexOf(code) < position);
  if (twice >= 0) throw new Error(`${source}: returns.reasons.${twice}.code ${codes[twice]} is listed twice`);
  reasons.forEach(({ fee }, position) => {
    const unknown = typeof fee === 'object' && Object.keys(fee).find((currency) => exponentOf(currency) === undefined);
    if (unknown) {
      const field = `returns.reasons.${position}.fee.${unknown}`;
      throw new Error(`${source}: ${field} must be of a currency with an ISO 4217 exponent`);
    }
  });
  return { ...DEFAULT_RETURNS, ...given };
}
