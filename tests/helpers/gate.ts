import { Client } from "pg";
import { expect } from "vitest";
import type { TestDatabase } from "./database";

type Held<Result> = {
  /** Takes the lock that stops them, such as "select from todos where id = $1 for update". */
  lock: string;
  params?: unknown[];
  /** How many of them wait for it, until it is let go. */
  waiting: number;
  /** What is done in the lock's own transaction once they all wait. */
  meanwhile?: { sql: string; params?: unknown[] };
  start: () => Promise<Result>;
};

/**
 * Makes requests meet: holds a lock that all of them need, starts them, waits until they stand at it, and lets them go at
 * once. Nothing goes by the clock.
 */
export async function atOnce<Result>(
  database: Pick<TestDatabase, "sql" | "name" | "unpooledUrl">,
  { lock, params = [], waiting, meanwhile, start }: Held<Result>,
): Promise<Result> {
  const holder = new Client({ connectionString: database.unpooledUrl });
  await holder.connect();
  try {
    await holder.query("begin");
    await holder.query(lock, params);
    const started = start();
    await expect
      .poll(
        () =>
          database.sql("select from pg_stat_activity where datname = $1 and wait_event_type = 'Lock'", [
            database.name,
          ]),
        { interval: 5, timeout: 10_000 },
      )
      .toHaveLength(waiting);
    if (meanwhile) await holder.query(meanwhile.sql, meanwhile.params);
    await holder.query("commit");
    return await started;
  } finally {
    await holder.end();
  }
}
