/** One text for one content, whatever the order of its fields and the encoding that they came in. Every command is told so: it is quick. */

/** Deeper than any command is. */
const MAX_DEPTH = 16;

/** Undefined where JSON has nothing for a part of it, or it is too deep. */
export function canonicalText(value: unknown, depth = 0): string | undefined {
  switch (typeof value) {
    case 'string':
      return textOf(value);
    case 'number':
      return Number.isFinite(value) ? `${value}` : undefined;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (depth === MAX_DEPTH) return undefined;
      if (Array.isArray(value)) return listText(value, depth + 1);
      return Object.getPrototypeOf(value) === Object.prototype
        ? fieldsText(value as Record<string, unknown>, depth + 1)
        : undefined;
    default:
      return undefined;
  }
}

/** With its length before it, nothing in it needs an escape. */
const textOf = (text: string): string => `${text.length}"${text}`;

function listText(items: readonly unknown[], depth: number): string | undefined {
  let text = '[';
  for (const item of items) {
    const said = canonicalText(item, depth);
    if (said === undefined) return undefined;
    text += `${said},`;
  }
  return `${text}]`;
}

function fieldsText(fields: Readonly<Record<string, unknown>>, depth: number): string | undefined {
  let text = '{';
  for (const name of Object.keys(fields).sort()) {
    const said = canonicalText(fields[name], depth);
    if (said === undefined) return undefined;
    text += `${textOf(name)}:${said},`;
  }
  return `${text}}`;
}
