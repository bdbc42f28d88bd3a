import type { Database } from "./client";
import { isRetryable } from "./errors";
import { named, type NamedStatement, type Statement } from "./named";
import { inSpan, noteIfSlow } from "./telemetry";

const RETRIES_MAX = 3;

/**
 * Sends statements as one transaction in one request, and gives their results in order. A transaction that was undone
 * only because of others at the same time is run again: nothing of it had happened. Every request is a span and counts
 * for `Server-Timing`; when it all took long, there is a line in the log.
 * @throws what the driver throws: `mapDatabaseError` tells what it means
 */
export async function sendBatch(database: Database, batch: readonly NamedStatement[]): Promise<unknown[]> {
  const { connection } = database;
  const names = batch.map(({ name }) => name);
  const statements = batch.map(({ name, statement }) => named(name, statement));
  const started = performance.now();
  for (let retries = 0; ; retries += 1) {
    try {
      // Its type asks for at least one statement; without any it sends an empty transaction.
      const results: unknown[] = await inSpan(connection, names, retries, () =>
        database.batch(statements as [Statement, ...Statement[]]),
      );
      noteIfSlow(connection, { names, ms: performance.now() - started, retries, results });
      return results;
    } catch (error) {
      if (retries >= RETRIES_MAX || !isRetryable(error)) {
        noteIfSlow(connection, { names, ms: performance.now() - started, retries, error });
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 2 ** retries * 10 * (1 + Math.random())));
    }
  }
}
