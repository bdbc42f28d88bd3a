import { randomBytes } from "node:crypto";
import { Client, type QueryResultRow } from "pg";
import { inject } from "vitest";

/** A database of a test file's own, migrated and empty. */
export type TestDatabase = {
  name: string;
  /** The owner's, for the driver: its requests go to `endpoint`. */
  databaseUrl: string;
  /** The owner's, by TCP. */
  unpooledUrl: string;
  /** NEON_HTTP_ENDPOINT */
  endpoint: string;
  /** The AUTH_SECRET that app_user's password was derived from. */
  authSecret: string;
  /** Runs one statement as the owner, who sees every row, and gives its rows. */
  sql: <Row extends QueryResultRow = QueryResultRow>(text: string, params?: unknown[]) => Promise<Row[]>;
  /** Removes it, with whoever is still connected. */
  drop: () => Promise<void>;
};

/** Copies the migrated template. Call `drop` in afterAll. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject("server");
  const name = `test_${randomBytes(8).toString("hex")}`;
  await asSuperuser((client) =>
    client.query(`create database ${name} owner cairn_owner template ${server.template} strategy file_copy`),
  );
  const url = new URL(server.ownerUrl);
  url.pathname = `/${name}`;
  const owner = new Client({ connectionString: url.href });
  owner.on("error", () => {}); // Dropping the database may end the session before we do.
  await owner.connect();
  return {
    name,
    databaseUrl: url.href,
    unpooledUrl: url.href,
    endpoint: server.endpoint,
    authSecret: server.authSecret,
    sql: async <Row extends QueryResultRow>(text: string, params: unknown[] = []) =>
      (await owner.query<Row>(text, params)).rows,
    drop: async () => {
      await owner.end();
      await asSuperuser((client) => client.query(`drop database ${name} with (force)`));
    },
  };
}

async function asSuperuser(work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: inject("server").superuserUrl });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
