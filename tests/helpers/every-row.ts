import type { TestDatabase } from "./database";

/**
 * Every row of every table as the owner sees it, by table, with the transaction that wrote it: for "nothing at all has
 * changed", also not to the same values again.
 */
export async function everyRow(database: Pick<TestDatabase, "sql">): Promise<Record<string, string[]>> {
  const tables = await database.sql<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public' order by 1",
  );
  const rows: Record<string, string[]> = {};
  for (const { name } of tables) {
    const found = await database.sql<{ row: string }>(
      `select t.xmin::text || ' ' || to_jsonb(t)::text as row from ${name} t order by to_jsonb(t)::text`,
    );
    rows[name] = found.map(({ row }) => row);
  }
  return rows;
}
