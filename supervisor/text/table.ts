/** Columns for people: padded to their widest cell, two spaces apart; numbers and amounts to the right. */

const GAP = '  ';

type Align = 'left' | 'right';

export function alignedLines(rows: readonly (readonly string[])[], align: readonly Align[] = []): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0, align[column] ?? 'left'))
      .join(GAP)
      .trimEnd(),
  );
}

export interface Column<Row> {
  head: string;
  align?: Align;
  cell(row: Row): string;
}

/** With a line of heads; nothing at all for no rows. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], indent = ''): string[] {
  if (rows.length === 0) return [];
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  const lines = alignedLines(
    [columns.map(({ head }) => head), ...cells],
    columns.map(({ align }) => align ?? 'left'),
  );
  return lines.map((line) => indent + line);
}

function pad(cell: string, width: number, align: Align): string {
  return align === 'right' ? cell.padStart(width) : cell.padEnd(width);
}
