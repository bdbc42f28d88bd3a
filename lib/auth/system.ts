import { sql, type SQL } from "drizzle-orm";
import { systemDb, type Database } from "../db/client";
import { newId } from "../db/id";
import type { RequestContext } from "../db/scope";
import { env } from "../env";

/** What signing in works with, before anybody has entered: the owner's database and the server's secret. */
export type System = { db: Database; secret: string };

/** The running server's. */
export function system(): System {
  return { db: systemDb(), secret: env().AUTH_SECRET };
}

/**
 * Leaves in the transaction's settings what app.enter leaves there for people who are signed in, so that the audit rows
 * of what follows name the person, the session and where the request came from.
 */
export function actAs(
  db: Database,
  who: { userId: string | SQL; sessionId: string | SQL; context: RequestContext },
) {
  const { userId, sessionId, context } = who;
  return db.execute(sql`select
    set_config('app.user_id', ${userId}, true),
    set_config('app.session_id', ${sessionId}, true),
    set_config('app.command_id', ${newId()}, true),
    set_config('app.ip', ${context.ip ?? ""}, true),
    set_config('app.user_agent', ${context.userAgent ?? ""}, true)`);
}
