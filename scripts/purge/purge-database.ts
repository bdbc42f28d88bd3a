import { PgDialect } from "drizzle-orm/pg-core";
import { type Client, DatabaseError } from "pg";
import { purge, type Purged, type Transaction } from "../../lib/jobs/purge";
import { withConnection } from "../connection";

/**
 * Purges a database over TCP, in runs until nothing is left to purge.
 * @param url the owner's
 * @throws ConnectionError
 */
export async function purgeDatabase(url: string): Promise<Purged> {
  return withConnection(url, async (client) => {
    const total: Purged = { todos: 0, sessions: 0, verificationTokens: 0, more: true };
    while (total.more) {
      const purged = await purge(throughConnection(client));
      total.todos += purged.todos;
      total.sessions += purged.sessions;
      total.verificationTokens += purged.verificationTokens;
      total.more = purged.more;
    }
    return total;
  });
}

const RETRIES_MAX = 3;
const dialect = new PgDialect();

/** As the app's own batches do, a transaction that was undone only because of others is run again. */
function throughConnection(client: Client): Transaction {
  return async (name, statements) => {
    for (let retries = 0; ; retries += 1) {
      try {
        await client.query("begin");
        let deleted = 0;
        for (const statement of statements) {
          const { sql, params } = dialect.sqlToQuery(statement);
          deleted = (await client.query(`/* ${name} */ ${sql}`, params)).rowCount ?? 0;
        }
        await client.query("commit");
        return deleted;
      } catch (error) {
        await client.query("rollback");
        const undone = error instanceof DatabaseError && ["40001", "40P01"].includes(error.code ?? "");
        if (!undone || retries >= RETRIES_MAX) throw error;
      }
    }
  };
}
