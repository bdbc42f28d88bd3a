import { fileURLToPath } from "node:url";
import { withConnection } from "../connection";
import { ensureAppUserPassword } from "./app-user";
import { type Entry, createLedger, readLedger, recordApplied, recordRolledBack } from "./ledger";
import { type Log, withLock } from "./lock";
import { MigrationError } from "./migration-error";
import { type Migration, readMigrations, readRollback } from "./migration-files";
import { runFile } from "./run-file";

export type MigrationOptions = {
  /** The owner's URL over TCP; a pooled one would lose the lock between two statements. */
  url: string;
  /** The folder that drizzle-kit writes; tests give their own. */
  folder?: string | undefined;
  /** Told each thing that is done, one sentence each. */
  log?: Log | undefined;
  /** How long to wait for another migration of this database, in milliseconds. */
  lockWaitMs?: number | undefined;
  /**
   * How long a file may wait for a table that others use, in milliseconds: they all wait behind it meanwhile. Files
   * without a transaction wait as long as it takes, and keep nobody from working.
   */
  tableLockWaitMs?: number | undefined;
};

export type MigrationState = {
  name: string;
  /** edited: the file is not what was applied. unknown: applied, and not in the folder. */
  state: "applied" | "edited" | "unknown" | "pending";
  appliedAt: Date | null;
};

/** Where the migrations are. */
export const DRIZZLE_FOLDER = fileURLToPath(new URL("../../drizzle", import.meta.url));
const LOCK_WAIT_MS = 120_000;
const TABLE_LOCK_WAIT_MS = 15_000;

/**
 * Applies what the database does not have yet, each file in a transaction of its own, in the journal's order. A file
 * that came in late (from another branch) is applied too, after those that were there before it.
 * @param options.authSecret AUTH_SECRET; with it, app_user's password is set where it does not work yet
 * @returns the names of what was applied now
 * @throws MigrationError; what was applied before the failure stays, and is recorded
 */
export async function migrateUp(
  options: MigrationOptions & { authSecret?: string | undefined },
): Promise<string[]> {
  const { url, authSecret, folder, log, lockWaitMs, tableLockWaitMs } = withDefaults(options);
  const migrations = readMigrations(folder);
  return withConnection(url, (client) =>
    withLock(client, { log, waitMs: lockWaitMs }, async () => {
      await createLedger(client);
      const pending = plan(migrations, await readLedger(client), log);
      for (const migration of pending) {
        const start = Date.now();
        log(`Applying ${migration.label} …`);
        await runFile(client, migration, {
          tableLockWaitMs,
          record: () => recordApplied(client, migration.name, migration.hash),
        });
        log(`Applied ${migration.label} in ${Date.now() - start} ms.`);
      }
      if (pending.length === 0) log(`Nothing to apply: all ${migrations.length} migrations are in place.`);
      if (authSecret !== undefined) await ensureAppUserPassword(client, { url, authSecret, log });
      return pending.map((migration) => migration.name);
    }),
  );
}

/**
 * Rolls back the migrations that were applied last, newest first, each in a transaction of its own.
 * @param options.steps how many; more than there are means all
 * @returns the names of what was rolled back
 * @throws MigrationError; before anything ran when one of them has no rollback file
 */
export async function migrateDown(options: MigrationOptions & { steps: number }): Promise<string[]> {
  const { url, steps, folder, log, lockWaitMs, tableLockWaitMs } = withDefaults(options);
  return withConnection(url, (client) =>
    withLock(client, { log, waitMs: lockWaitMs }, async () => {
      const names = (await readLedger(client))
        .map((entry) => entry.name)
        .toReversed()
        .slice(0, steps);
      const rollbacks = names.map((name) => {
        const file = readRollback(folder, name);
        if (file === null) {
          throw new MigrationError(`There is no rollback/${name}.sql, so nothing was rolled back.`);
        }
        return { name, file };
      });
      for (const { name, file } of rollbacks) {
        const start = Date.now();
        log(`Rolling back ${name}.sql …`);
        await runFile(client, file, { tableLockWaitMs, record: () => recordRolledBack(client, name) });
        log(`Rolled back ${name}.sql in ${Date.now() - start} ms.`);
      }
      if (rollbacks.length === 0) log("Nothing to roll back: no migration is in place.");
      return names;
    }),
  );
}

/** What is in place and what is not: first what was applied, in that order, then what waits. Changes nothing. */
export async function migrationStatus({
  url,
  folder = DRIZZLE_FOLDER,
}: Pick<MigrationOptions, "url" | "folder">): Promise<MigrationState[]> {
  const migrations = readMigrations(folder);
  const ledger = await withConnection(url, readLedger);
  const applied = ledger.map(({ name, hash, appliedAt }): MigrationState => {
    const migration = migrations.find((candidate) => candidate.name === name);
    const state = migration === undefined ? "unknown" : migration.hash === hash ? "applied" : "edited";
    return { name, state, appliedAt };
  });
  const pending = migrations
    .filter(({ name }) => !ledger.some((entry) => entry.name === name))
    .map(({ name }): MigrationState => ({ name, state: "pending", appliedAt: null }));
  return [...applied, ...pending];
}

function withDefaults<Options extends MigrationOptions>(options: Options) {
  return {
    ...options,
    folder: options.folder ?? DRIZZLE_FOLDER,
    log: options.log ?? (() => {}),
    lockWaitMs: options.lockWaitMs ?? LOCK_WAIT_MS,
    tableLockWaitMs: options.tableLockWaitMs ?? TABLE_LOCK_WAIT_MS,
  };
}

/** What is to be applied; refuses when the database was made by other files than these. */
function plan(migrations: Migration[], ledger: Entry[], log: Log): Migration[] {
  const known = new Map(ledger.map((entry) => [entry.name, entry]));
  const edited = migrations.filter(({ name, hash }) => known.has(name) && known.get(name)?.hash !== hash);
  if (edited.length > 0) {
    throw new MigrationError(
      `${edited.map((migration) => migration.label).join(", ")} was edited after it had been applied, so nothing was done. ` +
        "Bring the old text back and put the change into a new migration.",
    );
  }
  const pending = migrations.filter(({ name }) => !known.has(name));
  const names = new Set(migrations.map((migration) => migration.name));
  for (const { name, hash } of ledger.filter((entry) => !names.has(entry.name))) {
    const renamed = pending.find((migration) => migration.hash === hash);
    if (renamed !== undefined) {
      throw new MigrationError(
        `${renamed.label} was applied under the name ${name}.sql, so nothing was done. Give it its old name back.`,
      );
    }
    // A deployment of an older version: schemas change by expand and contract, so it can run on the newer one.
    log(`The database has ${name}, which this version does not know; it stays.`);
  }
  const lastApplied = migrations.findLastIndex(({ name }) => known.has(name));
  for (const migration of pending.filter((candidate) => migrations.indexOf(candidate) < lastApplied)) {
    log(`${migration.label} stands before some that were applied already; it is applied now.`);
  }
  return pending;
}
