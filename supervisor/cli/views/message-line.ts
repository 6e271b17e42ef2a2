/** One live message on one line: time, subject, and what its payload adds to them. */

/** Longer values (lines, destinations) are counted or cut. */
const MAX_VALUE = 60;

export function messageLine(now: Date, subject: string, payload: unknown): string {
  return `${now.toISOString().slice(11, 23)}  ${subject}  ${fields(subject.split('.'), payload)}`.trimEnd();
}

function fields(said: readonly string[], payload: unknown): string {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return short(payload);
  const news = Object.entries(payload).filter(([name, value]) => name !== 'at' && !said.includes(String(value)));
  return news.map(([name, value]) => `${name}=${short(value)}`).join(' ');
}

function short(value: unknown): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
}
