import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { startCountingProxy } from "../../tests/helpers/counting-proxy";
import { startProxyControl } from "../../tests/helpers/proxy-control";
import { type Chromium, findChromium, searchThisMachine } from "../chromium";
import { eraseCluster, openDataFolder } from "../local/data-folder";
import { type LocalDatabase, startLocalDatabase } from "../local/database";
import { findFreePort } from "../local/ports";
import { migrateUp } from "../migrate/runner";
import { runChild } from "./child";
import type { Environment } from "./environment";
import { packageProgram } from "./project";
import { startServer } from "./server";
import { type Counts, closingLine, countPlaywright } from "./tally";
import { type TestRun, readReport, withinLimit } from "./test-run";

/**
 * Runs Playwright on the production build: on a database of its own, migrated and empty, behind a proxy that counts the
 * app's requests to it.
 */
export async function runBrowserTests(run: TestRun): Promise<Counts> {
  const chromium = await prepareChromium(run);
  const site = await run.progress.stage("Site for the tests", ({ note }) => startSite(run, note));
  return runPlaywright(run, { ...site, ...chromiumVariables(chromium) });
}

async function prepareChromium({ progress, stop, env }: TestRun): Promise<Chromium> {
  return progress.stage("Chromium", async ({ note, summarize }) => {
    const chromium = await findChromium(searchThisMachine(process.env, env, note, stop.signal));
    summarize(chromium.description);
    return chromium;
  });
}

/** Starts database, proxy and web server; returns what the tests need to know of them. */
async function startSite(run: TestRun, note: (text: string) => void): Promise<Environment> {
  const { stop, cleanup, env, distDir } = run;
  const database = await startDatabase(run, note);
  const proxy = await startCountingProxy(database.endpoint);
  cleanup.add(() => proxy.stop());
  const control = await startProxyControl(proxy);
  cleanup.add(() => control.stop());

  const authSecret = randomBytes(33).toString("base64url");
  await stop.orStop(migrateUp({ url: database.unpooledUrl, authSecret, log: note }));

  const port = await findFreePort();
  const baseUrl = `http://localhost:${port}`;
  const site = {
    DATABASE_URL: database.databaseUrl,
    DATABASE_URL_UNPOOLED: database.unpooledUrl,
    AUTH_SECRET: authSecret,
    AUTH_URL: baseUrl,
  };
  note("starting the web server");
  const server = await startServer({
    dev: false,
    host: "127.0.0.1",
    port,
    env: { ...env, ...site, NEXT_DIST_DIR: distDir, NEON_HTTP_ENDPOINT: proxy.url },
    // What the server complains of belongs to the tests' output.
    onLine: (line) => run.progress.line(`  [server] ${line}`),
    signal: stop.signal,
  });
  cleanup.add(() => server.stop());
  stop.onForce(() => server.kill());
  return {
    ...site,
    // The tests' own statements pass the proxy by and are not counted.
    NEON_HTTP_ENDPOINT: database.endpoint,
    BASE_URL: baseUrl,
    CAIRN_PROXY_CONTROL: control.url,
  };
}

async function startDatabase(
  { temporaryFolder, stop, cleanup }: TestRun,
  log: (message: string) => void,
): Promise<LocalDatabase> {
  const dataDir = join(temporaryFolder, "database");
  const database = await startLocalDatabase({ dataDir, durable: false, log });
  cleanup.add(async () => {
    await database.stop();
    // The cluster may lie outside of the folder, when its account could not reach it there.
    eraseCluster(openDataFolder(dataDir));
  });
  if (stop.signal.aborted) throw stop.signal.reason;
  return database;
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
