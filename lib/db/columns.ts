/**
 * Rows as our functions of the database give them: an array for each column, all of them null when there are none. So a
 * column's type is looked up once, and no names travel.
 */
export type Columns<Row extends unknown[]> = { [Column in keyof Row]: Row[Column][] | null };

export function rowsOf<Row extends unknown[]>(columns: Columns<Row>): Row[] {
  const lists: (unknown[] | null)[] = columns;
  const rows: unknown[][] = [];
  for (let index = 0; index < (lists[0]?.length ?? 0); index += 1) {
    const row: unknown[] = [];
    for (const list of lists) row.push(list === null ? null : list[index]);
    rows.push(row);
  }
  return rows as Row[]; // A value of each column is what a row is.
}
