/**
 * Rows as our functions of the database give them: an array for each column, or a text of values that have no commas
 * themselves, with commas between them; all of them null when there are none. So a column's type is looked up once, and
 * neither names nor quotes travel.
 */
export type Columns<Row extends unknown[]> = { [Column in keyof Row]: Row[Column][] | string | null };

/** Nothing between two commas, and an empty text, is null. */
export function rowsOf<Row extends unknown[]>(columns: Columns<Row>): Row[] {
  const lists = columns.map((column: unknown[] | string | null) =>
    typeof column === "string" ? column.split(",") : (column ?? []),
  );
  const rows: unknown[][] = [];
  for (let index = 0; index < (lists[0]?.length ?? 0); index += 1) {
    const row: unknown[] = [];
    for (const list of lists) row.push(list[index] === "" ? null : (list[index] ?? null));
    rows.push(row);
  }
  return rows as Row[]; // A value of each column is what a row is.
}
