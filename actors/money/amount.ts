/**
 * An amount is a count of minor units: a safe integer, not negative. A negative movement is the difference of two
 * cumulative amounts (money rules, section 1), never an input. Anything else is a defect of the caller.
 */
export function assertAmount(value: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${what} is no amount: ${value}`);
}
