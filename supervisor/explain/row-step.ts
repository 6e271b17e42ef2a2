/** The revision of the order by the step that booked a row: `<order>-<revision>-<n>`. */
export function stepOf({ row }: { row: string }): number {
  return Number(row.split('-').at(-2));
}
