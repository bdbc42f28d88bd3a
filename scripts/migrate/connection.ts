import { Client, type ClientConfig } from "pg";
import { MigrationError } from "./migration-error";

export type Log = (message: string) => void;

const CONNECT_TIMEOUT_MS = 15_000;
const LOCK_POLL_MS = 200;
const LOCK_NOTICE_MS = 10_000;

/**
 * Opens a connection for one piece of work and closes it after.
 * @throws MigrationError that names the server, and never a password
 */
export async function withConnection<Result>(
  url: string,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = await connect(url);
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {}); // A connection that broke has nothing to say any more.
  }
}

async function connect(url: string): Promise<Client> {
  const target = parseUrl(url);
  const config: ClientConfig = { connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS };
  const client = new Client({ ...config, application_name: "cairn-migrate", keepAlive: true });
  // A connection that breaks rejects the query that is waiting; without a listener it would also end the process.
  client.on("error", () => {});
  try {
    await client.connect();
    // What a role or the pool may have set must not cut a migration short or send it to another schema.
    await client.query(
      "set statement_timeout = 0; set search_path = public; set client_min_messages = warning; set time zone 'UTC'",
    );
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw new MigrationError(
      `Could not connect to the database ${target.pathname.slice(1)} at ${target.host}: ${reason(error)}.`,
      { cause: error },
    );
  }
}

function parseUrl(url: string): URL {
  // The error of URL itself carries the text, and with it the password.
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    throw new MigrationError("The database's address is not a postgres:// URL.");
  }
  return new URL(url);
}

function reason(error: unknown): string {
  // Node gives one error per address that a name leads to, with an empty message around them.
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return inner instanceof Error && inner.message !== "" ? inner.message : String(inner);
}

/**
 * Holds the lock of this database's migrations for one piece of work. It is polled: whoever waits inside a blocking lock
 * holds a snapshot, and CREATE INDEX CONCURRENTLY of the one who has the lock would wait for that for ever.
 */
export async function withLock<Result>(
  client: Client,
  { log, waitMs }: { log: Log; waitMs: number },
  work: () => Promise<Result>,
): Promise<Result> {
  const lock = "hashtextextended('cairn.migrations', 0)";
  const start = Date.now();
  let noticed = -Infinity;
  for (;;) {
    const { rows } = await client.query<{ locked: boolean }>(
      `select pg_try_advisory_lock(${lock}) as locked`,
    );
    if (rows[0]?.locked === true) break;
    const waited = Date.now() - start;
    if (waited >= waitMs) {
      throw new MigrationError(
        `Another migration has been running on this database for ${Math.round(waited / 1000)} s; try again when it has ended.`,
      );
    }
    if (Date.now() - noticed >= LOCK_NOTICE_MS) {
      noticed = Date.now();
      log("Another migration is running on this database; waiting for it …");
    }
    await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
  }
  try {
    return await work();
  } finally {
    // Lost with the connection anyway.
    await client.query(`select pg_advisory_unlock(${lock})`).catch(() => {});
  }
}
