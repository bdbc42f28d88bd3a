import type { Client } from "pg";

/** A migration that this database has. */
export type Entry = { name: string; hash: string; appliedAt: Date };

/** Makes the table of what was applied. Only under the lock: two at once would collide. */
export async function createLedger(client: Client): Promise<void> {
  await client.query(`
    create schema if not exists migrations;
    create table if not exists migrations.applied (
      position integer generated always as identity primary key,
      name text not null unique,
      hash text not null,
      applied_at timestamptz not null default now()
    )`);
}

/** What was applied, in the order in which it was; nothing where nobody migrated yet. */
export async function readLedger(client: Client): Promise<Entry[]> {
  const { rows: tables } = await client.query(
    "select from pg_tables where schemaname = 'migrations' and tablename = 'applied'",
  );
  if (tables.length === 0) return [];
  const { rows } = await client.query<{ name: string; hash: string; applied_at: Date }>(
    "select name, hash, applied_at from migrations.applied order by position",
  );
  return rows.map((row) => ({ name: row.name, hash: row.hash, appliedAt: row.applied_at }));
}

export async function recordApplied(client: Client, name: string, hash: string): Promise<void> {
  await client.query("insert into migrations.applied (name, hash) values ($1, $2)", [name, hash]);
}

export async function recordRolledBack(client: Client, name: string): Promise<void> {
  await client.query("delete from migrations.applied where name = $1", [name]);
}
