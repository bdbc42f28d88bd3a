import { purgedLine } from "../lib/jobs/purge";
import { ConnectionError } from "./connection";
import { LocalDatabaseError } from "./local/local-database-error";
import { purgeDatabase } from "./purge/purge-database";
import { withTargetDatabase } from "./target-database";

const USAGE = `Usage: pnpm db:purge

Deletes for ever what nobody will ask for again: old trash, ended sessions, mailed links that are over. Run it every night
where no Vercel Cron does.

It works on DATABASE_URL_UNPOOLED, else on DATABASE_URL, else on the local database in .data.`;

async function main(args: string[]): Promise<void> {
  if (args.length > 0) {
    console.log(USAGE);
    if (!["--help", "-h"].includes(args.join(" "))) process.exitCode = 1;
    return;
  }
  console.log(purgedLine(await withTargetDatabase(purgeDatabase)));
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const expected = [ConnectionError, LocalDatabaseError];
  console.error(
    expected.some((kind) => error instanceof kind) && error instanceof Error ? error.message : error,
  );
  process.exitCode = 1;
});
