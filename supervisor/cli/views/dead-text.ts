import type { DeadLetter } from '../../nats/dead-letters.ts';
import { section } from '../../text/section.ts';
import { type Column, table } from '../../text/table.ts';

const MOST_SHOWN_BYTES = 4000;
/** Of a subject or an error in the list. */
const MOST_SHOWN_CELL = 120;

/** As JSON: bytes as text where they are text, else as base64. */
export function deadLetterView(letter: DeadLetter): object {
  const { bytes, ...rest } = letter;
  const text = textOf(bytes);
  return { ...rest, ...(text === undefined ? { base64: Buffer.from(bytes).toString('base64') } : { text }) };
}

export function deadListText(letters: readonly DeadLetter[]): string {
  if (letters.length === 0) return 'no dead letters\n';
  return `${table(columns, letters).join('\n')}\n`;
}

export function deadLetterText(letter: DeadLetter): string {
  const { sequence, at, subject, command, contentType, trace, error, bytes } = letter;
  const text = textOf(bytes) ?? Buffer.from(bytes).toString('hex').replace(/(..)/g, '$1 ');
  return [
    `dead letter ${sequence}, ${at}`,
    `from ${subject}${command === undefined ? '' : `, command ${command}`}${trace === undefined ? '' : `, trace ${trace}`}`,
    `error: ${error}`,
    ...section(`${bytes.length} bytes${contentType === undefined ? '' : `, ${contentType}`}`, [
      text.slice(0, MOST_SHOWN_BYTES),
    ]),
    '',
  ].join('\n');
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const cut = (text: string): string => (text.length > MOST_SHOWN_CELL ? `${text.slice(0, MOST_SHOWN_CELL)}…` : text);

const columns: Column<DeadLetter>[] = [
  { head: 'seq', align: 'right', cell: ({ sequence }) => String(sequence) },
  { head: 'at', cell: ({ at }) => at },
  { head: 'from', cell: ({ subject }) => cut(subject) },
  { head: 'bytes', align: 'right', cell: ({ bytes }) => String(bytes.length) },
  { head: 'error', cell: ({ error }) => cut(error) },
];
