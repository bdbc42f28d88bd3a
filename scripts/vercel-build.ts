import { spawnSync } from "node:child_process";
import { CommandError, explainFailure } from "./commands/command-error";
import { packageProgram } from "./commands/project";
import { migrateUp } from "./migrate/runner";
import { configuredUrl } from "./target-database";

/**
 * What Vercel runs for a deployment: the migrations on its database, then the build. In this order, because the version
 * that is still running survives the new schema (expand and contract), and the new version needs it.
 */
async function main(): Promise<void> {
  const url = configuredUrl(process.env);
  const authSecret = process.env.AUTH_SECRET || undefined;
  // A deployment has no local database to fall back on, and without the secret its app could not sign in to this one.
  if (url === null)
    throw new CommandError("DATABASE_URL is not set: add the Neon integration to the project.");
  if (authSecret === undefined) {
    throw new CommandError("AUTH_SECRET is not set: add it to the project's environment variables.");
  }
  await migrateUp({ url, authSecret, log: (message) => console.log(message) });

  const { status, error } = spawnSync(packageProgram("next"), ["build"], {
    stdio: "inherit",
    env: { ...process.env, NODE_ENV: "production" },
  });
  if (status !== 0) throw error ?? new CommandError("The build failed; its output is above.");
}

main().catch((error: unknown) => {
  console.error(explainFailure(error));
  process.exitCode = 1;
});
