import type { QueryResultRow } from "pg";

type Sql = <Row extends QueryResultRow>(text: string) => Promise<Row[]>;

/** The rows of every table as texts, whatever order they lie in, and the columns that they tell of. */
export type Contents = Record<string, { columns: string[]; rows: string[] }>;

/** Reads everything that is stored; what is generated from it is not. */
export async function readContents(sql: Sql): Promise<Contents> {
  const tables = await sql<{ name: string; columns: string[] }>(
    `select c.relname as name, array_agg(a.attname::text order by a.attname) as columns
       from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
        and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      group by c.relname`,
  );
  const contents: Contents = {};
  for (const { name, columns } of tables) {
    const rows = await sql<{ row: Row }>(`select to_jsonb(t) as row from ${name} t`);
    contents[name] = {
      columns,
      rows: textsOf(
        rows.map(({ row }) => row),
        columns,
      ),
    };
  }
  return contents;
}

/** What of some contents lies in the tables and columns that others have. */
export function restrictedTo(contents: Contents, shape: Contents): Contents {
  return Object.fromEntries(
    Object.entries(shape).map(([name, { columns }]) => {
      const rows = contents[name]?.rows.map((row) => JSON.parse(row) as Row) ?? [];
      return [name, { columns, rows: textsOf(rows, columns) }];
    }),
  );
}

type Row = Record<string, unknown>;

function textsOf(rows: Row[], columns: string[]): string[] {
  return rows
    .map((row) => JSON.stringify(Object.fromEntries(columns.map((column) => [column, row[column]]))))
    .toSorted();
}
