import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { purgedLine } from "../../lib/jobs/purge";
import { withConnection } from "../connection";
import { type LocalDatabase, startLocalDatabase } from "../local/database";
import { FolderInUseError } from "../local/folder-lock";
import { migrateUp } from "../migrate/runner";
import { purgeDatabase } from "../purge/purge-database";
import { DEMO_EMAIL, DEMO_PASSWORD, seedDemo } from "../seed/demo";
import { configuredUrl } from "../target-database";
import { type StartOptions, readStartArguments, startUsage } from "./arguments";
import { buildIfChanged } from "./build";
import { Cleanup } from "./cleanup";
import { CommandError, InterruptedError, explainFailure } from "./command-error";
import { requireDiskSpace } from "./disk";
import { type Environment, chooseSecret, loadDotEnv, variable } from "./environment";
import { claimPort } from "./port";
import { Progress } from "./progress";
import { dataFolder, projectFolder, searchPath } from "./project";
import { startServer } from "./server";
import { type StopRequest, listenForStop } from "./stop-request";

/** Where the app's data lives; `local` only when it is the database of this clone, which we started. */
type Database = {
  databaseUrl: string;
  unpooledUrl: string;
  endpoint: string | undefined;
  local: LocalDatabase | null;
};

/** What a first start writes (the cluster, the demo, the build), and what a later one needs to work at all. */
const FIRST_START_MIB = 400;
const LATER_START_MIB = 64;
const DIST_DIR = ".next";
/** A copy that is just being stopped needs a moment to give its data folder back. */
const FOLDER_PATIENCE_MS = 4000;

/**
 * Runs all of Cairn on this machine until it is asked to stop.
 * @returns the exit code
 */
export async function start(args: string[]): Promise<number> {
  const progress = new Progress(process.stdout);
  const cleanup = new Cleanup();
  const failures: unknown[] = [];
  try {
    loadDotEnv(projectFolder);
    const options = readStartArguments(args, { PORT: variable("PORT") });
    if (options.help) {
      progress.line(startUsage);
      return 0;
    }
    const stop = listenForStop((sentence) => progress.line(sentence));
    await serve(options, progress, stop, cleanup);
  } catch (error) {
    // To be interrupted is how this command ends well.
    if (!(error instanceof InterruptedError)) failures.push(error);
  }
  if (!cleanup.isEmpty) failures.push(...(await progress.stage("Stopping", () => cleanup.run())));
  for (const failure of failures) console.error(explainFailure(failure));
  return failures.length > 0 ? 1 : 0;
}

/** Never returns: it ends with InterruptedError, or with what went wrong. */
async function serve(
  options: StartOptions,
  progress: Progress,
  stop: StopRequest,
  cleanup: Cleanup,
): Promise<never> {
  const { dev, host, port } = options;
  await stop.orStop(claimPort(host, port));
  for (const folder of [projectFolder, dataFolder]) {
    requireDiskSpace(folder, existsSync(dataFolder) ? LATER_START_MIB : FIRST_START_MIB);
  }
  const database = await openDatabase(progress, stop, cleanup);
  const secret = chooseSecret(dataFolder, database.local === null ? database.databaseUrl : undefined);

  await progress.stage("Migrations", async ({ note, summarize }) => {
    const applied = await stop.orStop(
      migrateUp({ url: database.unpooledUrl, authSecret: secret, log: note }),
    );
    summarize(applied.length === 0 ? "nothing new" : `${applied.length} applied`);
  });
  if (database.local !== null) {
    await seedOnce(database.unpooledUrl, progress, stop);
    await purgeOld(database.unpooledUrl, progress, stop);
  }

  const url = `http://localhost:${port}`;
  const env = appEnvironment(database, secret, url);
  if (!dev) await build(env, progress, stop);
  const server = await progress.stage("Web server", ({ note }) =>
    startServer({
      dev,
      host,
      port,
      env,
      signal: stop.signal,
      onLine: (line, ready) => (ready ? progress.line(line) : note(line)),
    }),
  );
  cleanup.add(() => server.stop());
  stop.onForce(() => server.kill());
  await announce(url, database, progress);
  return Promise.race([
    stop.whenAsked,
    server.ended.then(() => {
      throw stop.signal.reason ?? new CommandError("The web server has ended by itself.");
    }),
    databaseEnd(database.local),
  ]);
}

