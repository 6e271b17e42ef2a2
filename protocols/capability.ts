/**
 * What a payment method can do at a gateway account (money rules, section 2): the capability record. The live
 * `captureBefore` of an authorisation always overrides `validFor`.
 */
import Type, { type Static } from 'typebox';
import { CURRENCY_PATTERN, MAX_AMOUNT } from './currency.ts';

const MAX_HOURS = 10 * 366 * 24;
const ByCurrency = (most: number, description: string) =>
  Type.Record(Type.String({ pattern: CURRENCY_PATTERN }), Type.Integer({ minimum: 1, maximum: most }), {
    description,
    additionalProperties: false,
  });
const Hours = Type.Integer({ minimum: 1, maximum: MAX_HOURS });

export const CAPABILITY = Type.Object({
  delayedCapture: Type.Union([Type.Literal('full'), Type.Literal('partial'), Type.Literal('none')], {
    description: '`none`: it settles at once; `full`: only the whole authorised amount can be captured',
  }),
  captures: Type.Integer({ minimum: 1, maximum: 1000, description: 'most captures of one authorisation' }),
  partialReleasesRest: Type.Boolean({ description: 'the provider releases the rest itself after a partial capture' }),
  validFor: Type.Object(
    { customer: Hours, merchant: Hours },
    { description: 'hours that an authorisation lives, by who initiated it' },
  ),
  amountStep: ByCurrency(1_000_000, 'minor units, where the provider refuses finer amounts'),
  partialRefund: Type.Boolean(),
  refundWithin: Type.Integer({ minimum: 1, maximum: 36_600, description: 'days' }),
  reauthorise: Type.Boolean({ description: 'a stored credential can be authorised again without the customer' }),
  overCapture: Type.Object({
    percent: Type.Integer({ minimum: 0, maximum: 100, description: 'of what was authorised' }),
    most: Type.Optional(
      ByCurrency(MAX_AMOUNT, 'minor units beyond what was authorised; a currency that is not listed has none'),
    ),
  }),
  lineItemsRequired: Type.Boolean(),
});

export type Capability = Static<typeof CAPABILITY>;

/** What somebody says otherwise of a method; nested fields are said as a whole. */
export const CAPABILITY_OVERRIDE = Type.Partial(CAPABILITY);

export type CapabilityOverride = Static<typeof CAPABILITY_OVERRIDE>;
