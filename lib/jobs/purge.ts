import { sql, type SQL } from "drizzle-orm";
import { runBatch } from "../db/batch";
import { systemDb, type Database } from "../db/client";
import { newId } from "../db/id";
import { ENDED_SESSION_DAYS, TRASH_DAYS } from "../db/limits";

/** How many rows of each kind are gone for ever, and whether there are more to come in the next run. */
export type Purged = { todos: number; sessions: number; verificationTokens: number; more: boolean };

/** Runs statements in one transaction and gives how many rows the last of them deleted. */
export type Transaction = (name: string, statements: readonly [...SQL[], SQL]) => Promise<number>;

const ROWS_PER_STEP = 1_000;
const STEPS_MAX = 20;

/** What is deleted of each table, the oldest first. */
const KINDS = {
  todos: sql`select id from todos where deleted_at < now() - make_interval(days => ${TRASH_DAYS}) order by deleted_at`,
  sessions: sql`select id from sessions
    where least(expires_at, revoked_at) < now() - make_interval(days => ${ENDED_SESSION_DAYS})`,
  verificationTokens: sql`select id from verification_tokens where expires_at < now()`,
};
const TABLES: Record<keyof typeof KINDS, SQL> = {
  todos: sql`todos`,
  sessions: sql`sessions`,
  verificationTokens: sql`verification_tokens`,
};

/**
 * Deletes for ever what nobody will ask for again: todos that lay in the trash for TRASH_DAYS, sessions that ended
 * ENDED_SESSION_DAYS ago, mailed links that are over. In steps of a transaction each, so many at most, so that nobody waits
 * long for a row of theirs; what somebody else holds at this moment is left to the next run, so two runs at once do no
 * harm. The audit log says that nobody did it. (Counters of attempts are swept by the attempts themselves.)
 */
export async function purge(
  transaction: Transaction,
  { rowsPerStep = ROWS_PER_STEP, stepsMax = STEPS_MAX } = {},
): Promise<Purged> {
  const purged: Purged = { todos: 0, sessions: 0, verificationTokens: 0, more: false };
  for (const kind of ["todos", "sessions", "verificationTokens"] as const) {
    let deleted = rowsPerStep;
    for (let step = 0; step < stepsMax && deleted === rowsPerStep; step += 1) {
      deleted = await transaction(`jobs.purge.${kind}`, [
        sql`select set_config('app.command_id', ${newId()}, true)`,
        sql`delete from ${TABLES[kind]} where id = any (array(${KINDS[kind]} limit ${rowsPerStep} for update skip locked))`,
      ]);
      purged[kind] += deleted;
    }
    if (deleted === rowsPerStep) purged.more = true;
  }
  return purged;
}

/** Purges the running server's database. */
export function purgeNow(): Promise<Purged> {
  return purge(throughDatabase(systemDb()));
}

/** The owner's database as the job takes it. */
export function throughDatabase(db: Database): Transaction {
  return async (name, statements) => {
    const results = await runBatch(
      db,
      name,
      statements.map((statement) => db.execute(statement)),
    );
    return results.at(-1)?.rowCount ?? 0;
  };
}

/** "Deleted for ever: 12 todos, 3 sessions, no mailed link." */
export function purgedLine({ todos, sessions, verificationTokens, more }: Purged): string {
  const counted = [
    count(todos, "todo"),
    count(sessions, "session"),
    count(verificationTokens, "mailed link"),
  ].join(", ");
  return `Deleted for ever: ${counted}.${more ? " There is more; run it again." : ""}`;
}

function count(number: number, noun: string): string {
  if (number === 0) return `no ${noun}`;
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
