import { ConnectionError } from "./connection";
import { diagnose } from "./doctor/diagnose";
import { report } from "./doctor/report";
import { LocalDatabaseError } from "./local/local-database-error";
import { withTargetDatabase } from "./target-database";

const USAGE = `Usage: pnpm db:doctor [--json]

Looks for what needs a hand in the database, and says what to do; changes nothing. --json is for programs.
Exits with 0 when nothing needs a hand, with 1 when something does, with 2 when the database cannot be reached.

It works on DATABASE_URL_UNPOOLED, else on DATABASE_URL, else on the local database in .data.`;

const UNREACHABLE = 2;

async function main(given: string[]): Promise<void> {
  const args = given.filter((argument) => argument !== "--");
  if (args.length > 1 || (args.length === 1 && args[0] !== "--json")) {
    console.log(USAGE);
    if (!["--help", "-h"].includes(args.join(" "))) process.exitCode = UNREACHABLE;
    return;
  }
  const all = await withTargetDatabase((url) => diagnose(url));
  console.log(args[0] === "--json" ? JSON.stringify(all, null, 2) : report(all));
  if (all.some(({ findings }) => findings.length > 0)) process.exitCode = 1;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const expected = [ConnectionError, LocalDatabaseError];
  console.error(
    expected.some((kind) => error instanceof kind) && error instanceof Error ? error.message : error,
  );
  process.exitCode = UNREACHABLE;
});
