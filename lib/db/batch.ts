import type { Database } from "./client";
import { isRetryable, mapDatabaseError } from "./errors";
import {
  nameComment,
  named,
  nameStatements,
  type NamedStatement,
  type Results,
  type Statement,
} from "./named";
import { inSpan, noteIfSlow } from "./telemetry";

const RETRIES_MAX = 3;

/**
 * Sends statements as one transaction in one request, and gives their results in order. A transaction that was undone
 * only because of others at the same time is run again: nothing of it had happened. Every request is a span and counts
 * for `Server-Timing`; when it all took long, there is a line in the log.
 * @throws what the driver throws: `mapDatabaseError` tells what it means
 */
export function sendBatch(database: Database, batch: readonly NamedStatement[]): Promise<unknown[]> {
  const statements = batch.map(({ name, statement }) => named(name, statement));
  return sendRequest(
    database,
    batch.map(({ name }) => name),
    // Its type asks for at least one statement; without any it sends an empty transaction.
    () => database.batch(statements as [Statement, ...Statement[]]),
  );
}

/** Sends one statement, which is its own transaction, and gives its one row. All else is as with `sendBatch`. */
export async function sendStatement(
  database: Database,
  name: string,
  { text, params }: { text: string; params: string[] },
): Promise<Record<string, unknown>> {
  const sent = nameComment(name) + text;
  // By the driver, as a batch is: Drizzle's own errors carry the statement with its parameters.
  const send = async () => [await database.$client.query(sent, params, { fullResults: true })];
  const [result] = await sendRequest(database, [name], send);
  return firstRow(result);
}

/** The first row of what `execute` gave. */
export function firstRow(result: unknown): Record<string, unknown> {
  const [row] = (result as { rows: Record<string, unknown>[] }).rows;
  if (row === undefined) throw new Error("A statement that always gives a row gave none");
  return row;
}

async function sendRequest(
  database: Database,
  names: readonly string[],
  send: () => Promise<unknown[]>,
): Promise<unknown[]> {
  const { connection } = database;
  const started = performance.now();
  for (let retries = 0; ; retries += 1) {
    try {
      const results = await inSpan(connection, names, retries, send);
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

/**
 * Runs the owner's statements as one transaction in one request, under the name of the function that asks
 * ("auth.checkCredentials"). Throws Refused as a scope does.
 */
export async function runBatch<const Statements extends readonly Statement[]>(
  db: Database,
  name: string,
  statements: Statements,
): Promise<Results<Statements>> {
  try {
    // One result per statement, in order, mapped by the statement itself: that is its type.
    return (await sendBatch(db, nameStatements(name, statements))) as Results<Statements>;
  } catch (error) {
    throw mapDatabaseError(error);
  }
}
