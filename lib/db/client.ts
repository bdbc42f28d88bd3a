import { neon, neonConfig } from "@neondatabase/serverless";
import { drizzle } from "drizzle-orm/neon-http";
import { env } from "../env";
import { appUserPassword } from "./app-password";
import type { Connection } from "./telemetry";

/** A request to the database that takes longer is given up; statements themselves end after 10 s (the role's setting). */
const REQUEST_TIMEOUT_MS = 15_000;

neonConfig.fetchFunction = (url: string, init: RequestInit) =>
  fetch(url, { ...init, cache: "no-store", signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });

export type ConnectionOptions = {
  /** The one URL that the Neon integration gives: the owner's. */
  databaseUrl: string;
  /** The full URL of a local endpoint; absent, the driver finds Neon's own from the URL's host. */
  endpoint?: string | undefined;
  /** Sign in as another role than the URL's. */
  role?: { user: string; password: string };
  /** Milliseconds from which on a request gets a line in the log; absent, none does. */
  slowAfter?: number | undefined;
};

function connect(
  { databaseUrl, endpoint, role, slowAfter }: ConnectionOptions,
  isolationLevel?: "Serializable",
) {
  // The endpoint is global to the driver; one process speaks to one.
  if (endpoint !== undefined) neonConfig.fetchEndpoint = endpoint;
  const url = new URL(databaseUrl);
  if (role !== undefined) {
    url.username = role.user;
    url.password = encodeURIComponent(role.password);
  }
  const { hostname: host, port, pathname } = url;
  const connection: Connection = {
    host,
    port: Number(port || 5432),
    name: decodeURIComponent(pathname.slice(1)),
    slowAfter,
  };
  return Object.assign(drizzle(neon(url.href, isolationLevel ? { isolationLevel } : {})), { connection });
}

/** Drizzle on one connection string, which knows where it leads. */
export type Database = ReturnType<typeof connect>;

/** The two ways to run a batch as app_user. Statements are built by `readCommitted`; either can carry them. */
export type AppDatabases = { readCommitted: Database; serializable: Database };

/** Opens app_user's databases: everything that people do, behind app.enter and row-level security. Makes no request. */
export function openAppDatabases(
  options: Omit<ConnectionOptions, "role"> & { authSecret: string },
): AppDatabases {
  const { authSecret, ...rest } = options;
  const connection = { ...rest, role: { user: "app_user", password: appUserPassword(authSecret) } };
  return { readCommitted: connect(connection), serializable: connect(connection, "Serializable") };
}

/** Opens the owner's database, which row-level security does not bind. Makes no request. */
export function openSystemDatabase(options: Omit<ConnectionOptions, "role">): Database {
  return connect(options);
}

let app: AppDatabases | undefined;
let system: Database | undefined;

/** The running server's databases for people's requests. */
export function appDb(): AppDatabases {
  app ??= openAppDatabases({ ...configured(), authSecret: env().AUTH_SECRET });
  return app;
}

/** The running server's owner connection. Only lib/auth and lib/jobs may import it (lint says so). */
export function systemDb(): Database {
  system ??= openSystemDatabase(configured());
  return system;
}

function configured(): Omit<ConnectionOptions, "role"> {
  const { DATABASE_URL, NEON_HTTP_ENDPOINT, SLOW_QUERY_MS } = env();
  return { databaseUrl: DATABASE_URL, endpoint: NEON_HTTP_ENDPOINT, slowAfter: SLOW_QUERY_MS };
}
