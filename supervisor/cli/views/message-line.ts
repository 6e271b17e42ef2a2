/** One live message on one line: time, subject, and the fields that say most. */

/** Longer values (lines, destinations) are counted or cut. */
const MAX_VALUE = 60;

export function messageLine(at: Date, subject: string, payload: unknown): string {
  return `${at.toISOString().slice(11, 23)}  ${subject}  ${fields(payload)}`.trimEnd();
}

function fields(payload: unknown): string {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return short(payload);
  return Object.entries(payload)
    .map(([name, value]) => `${name}=${short(value)}`)
    .join(' ');
}

function short(value: unknown): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
}
