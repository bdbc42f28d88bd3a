import { randomBytes } from "node:crypto";
import { Client, type QueryResultRow } from "pg";
import { inject } from "vitest";

/** A database without any migration, as a new Neon project gives it. */
export type BlankDatabase = {
  /** The owner's, by TCP. */
  url: string;
  /** Runs one statement as the owner and gives its rows. */
  sql: <Row extends QueryResultRow = QueryResultRow>(text: string, params?: unknown[]) => Promise<Row[]>;
  drop: () => Promise<void>;
};

/** Makes one. Call `drop` in the end. */
export async function createBlankDatabase(): Promise<BlankDatabase> {
  const { ownerUrl } = inject("server");
  const name = `blank_${randomBytes(8).toString("hex")}`;
  // The owner may make databases: it has CREATEDB, as on Neon.
  await once(ownerUrl, `create database ${name} strategy file_copy`);
  const url = new URL(ownerUrl);
  url.pathname = `/${name}`;
  const owner = new Client({ connectionString: url.href });
  owner.on("error", () => {}); // Dropping the database may end the session before we do.
  await owner.connect();
  return {
    url: url.href,
    sql: async <Row extends QueryResultRow>(text: string, params: unknown[] = []) =>
      (await owner.query<Row>(text, params)).rows,
    drop: async () => {
      await owner.end();
      await once(ownerUrl, `drop database ${name} with (force)`);
    },
  };
}

async function once(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