async function openDatabase(progress: Progress, stop: StopRequest, cleanup: Cleanup): Promise<Database> {
  const databaseUrl = variable("DATABASE_URL");
  const endpoint = variable("NEON_HTTP_ENDPOINT");
  if (databaseUrl !== undefined) {
    const unpooledUrl = configuredUrl(process.env) ?? databaseUrl;
    progress.line(`✓ Database of DATABASE_URL at ${postgresHost(databaseUrl)}`);
    return { databaseUrl, unpooledUrl, endpoint, local: null };
  }
  return progress.stage("Local database", async ({ note }) => {
    const starting = startWhenFree(note);
    // Once it has begun it is not cut short: what is half started could not be stopped in order.
    void starting.then(
      (local) => cleanup.add(() => local.stop()),
      () => {},
    );
    const local = await starting;
    if (stop.signal.aborted) throw stop.signal.reason;
    const { databaseUrl: localUrl, unpooledUrl, endpoint: localEndpoint } = local;
    return { databaseUrl: localUrl, unpooledUrl, endpoint: localEndpoint, local };
  });
}

async function startWhenFree(log: (message: string) => void): Promise<LocalDatabase> {
  const deadline = Date.now() + FOLDER_PATIENCE_MS;
  for (;;) {
    try {
      return await startLocalDatabase({ dataDir: dataFolder, log });
    } catch (error) {
      if (!(error instanceof FolderInUseError) || Date.now() >= deadline) throw error;
      await sleep(200);
    }
  }
}

/** A database that nobody has signed up to yet gets the demo person. */
async function seedOnce(url: string, progress: Progress, stop: StopRequest): Promise<void> {
  if (await hasUser(url)) return;
  await progress.stage("Demo data", async ({ summarize }) => {
    const made = await stop.orStop(seedDemo({ url }));
    if (made !== null) summarize(`${made.todos} todos`);
  });
}

/** What a deployment's cron job does every night. */
async function purgeOld(url: string, progress: Progress, stop: StopRequest): Promise<void> {
  const purged = await stop.orStop(purgeDatabase(url));
  if (purged.todos + purged.sessions + purged.verificationTokens > 0) {
    progress.line(`✓ ${purgedLine(purged)}`);
  }
}

async function hasUser(url: string, email?: string): Promise<boolean> {
  return withConnection(url, async (client) => {
    const { rowCount } = await client.query(
      "select from users where $1::text is null or email = $1 limit 1",
      [email ?? null],
    );
    return rowCount !== 0;
  });
}

async function build(env: Environment, progress: Progress, stop: StopRequest): Promise<void> {
  await progress.stage("Build", async ({ note, summarize }) => {
    const built = await buildIfChanged({ distDir: DIST_DIR, env, onLine: note, signal: stop.signal });
    if (!built) summarize("nothing has changed");
  });
}

function appEnvironment(database: Database, secret: string, url: string): Environment {
  const own = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    ...Object.fromEntries(own),
    PATH: searchPath(process.env.PATH),
    NEXT_TELEMETRY_DISABLED: "1",
    NEXT_DIST_DIR: DIST_DIR,
    DATABASE_URL: database.databaseUrl,
    DATABASE_URL_UNPOOLED: database.unpooledUrl,
    NEON_HTTP_ENDPOINT: database.endpoint ?? "",
    AUTH_SECRET: secret,
    AUTH_URL: variable("AUTH_URL") ?? url,
  };
}

async function announce(url: string, database: Database, progress: Progress): Promise<void> {
  const demo = database.local !== null && (await hasUser(database.unpooledUrl, DEMO_EMAIL));
  progress.line();
  progress.line(`  Cairn is at ${url}`);
  if (demo) progress.line(`  Sign in as ${DEMO_EMAIL} with the password ${DEMO_PASSWORD}, or sign up.`);
  progress.line("  Ctrl-C stops it.");
  progress.line();
}

async function databaseEnd(local: LocalDatabase | null): Promise<never> {
  if (local === null) return new Promise<never>(() => {});
  await local.ended;
  throw new CommandError(`PostgreSQL has ended by itself; ${dataFolder}/postgres.log says why.`);
}

/** Never says more of the URL than its host: there is a password in it. */
function postgresHost(url: string): string {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    throw new CommandError("DATABASE_URL is not a postgres:// URL.");
  }
  return new URL(url).host;
}
