/**
 * Rows as our functions of the database give them: an array for each column, or a text of values that have no commas
 * themselves, with commas between them; all of them null when there are none. So a column's type is looked up once, and
 * neither names nor quotes travel.
 */
export type Columns<Row extends unknown[]> = { [Column in keyof Row]: Row[Column][] | string | null };

/** The values of each column. Nothing between two commas is an empty text, which no value is. */
export function valuesOf<Row extends unknown[]>(
  columns: Columns<Row>,
): { [Column in keyof Row]: (Row[Column] | "")[] } {
  const values = columns.map((column: unknown[] | string | null) =>
    typeof column === "string" ? column.split(",") : (column ?? []),
  );
  // A list of values for each column is what its type says.
  return values as { [Column in keyof Row]: (Row[Column] | "")[] };
}

/** The same as rows, with null for nothing. */
export function rowsOf<Row extends unknown[]>(columns: Columns<Row>): Row[] {
  const values: unknown[][] = valuesOf(columns);
  const rows: unknown[][] = [];
  for (let index = 0; index < (values[0]?.length ?? 0); index += 1) {
    const row: unknown[] = [];
    for (const column of values) row.push(column[index] === "" ? null : (column[index] ?? null));
    rows.push(row);
  }
  return rows as Row[]; // A value of each column is what a row is.
}
