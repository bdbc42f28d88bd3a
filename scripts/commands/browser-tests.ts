import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { type CountingProxy, startCountingProxy } from "../../tests/helpers/counting-proxy";
import { startProxyControl } from "../../tests/helpers/proxy-control";
import { type Chromium, findChromium, searchThisMachine } from "../chromium";
import { eraseCluster, openDataFolder } from "../local/data-folder";
import { type LocalDatabase, startLocalDatabase } from "../local/database";
import { findFreePort } from "../local/ports";
import { migrateUp } from "../migrate/runner";
import { buildIfChanged } from "./build";
import { runChild } from "./child";
import type { Environment } from "./environment";
import { packageProgram, projectFolder } from "./project";
import { startServer } from "./server";
import { type Counts, closingLine, countPlaywright } from "./tally";
import { type TestRun, readReport, withinLimit } from "./test-run";

/** The database of the tests in a browser, and what makes the site use it. */
type TestDatabase = { local: LocalDatabase; proxy: CountingProxy; env: Environment };

/**
 * Makes the production build as a deployment does, and runs Playwright on it: on a database of its own, migrated and
 * empty, behind a proxy that counts the app's requests to it.
 */
export async function runBrowserTests(run: TestRun): Promise<Counts> {
  const chromium = await prepareChromium(run);
  const database = await run.progress.stage("Database for the site", ({ note }) => startDatabase(run, note));
  await build(run, database);
  const site = await run.progress.stage("Site for the tests", () => startSite(run, database));
  const { passed, failed } = await runPlaywright(run, { ...site, ...chromiumVariables(chromium) });
  return { passed: passed + 1, failed }; // The build is one more that passed.
}

async function prepareChromium({ progress, stop, env }: TestRun): Promise<Chromium> {
  return progress.stage("Chromium", async ({ note, summarize }) => {
    const chromium = await findChromium(searchThisMachine(process.env, env, note, stop.signal));
    summarize(chromium.description);
    return chromium;
  });
}

async function startDatabase(
  { temporaryFolder, stop, cleanup }: TestRun,
  log: (message: string) => void,
): Promise<TestDatabase> {
  const dataDir = join(temporaryFolder, "database");
  const local = await startLocalDatabase({ dataDir, durable: false, log });
  cleanup.add(async () => {
    await local.stop();
    // The cluster may lie outside of the folder, when its account could not reach it there.
    eraseCluster(openDataFolder(dataDir));
  });
  if (stop.signal.aborted) throw stop.signal.reason;
  const proxy = await startCountingProxy(local.endpoint);
  cleanup.add(() => proxy.stop());
  const env = {
    DATABASE_URL: local.databaseUrl,
    DATABASE_URL_UNPOOLED: local.unpooledUrl,
    NEON_HTTP_ENDPOINT: proxy.url,
    AUTH_SECRET: randomBytes(33).toString("base64url"),
  };
  return { local, proxy, env };
}

/** By vercel-build, which migrates first; when there is nothing to build, the database is still new. */
async function build({ progress, stop, env, distDir }: TestRun, database: TestDatabase): Promise<void> {
  await progress.stage("Production build", async ({ note, summarize }) => {
    const built = await buildIfChanged({
      distDir,
      program: packageProgram("tsx"),
      args: [join(projectFolder, "scripts", "vercel-build.ts")],
      env: { ...env, ...database.env },
      onLine: note,
      signal: stop.signal,
    });
    if (built) return;
    const { DATABASE_URL_UNPOOLED: url = "", AUTH_SECRET: authSecret } = database.env;
    await stop.orStop(migrateUp({ url, authSecret, log: note }));
    summarize("nothing has changed");
  });
}

/** Starts the web server; returns what the tests need to know of it and its database. */
async function startSite(run: TestRun, { local, proxy, env }: TestDatabase): Promise<Environment> {
  const { stop, cleanup } = run;
  const control = await startProxyControl(proxy);
  cleanup.add(() => control.stop());
  const port = await findFreePort();
  const baseUrl = `http://localhost:${port}`;
  const site = { ...env, AUTH_URL: baseUrl };
  const server = await startServer({
    dev: false,
    host: "127.0.0.1",
    port,
    env: { ...run.env, ...site, NEXT_DIST_DIR: run.distDir },
    // What the server complains of belongs to the tests' output.
    onLine: (line, ready) => ready && run.progress.line(`  [server] ${line}`),
    signal: stop.signal,
  });
  cleanup.add(() => server.stop());
  stop.onForce(() => server.kill());
  return {
    ...site,
    // The tests' own statements pass the proxy by and are not counted.
    NEON_HTTP_ENDPOINT: local.endpoint,
    BASE_URL: baseUrl,
    CAIRN_PROXY_CONTROL: control.url,
    CAIRN_BUILD_FOLDER: join(projectFolder, run.distDir),
  };
}

function chromiumVariables({ executablePath, args }: Chromium): Environment {
  return { CAIRN_CHROMIUM: executablePath, CAIRN_CHROMIUM_ARGS: JSON.stringify(args) };
}

async function runPlaywright(run: TestRun, variables: Environment): Promise<Counts> {
  const { progress, stop, env, temporaryFolder, playwrightArguments } = run;
  const reportFile = join(temporaryFolder, "playwright.json");
  return progress.section(
    "Tests in the browser",
    async (print) => {
      const ending = await withinLimit(stop, (signal) =>
        runChild(packageProgram("playwright"), ["test", ...playwrightArguments], {
          env: { ...env, ...variables, CAIRN_PLAYWRIGHT_REPORT: reportFile },
          onLine: print,
          signal,
        }),
      );
      return countPlaywright(readReport(reportFile), ending.code === 0);
    },
    (counts) => closingLine([counts]),
  );
}
