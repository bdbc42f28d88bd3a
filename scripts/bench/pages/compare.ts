import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { sessionCookieName } from "../../../lib/auth/cookie";
import { buildIfChanged } from "../../commands/build";
import { hermeticEnvironment, type Environment } from "../../commands/environment";
import type { Progress } from "../../commands/progress";
import { startServer, type Server } from "../../commands/server";
import { findFreePort } from "../../local/ports";
import type { BenchDatabase } from "../databases";
import type { BenchPerson } from "../people";
import type { Comparison } from "../report";
import { median } from "../statistics";
import { buildBareApp } from "./bare-app";
import { load, type Slice, type Target } from "./load";

const SLICE_MS = 1500;
const PAIRS = 9;
/** Long enough that what runs often is compiled. */
const WARM_UP_MS = 8000;
/** Server CPU of the dashboard ÷ a bare dynamic page (architecture, section 6). */
const CPU_GOAL = 2.5;
const PROBE = pathToFileURL(join(import.meta.dirname, "cpu-probe.mjs")).href;

/**
 * Loads the dashboard, as production builds serve it to a signed-in person, and a bare page of the same Next in turns,
 * and holds throughput and CPU time against each other.
 */
export async function comparePages(options: {
  database: BenchDatabase;
  person: BenchPerson;
  /** Where the bare app is built. */
  folder: string;
  progress: Progress;
}): Promise<Comparison[]> {
  const { database, person, folder, progress } = options;
  const distDir = process.env.NEXT_DIST_DIR ?? ".next";
  const env = hermeticEnvironment(process.env, {
    NEXT_DIST_DIR: distDir,
    DATABASE_URL: database.url,
    NEON_HTTP_ENDPOINT: database.endpoint,
    AUTH_SECRET: database.authSecret,
  });
  const signal = new AbortController().signal;
  await progress.stage("Build", ({ note }) => buildIfChanged({ distDir, env, signal, onLine: note }));
  const bareEnv = hermeticEnvironment(process.env);
  await progress.stage("Build of a bare page", () => buildBareApp(folder, bareEnv));

  const running: Server[] = [];
  const serve = async (own: Environment, cwd?: string) => {
    const { server, ...addresses } = await startProbed(own, cwd);
    running.push(server);
    return addresses;
  };
  try {
    const cookie = `${sessionCookieName(false)}=${person.token}`;
    const { url, ...probe } = await serve(env);
    const ours = { url: `${url}/dashboard`, ...probe, headers: { cookie } };
    const bare = { ...(await serve(bareEnv, folder)), headers: {} };
    return await progress.stage("Dashboard page and bare page", () => compareTargets(ours, bare));
  } finally {
    for (const server of running) await server.stop();
  }
}

async function startProbed(env: Environment, cwd?: string) {
  const [port, probePort] = [await findFreePort(), await findFreePort()];
  const url = `http://127.0.0.1:${port}`;
  const server = await startServer({
    dev: false,
    host: "127.0.0.1",
    port,
    env: {
      ...env,
      AUTH_URL: url,
      NODE_OPTIONS: `--import=${PROBE}`,
      CAIRN_CPU_PROBE_PORT: String(probePort),
    },
    ...(cwd !== undefined && { cwd }),
    signal: new AbortController().signal,
    onLine: () => {},
  });
  return { server, url, probePort };
}

async function compareTargets(ours: Target, bare: Target): Promise<Comparison[]> {
  for (const target of [ours, bare]) await load(target, WARM_UP_MS);
  const pairs: { ours: Slice; bare: Slice }[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    pairs.push({ ours: await load(ours, SLICE_MS), bare: await load(bare, SLICE_MS) });
  }
  const cpu = median(pairs.map((pair) => pair.ours.cpuMsPerRequest / pair.bare.cpuMsPerRequest));
  const speed = median(pairs.map((pair) => pair.bare.perSecond / pair.ours.perSecond));
  const each = (of: (slice: Slice) => number) => ({
    ours: median(pairs.map((pair) => of(pair.ours))).toFixed(1),
    bare: median(pairs.map((pair) => of(pair.bare))).toFixed(1),
  });
  const used = each((slice) => slice.cpuMsPerRequest);
  const rate = each((slice) => slice.perSecond);
  return [
    {
      name: `dashboard page ÷ bare page: CPU of the web server (${used.ours} ms, ${used.bare} ms)`,
      figure: cpu,
      goal: CPU_GOAL,
    },
    {
      name: `bare page ÷ dashboard page: pages in a second (${rate.bare}, ${rate.ours}), the database on the same cores`,
      figure: speed,
      goal: null,
    },
  ];
}
