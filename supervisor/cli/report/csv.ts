/** RFC 4180: lines end with CRLF, and what holds a comma, a quote or a line break is quoted. */
const SPECIAL = /[",\r\n]/;

export function csvLine(cells: readonly (string | number | undefined)[]): string {
  return `${cells.map(field).join()}\r\n`;
}

function field(cell: string | number | undefined): string {
  const text = String(cell ?? '');
  return SPECIAL.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
