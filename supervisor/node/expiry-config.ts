/** `authorisation` of the configuration file: what is done when one ends before its goods are ready. */
import Type, { type Static } from 'typebox';
import { DEFAULT_EXPIRY } from '../../actors/order/capture/expiry.ts';
import type { ExpiryPolicy } from '../../actors/order/policies.ts';
import { HOUR_MS } from '../../protocols/durations.ts';
import { Hours, inMs } from './hours.ts';

export const AuthorisationSchema = Type.Object(
  {
    expiry: Type.Optional(
      Type.Union([Type.Literal('reauthorise'), Type.Literal('capture-early'), Type.Literal('release')]),
    ),
    /** Before `captureBefore`. */
    warnBeforeHours: Type.Optional(Hours),
    actBeforeHours: Type.Optional(Hours),
    /** In a row, for goods that nobody makes ready. */
    maxReauthorisations: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
  },
  { additionalProperties: false },
);

/** Throws where it would act before it warns. */
export function completeExpiry(given: Static<typeof AuthorisationSchema>, source: string): ExpiryPolicy {
  const { expiry = DEFAULT_EXPIRY.act, warnBeforeHours, actBeforeHours } = given;
  const warnBeforeMs = inMs(warnBeforeHours) ?? DEFAULT_EXPIRY.warnBeforeMs;
  const actBeforeMs = inMs(actBeforeHours) ?? Math.min(DEFAULT_EXPIRY.actBeforeMs, warnBeforeMs);
  if (actBeforeMs > warnBeforeMs) {
    throw new Error(
      `${source}: authorisation.actBeforeHours ${actBeforeHours} is more than warnBeforeHours ${warnBeforeMs / HOUR_MS}`,
    );
  }
  const { maxReauthorisations = DEFAULT_EXPIRY.maxReauthorisations } = given;
  return { act: expiry, warnBeforeMs, actBeforeMs, maxReauthorisations };
}
