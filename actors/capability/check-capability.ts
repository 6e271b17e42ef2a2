/** What is wrong with a record that has the right form: each problem names the field and what must hold. */
import type { Capability } from '../../protocols/capability.ts';
import { exponentOf } from '../../protocols/currency.ts';

export function capabilityProblems({ delayedCapture, captures, amountStep, overCapture }: Capability): string[] {
  const found: string[] = [];
  if (delayedCapture === 'full' && captures > 1)
    found.push(`captures must be 1 where delayedCapture is full: there is nothing left after it, not ${captures}`);
  found.push(
    ...unknownCurrencies('amountStep', amountStep),
    ...unknownCurrencies('overCapture.most', overCapture.most),
  );
  if (overCapture.percent === 0 && overCapture.most !== undefined)
    found.push('overCapture.most must not be given where overCapture.percent is 0');
  return found;
}

function unknownCurrencies(field: string, amounts: Readonly<Record<string, number>> = {}): string[] {
  const unknown = Object.keys(amounts).filter((currency) => exponentOf(currency) === undefined);
  return unknown.map((currency) => `${field}.${currency} must be of a currency with an ISO 4217 exponent`);
}
