import { ConnectionError } from "./connection";
import { LocalDatabaseError } from "./local/local-database-error";
import { MigrationError } from "./migrate/migration-error";
import { type MigrationState, migrateDown, migrateUp, migrationStatus } from "./migrate/runner";
import { withTargetDatabase } from "./target-database";

const USAGE = `Usage: pnpm db:migrate up | down [n] | status

  up        applies the migrations in drizzle/ that the database does not have yet
  down [n]  rolls back the last n (1) of them; with their tables goes what is in them
  status    says which are in place

It works on DATABASE_URL_UNPOOLED, else on DATABASE_URL, else on the local database in .data.`;

const log = (message: string) => console.log(message);

async function main([command, count, ...more]: string[]): Promise<void> {
  if (more.length > 0 || (count !== undefined && command !== "down")) throw new UsageError();
  switch (command) {
    case "up":
      await withTargetDatabase((url) =>
        migrateUp({ url, authSecret: process.env.AUTH_SECRET || undefined, log }),
      );
      return;
    case "down": {
      if (count !== undefined && !/^[1-9]\d{0,5}$/.test(count)) throw new UsageError();
      const steps = Number(count ?? 1);
      await withTargetDatabase((url) => migrateDown({ url, steps, log }));
      return;
    }
    case "status":
      for (const state of await withTargetDatabase((url) => migrationStatus({ url }))) log(describe(state));
      return;
    case "--help":
    case "-h":
      log(USAGE);
      return;
    default:
      throw new UsageError();
  }
}

function describe({ name, state, appliedAt }: MigrationState): string {
  const when = appliedAt === null ? "" : `  ${appliedAt.toISOString()}`;
  const meaning = {
    applied: "",
    pending: "",
    edited: "  (its file is not what was applied)",
    unknown: "  (applied; this version has no such file)",
  };
  return `${state.padEnd(8)} ${name}${when}${meaning[state]}`;
}

class UsageError extends Error {
  override readonly message = USAGE;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const expected = [MigrationError, ConnectionError, LocalDatabaseError, UsageError];
  console.error(
    expected.some((kind) => error instanceof kind) && error instanceof Error ? error.message : error,
  );
  process.exitCode = 1;
});
