import diagnostics from "node:diagnostics_channel";
import type { Client } from "pg";

/** What one call of an operation asks of the database. */
export type Cost = {
  /** HTTP requests that went out. */
  requests: number;
  /** Pages of 8 kB that its statements touched, with app.enter, functions and triggers. */
  buffers: number;
};

/**
 * Counts what a call costs, where it arises: requests as Node's fetch sends them, buffers as the server's own statistics
 * count them. Nothing else may use the database meanwhile.
 * @param superuser connected to whatever database has pg_stat_statements, which counts for the whole server
 */
export async function meterCost(
  superuser: Client,
  database: { url: string; endpoint: string },
  run: () => Promise<unknown>,
): Promise<Cost> {
  const { origin } = new URL(database.endpoint);
  const name = new URL(database.url).pathname.slice(1);
  let requests = 0;
  const count = (message: unknown) => {
    const { request } = message as { request: { origin?: unknown } }; // undici's own shape
    if (request.origin === origin) requests += 1;
  };
  const before = await buffersSoFar(superuser, name);
  diagnostics.subscribe("undici:request:create", count);
  try {
    await run();
  } finally {
    diagnostics.unsubscribe("undici:request:create", count);
  }
  return { requests, buffers: (await buffersSoFar(superuser, name)) - before };
}

async function buffersSoFar(superuser: Client, database: string): Promise<number> {
  const { rows } = await superuser.query<{ buffers: number }>(
    `select coalesce(sum(shared_blks_hit + shared_blks_read + local_blks_hit + local_blks_read), 0)::float8 as buffers
       from pg_stat_statements s join pg_roles r on r.oid = s.userid join pg_database d on d.oid = s.dbid
      where r.rolname = 'app_user' and d.datname = $1`,
    [database],
  );
  return rows[0]?.buffers ?? 0;
}
