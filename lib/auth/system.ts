import { sql, type SQL } from "drizzle-orm";
import { systemDb, type Database } from "../db/client";
import { sendBatch } from "../db/batch";
import { mapDatabaseError } from "../db/errors";
import { newId } from "../db/id";
import { nameStatements, type Results, type Statement } from "../db/named";
import type { RequestContext } from "../db/scope";
import { env } from "../env";

/** What signing in works with, before anybody has entered: the owner's database and the server's secret. */
export type System = { db: Database; secret: string };

/** The running server's. */
export function system(): System {
  return { db: systemDb(), secret: env().AUTH_SECRET };
}

/**
 * Runs statements as one transaction in one request, under the name of the function that asks ("auth.checkCredentials").
 * Throws Refused as the request's scope does.
 */
export async function runBatch<const Statements extends readonly Statement[]>(
  db: Database,
  name: string,
  statements: Statements,
): Promise<Results<Statements>> {
  try {
    // One result per statement, in order, mapped by the statement itself: that is its type.
    return (await sendBatch(db, nameStatements(name, statements))) as Results<Statements>;
  } catch (error) {
    throw mapDatabaseError(error);
  }
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
