import { Client, type QueryResultRow } from "pg";
import { appUserPassword } from "@/lib/db/app-password";
import type { TestDatabase } from "./database";

type Sql = <Row extends QueryResultRow = QueryResultRow>(text: string, params?: unknown[]) => Promise<Row[]>;

/** A connection of the role app_user by TCP: what a batch may do, statement by statement. */
export type AppUser = {
  /** Outside of any transaction, and as nobody. */
  sql: Sql;
  /**
   * One transaction that begins with app.enter; undone when the work throws. `context` is what the request tells about
   * itself.
   */
  as: <Result>(
    person: { tokenHash: string },
    work: (sql: Sql) => Promise<Result>,
    context?: object,
  ) => Promise<Result>;
  end: () => Promise<void>;
};

/** Connects. All transactions share the connection, as requests do behind Neon's pool: what one leaves, the next sees. */
export async function connectAppUser(database: TestDatabase): Promise<AppUser> {
  const url = new URL(database.unpooledUrl);
  url.username = "app_user";
  url.password = appUserPassword(database.authSecret);
  const client = new Client({ connectionString: url.href });
  await client.connect();
  const sql: Sql = async <Row extends QueryResultRow>(text: string, params: unknown[] = []) =>
    (await client.query<Row>(text, params)).rows;
  return {
    sql,
    async as(person, work, context = {}) {
      await client.query("begin");
      try {
        await sql("select from app.enter($1, $2)", [person.tokenHash, context]);
        const result = await work(sql);
        await client.query("commit");
        return result;
      } catch (error) {
        await client.query("rollback");
        throw error;
      }
    },
    end: () => client.end(),
  };
}
