/** RFC 4180: fields in quotes may hold commas, line ends and doubled quotes. Anything else after a closing quote throws. */
export function readCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  while (at < text.length) {
    const field = text[at] === '"' ? quotedField(text, at) : plainField(text, at);
    record.push(field.value);
    at = field.end;
    if (text[at] === ',') {
      at += 1;
      if (at === text.length) record.push('');
      if (at < text.length) continue;
    }
    records.push(record);
    record = [];
    at = pastLineEnd(text, at);
  }
  return records;
}

/** The same of text that comes in pieces: no more is held than a piece and the record that it breaks off in. */
export async function* csvRecords(pieces: AsyncIterable<string>): AsyncGenerator<string[]> {
  let open = '';
  for await (const piece of pieces) {
    open += piece;
    const end = endOfRecords(open);
    yield* readCsv(open.slice(0, end));
    open = open.slice(end);
  }
  yield* readCsv(open);
}

/** Behind the last line end outside of quotes. */
function endOfRecords(text: string): number {
  let end = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted;
    else if (text[at] === '\n' && !quoted) end = at + 1;
  }
  return end;
}

type Field = { value: string; end: number };

const PLAIN = /[^,\r\n]*/y;
const QUOTED = /"((?:[^"]|"")*)"(?=,|\r?\n|$)/y;

function plainField(text: string, at: number): Field {
  PLAIN.lastIndex = at;
  const value = PLAIN.exec(text)?.[0] ?? '';
  return { value, end: at + value.length };
}

function quotedField(text: string, at: number): Field {
  QUOTED.lastIndex = at;
  const found = QUOTED.exec(text);
  if (found === null)
    throw new Error(`csv: the quoted field at character ${at} does not end before a comma or a line end`);
  return { value: (found[1] ?? '').replaceAll('""', '"'), end: at + found[0].length };
}

function pastLineEnd(text: string, at: number): number {
  if (text[at] === '\r' && text[at + 1] === '\n') return at + 2;
  return at + 1;
}
