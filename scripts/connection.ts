import { Client, type ClientConfig } from "pg";

const CONNECT_TIMEOUT_MS = 15_000;

/** The database cannot be reached. The message names it, and never a password. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
}

/**
 * Opens a connection for one piece of work and closes it after.
 * @throws ConnectionError
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
  const client = new Client({ ...config, application_name: "cairn-scripts", keepAlive: true });
  // A connection that breaks rejects the query that is waiting; without a listener it would also end the process.
  client.on("error", () => {});
  try {
    await client.connect();
    // What a role or the pool may have set must not cut the work short or send it to another schema.
    await client.query(
      "set statement_timeout = 0; set search_path = public; set client_min_messages = warning; set time zone 'UTC'",
    );
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw new ConnectionError(
      `Could not connect to the database ${target.pathname.slice(1)} at ${target.host}: ${reason(error)}.`,
      { cause: error },
    );
  }
}

function parseUrl(url: string): URL {
  // The error of URL itself carries the text, and with it the password.
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol)) {
    throw new ConnectionError("The database's address is not a postgres:// URL.");
  }
  return new URL(url);
}

function reason(error: unknown): string {
  // Node gives one error per address that a name leads to, with an empty message around them.
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error;
  return inner instanceof Error && inner.message !== "" ? inner.message : String(inner);
}
