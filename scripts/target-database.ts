import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "pg";

const PROJECT = fileURLToPath(new URL("..", import.meta.url));
const DATA_DIR = join(PROJECT, ".data");
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const LOCAL_HOSTS = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * The owner's address over TCP that the environment names: DATABASE_URL_UNPOOLED, or DATABASE_URL without Neon's
 * pooler, which gives every transaction another session and with that loses locks. Null when neither is set.
 */
export function configuredUrl(environment: Record<string, string | undefined>): string | null {
  const { DATABASE_URL_UNPOOLED: unpooled, DATABASE_URL: pooled } = environment;
  if (unpooled) return unpooled;
  if (!pooled) return null;
  return URL.canParse(pooled) ? withoutPooler(new URL(pooled)).href : pooled;
}

function withoutPooler(url: URL): URL {
  const [endpoint = "", ...domain] = url.hostname.split(".");
  url.hostname = [endpoint.replace(/-pooler$/, ""), ...domain].join(".");
  return url;
}

/**
 * Does some work on the database that the environment (or `.env`) names, or else on the local one in `.data`: on the
 * running server if there is one, else on one that is started for the purpose.
 */
export async function withTargetDatabase<Result>(work: (url: string) => Promise<Result>): Promise<Result> {
  const dotEnv = join(PROJECT, ".env");
  if (existsSync(dotEnv)) process.loadEnvFile(dotEnv); // What is set already wins.
  const configured = configuredUrl(process.env);
  return configured === null ? withLocalDatabase(work) : work(configured);
}

async function withLocalDatabase<Result>(work: (url: string) => Promise<Result>): Promise<Result> {
  const running = await runningUrl();
  if (running !== null) return work(running);
  // Only here, because a deployment has no local database.
  const { startPostgres } = await import("./local/postgres");
  const postgres = await startPostgres({ dataDir: DATA_DIR, log: (message) => console.error(message) });
  const interrupt = (): void => void postgres.stop().then(() => process.exit(130));
  for (const signal of SIGNALS) process.on(signal, interrupt);
  try {
    return await work(postgres.ownerUrl);
  } finally {
    await postgres.stop();
    for (const signal of SIGNALS) process.off(signal, interrupt);
  }
}

/** The local database's address if it runs: its port may be another program's by now, its password is not. */
async function runningUrl(): Promise<string | null> {
  const { runningOwnerUrl } = await import("./local/postgres");
  const url = runningOwnerUrl(DATA_DIR);
  if (url === null) return null;
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on("error", () => {});
  try {
    await client.connect();
    return url;
  } catch {
    return null;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Whether a database is on this machine, where nobody else's data is. */
export function isLocalUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname, searchParams } = new URL(url);
  // PostgreSQL's clients let the parameter win.
  return LOCAL_HOSTS.has(hostname) && !searchParams.has("host") && !searchParams.has("hostaddr");
}
