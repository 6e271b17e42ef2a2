/** RFC 4180: lines end with CRLF, and what holds a comma, a quote or a line break is quoted. */
const SPECIAL = /[",\r\n]/;

export function csvLine(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map(field).join()}\r\n`;
}

function field(cell: string | number | undefined): string {
  const text = String(cell ?? '');
  return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** What a spreadsheet may take for a formula (OWASP, CSV injection): also within a text, as one that parts cells at `;` or a tab knows no quotes there. */
const FORMULA = /^(?=[=+\-@\t\r\n\0＝＋－＠])|(?<=[;\t\r\n])(?=[=+\-@＝＋－＠])/g;

/** Text from outside, with an apostrophe before what might be reckoned instead of shown. */
export function shownText(text: string): string {
  return text.replaceAll(FORMULA, "'");
}
