import type { Client } from "pg";
import { MigrationError } from "./migration-error";

export type Log = (message: string) => void;

const LOCK_POLL_MS = 200;
const LOCK_NOTICE_MS = 10_000;

/**
 * Holds the lock of this database's migrations for one piece of work. It is polled: whoever waits inside a blocking lock
 * holds a snapshot, and CREATE INDEX CONCURRENTLY of the one who has the lock would wait for that for ever.
 */
export async function withLock<Result>(
  client: Client,
  { log, waitMs }: { log: Log; waitMs: number },
  work: () => Promise<Result>,
): Promise<Result> {
  const lock = "hashtextextended('cairn.migrations', 0)";
  const start = Date.now();
  let noticed = -Infinity;
  for (;;) {
    const { rows } = await client.query<{ locked: boolean }>(
      `select pg_try_advisory_lock(${lock}) as locked`,
    );
    if (rows[0]?.locked === true) break;
    const waited = Date.now() - start;
    if (waited >= waitMs) {
      throw new MigrationError(
        `Another migration has been running on this database for ${Math.round(waited / 1000)} s; try again when it has ended.`,
      );
    }
    if (Date.now() - noticed >= LOCK_NOTICE_MS) {
      noticed = Date.now();
      log("Another migration is running on this database; waiting for it …");
    }
    await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  }
  try {
    return await work();
  } finally {
    // Lost with the connection anyway.
    await client.query(`select pg_advisory_unlock(${lock})`).catch(() => {});
  }
}
