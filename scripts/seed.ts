import { ConnectionError } from "./connection";
import { LocalDatabaseError } from "./local/local-database-error";
import { DEMO_EMAIL, DEMO_PASSWORD, SeedError, seedDemo } from "./seed/demo";
import { withTargetDatabase } from "./target-database";

async function main(): Promise<void> {
  const made = await withTargetDatabase((url) => seedDemo({ url }));
  console.log(
    made === null
      ? `The demo person ${DEMO_EMAIL} is there already; nothing was changed.`
      : `Made ${made.todos} todos for ${DEMO_EMAIL}, whose password is ${DEMO_PASSWORD}.`,
  );
}

main().catch((error: unknown) => {
  const expected = [SeedError, ConnectionError, LocalDatabaseError];
  console.error(
    expected.some((kind) => error instanceof kind) && error instanceof Error ? error.message : error,
  );
  process.exitCode = 1;
});
