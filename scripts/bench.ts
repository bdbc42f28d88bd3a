import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";
import { benchUsage, readBenchArguments } from "./bench/arguments";
import { SIZES } from "./bench/databases";
import type { Effort } from "./bench/measure";
import { writeReadme } from "./bench/readme";
import { run } from "./bench/run";
import { formatReport } from "./bench/table";
import { explainFailure } from "./commands/command-error";
import { keptSecret } from "./commands/environment";
import { Progress } from "./commands/progress";
import { dataFolder } from "./commands/project";
import { withConnection } from "./connection";
import { startLocalDatabase } from "./local/database";

/** Some ten minutes in all, the data aside. */
const EFFORT: Effort = { budgetMs: 1000, pairs: 21, warmUpCalls: 300 };
const QUICK_EFFORT: Effort = { budgetMs: 250, pairs: 5, warmUpCalls: 100 };
const FOLDER = join(dataFolder, "bench");

async function main(args: string[]): Promise<void> {
  const { help, quick, only, json, readme } = readBenchArguments(args);
  if (help) {
    console.log(benchUsage);
    return;
  }
  const progress = new Progress(process.stderr); // The table alone goes to where it may be piped.
  mkdirSync(FOLDER, { recursive: true });
  const authSecret = keptSecret(FOLDER);
  const server = await progress.stage("Database server of the bench", ({ note }) =>
    startLocalDatabase({ dataDir: join(FOLDER, "server"), log: note }),
  );
  try {
    await withConnection(server.superuserUrl, holdCheckpoints);
    const report = await run({
      server,
      authSecret,
      folder: FOLDER,
      progress,
      sizes: quick ? SIZES.slice(0, 1) : SIZES,
      effort: quick ? QUICK_EFFORT : EFFORT,
      pages: !quick,
      bulkRows: quick ? 0 : 100_000,
      only,
    });
    const text = JSON.stringify(report, null, 2);
    writeFileSync(join(FOLDER, "latest.json"), `${text}\n`);
    console.log(json ? text : formatReport(report));
    if (readme) await writeReadme(formatReport(report));
  } finally {
    await server.stop();
  }
}

/**
 * Keeps the server from making checkpoints of its own while something is measured: after one, whoever changes a page first
 * writes all of it to the log, so that what writes much would take as long as the last checkpoint is near.
 */
async function holdCheckpoints(superuser: Client): Promise<void> {
  await superuser.query("alter system set checkpoint_timeout = '1h'");
  await superuser.query("alter system set max_wal_size = '16GB'");
  await superuser.query("select pg_reload_conf()");
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(explainFailure(error));
  process.exitCode = 1;
});
