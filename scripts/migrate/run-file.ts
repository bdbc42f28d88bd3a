import { type Client, DatabaseError } from "pg";
import { MigrationError } from "./migration-error";
import { type Part, type SqlFile, firstStatementLine, lineOf } from "./migration-files";

/**
 * Runs a file and what records it: in one transaction, unless the file says otherwise.
 * @throws MigrationError with the file, the line and PostgreSQL's words
 */
export async function runFile(
  client: Client,
  file: SqlFile,
  { tableLockWaitMs, record }: { tableLockWaitMs: number; record: () => Promise<void> },
): Promise<void> {
  if (!file.transactional) {
    for (const part of file.parts) await runPart(client, file, part);
    await record();
    return;
  }
  await client.query(`begin; set local lock_timeout = ${tableLockWaitMs}`);
  try {
    for (const part of file.parts) await runPart(client, file, part);
    await record();
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error instanceof MigrationError ? error : failure(file, null, error);
  }
}

async function runPart(client: Client, file: SqlFile, part: Part): Promise<void> {
  let results;
  try {
    results = await client.query(part.sql);
  } catch (error) {
    throw failure(file, part, error);
  }
  // Of several statements pg gives several results, which its types do not say.
  const commands = [results].flat().map((result) => result.command);
  if (file.transactional && commands.some((command) => command === "COMMIT" || command === "ROLLBACK")) {
    throw new MigrationError(
      `${file.label}, line ${firstStatementLine(part)}: it ends the transaction that it runs in; take the commit or ` +
        "rollback out. What stood before it may have been applied and is not recorded.",
    );
  }
}

function failure(file: SqlFile, part: Part | null, error: unknown): unknown {
  const problem = error instanceof Error ? error : new Error(String(error));
  const known = problem instanceof DatabaseError ? problem : undefined;
  let where = file.label;
  if (part !== null) {
    const line = known?.position ? lineOf(part, Number(known.position)) : firstStatementLine(part);
    where += `, line ${line}`;
  }
  const sentences = [`${where}: ${problem.message}${known?.code ? ` (${known.code})` : ""}.`];
  // "Failing row contains …" would show somebody's data, a password's hash among it.
  if (known?.detail && !known.detail.startsWith("Failing row")) sentences.push(known.detail);
  if (known?.hint) sentences.push(known.hint);
  sentences.push(
    file.transactional
      ? "Nothing of this file is in place; what came before it is."
      : "It runs without a transaction: its statements before this one are in place. An index that could not be built is left behind as invalid: drop it first.",
  );
  return new MigrationError(sentences.join(" "), { cause: error });
}
