/** RFC 4180: lines end with CRLF, and what holds a comma, a quote or a line break is quoted. */
const SPECIAL = /[",\r\n]/;

type Cell = string | number | undefined;

/** Without its end. */
export const csvRow = (cells: readonly Cell[]): string => cells.map(field).join();

export const csvLine = (cells: readonly Cell[]): string => `${csvRow(cells)}\r\n`;

function field(cell: Cell): string {
  const text = String(cell ?? '');
  return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What a spreadsheet may take for a formula (OWASP, CSV injection): also within a text, as one that parts cells at `;` or a tab knows no quotes there. */
const FORMULA = /^(?=[=+\-@\t\r\n\0＝＋－＠])|(?<=[;\t\r\n])(?=[=+\-@＝＋－＠])/g;

/** Text from outside, with an apostrophe before what might be reckoned instead of shown. */
export function shownText(text: string): string {
  return text.replaceAll(FORMULA, "'");
}
