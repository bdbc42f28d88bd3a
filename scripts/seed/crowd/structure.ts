import type { Client } from "pg";
import { TABLES } from "./sink";

type Definition = { name: string; table: string; definition: string };

/** What slows the loading of millions of rows down, taken off the tables for this transaction. */
export type Removed = { indexes: Definition[]; foreignKeys: Definition[] };

/**
 * Takes triggers, foreign keys and all indexes but the constraints' off the tables: a million rows are checked and
 * indexed at once in a fraction of the time, and the triggers would remember everything as having happened now. Only the
 * one that keeps the words of todos goes on.
 */
export async function removeStructure(client: Client): Promise<Removed> {
  for (const table of TABLES) await client.query(`alter table ${table} disable trigger user`);
  await client.query("alter table todos enable trigger keep_search");
  const { rows: foreignKeys } = await client.query<Definition>(
    `select quote_ident(conname) as name, conrelid::regclass::text as table, pg_get_constraintdef(oid) as definition
       from pg_constraint where contype = 'f' and conrelid = any ($1::regclass[]) order by conrelid, conname`,
    [TABLES],
  );
  const { rows: indexes } = await client.query<Definition>(
    `select indexrelid::regclass::text as name, indrelid::regclass::text as table, pg_get_indexdef(indexrelid) as definition
       from pg_index i
      where indrelid = any ($1::regclass[]) and not indisunique
        and not exists (select from pg_constraint where conindid = indexrelid)
      order by indrelid, indexrelid`,
    [TABLES],
  );
  for (const { table, name } of foreignKeys)
    await client.query(`alter table ${table} drop constraint ${name}`);
  for (const { name } of indexes) await client.query(`drop index ${name}`);
  return { indexes, foreignKeys };
}

/** Puts back what removeStructure took, as it was; foreign keys are checked for all rows. */
export async function restoreStructure(
  client: Client,
  { indexes, foreignKeys }: Removed,
  note: (text: string) => void,
): Promise<void> {
  for (const [done, { name, definition }] of indexes.entries()) {
    note(`${done + 1} of ${indexes.length}: ${name}`);
    await client.query(definition);
  }
  for (const { table, name, definition } of foreignKeys) {
    note(name);
    await client.query(`alter table ${table} add constraint ${name} ${definition}`);
  }
  for (const table of TABLES) await client.query(`alter table ${table} enable trigger user`);
}

/**
 * Computes anew what triggers keep beside the rows (counts, words), by each function of the schema app that is named
 * rebuild_… and takes nothing.
 */
export async function rebuildKept(client: Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', 'app', proname) as name from pg_proc
      where pronamespace = 'app'::regnamespace and proname like 'rebuild\\_%' and pronargs = 0 order by proname`,
  );
  for (const { name } of rows) await client.query(`select ${name}()`);
}
