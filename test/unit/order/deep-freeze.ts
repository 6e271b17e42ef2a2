/** Whoever writes to it throws. What a machine says of itself may change: only its context is frozen. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  const inside = 'machine' in value ? (value as unknown as { context: unknown }).context : value;
  if (inside !== value) {
    deepFreeze(inside);
    return value;
  }
  Object.freeze(value);
  for (const part of Object.values(value)) deepFreeze(part);
  return value;
}
