import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(explainFailure(error));
  process.exitCode = 1;
});
