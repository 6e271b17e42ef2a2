/**
 * Halves of surrogate pairs: JSON can escape one (of an emoji that was cut in two), no UTF-8 has one, and what reads strictly, as
 * the report's database does, takes none.
 */

/** Of the `u` flag: where the other half follows, the two are one character. */
const HALF = /\p{Surrogate}/u;
const HALVES = /\p{Surrogate}/gu;
const REPLACEMENT = '\ufffd';

/** Path of a text (or name of a field) that has one, as `lines[0].name`. `root` may be as deep as the longest command can be. */
export function malformedText(root: unknown): string | undefined {
  const waiting: { path: string; value: unknown }[] = [{ path: '', value: root }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { path, value } = next;
    if (typeof value === 'string' && HALF.test(value)) return path;
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, field] of Object.entries(value)) {
      if (HALF.test(name)) return path;
      if (typeof field !== 'object' && typeof field !== 'string') continue;
      const at = Array.isArray(value) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`;
      waiting.push({ path: at, value: field });
    }
  }
  return undefined;
}

export const wellFormed = (text: string): string => text.replace(HALVES, REPLACEMENT);
