import { sql } from "drizzle-orm";
import { expectDatabaseRequest } from "../server-timing";
import { newId } from "./id";
import type { AppDatabases, Database } from "./client";
import { sendBatch } from "./batch";
import { mapDatabaseError, refuse } from "./errors";
import { nameStatements, type NamedStatement, type Results, type Statement } from "./named";
import type { Preferences } from "./schema/users";
import { createSeal, type Seal } from "./seal";

export type { Statement } from "./named";

/** What a request tells about itself; it ends up in the audit rows. */
export type RequestContext = {
  /** The instant that "today" and "overdue" are computed at. */
  now: Date;
  ip?: string | undefined;
  userAgent?: string | undefined;
};

export type OrganizationSummary = {
  id: string;
  name: string;
  role: "owner" | "admin" | "member" | "viewer";
  personal: boolean;
};

/** The person who asks, as app.enter found them. */
export type Actor = {
  userId: string;
  sessionId: string;
  email: string;
  name: string;
  preferences: Preferences;
  /** IANA. */
  timeZone: string;
  personalOrganizationId: string;
  organizations: OrganizationSummary[];
  /** Their own date, YYYY-MM-DD. */
  today: string;
  /** Their own wall-clock time, HH:MM:SS. */
  localTime: string;
};

/**
 * One request of one person. Whatever is asked of it in the same tick travels in one batch: app.enter first, then the
 * statements in the order they were asked for, in one transaction. Reads asked for beside a write see what it wrote.
 */
export type Scope = {
  /** Builds statements. Run by itself, a statement shows nothing: nobody has entered. */
  readonly db: Database;
  /** Groups the audit rows of this request. */
  readonly commandId: string;
  /** For what travels through addresses and is nobody else's to read or use. */
  readonly sealed: Seal;
  /**
   * Runs statements in this tick's batch and gives their results in order. `name` is the repository function's, with its
   * noun ("todos.listTodos"): what traces, the slow-query line and pg_stat_statements call them.
   * Throws Refused: signed_out, unavailable, or what a guard or constraint said; then nothing of the batch happened.
   */
  run<const Statements extends readonly Statement[]>(
    name: string,
    statements: Statements,
    options?: { serializable?: boolean },
  ): Promise<Results<Statements>>;
  /** Who asks; joins this tick's batch when nobody has asked yet. */
  actor(): Promise<Actor>;
};

type Pending = {
  statements: readonly NamedStatement[];
  serializable: boolean;
  resolve(answer: { actor: Actor; results: unknown[] }): void;
  reject(error: unknown): void;
};

/**
 * Makes the scope of one request.
 * @param tokenHash SHA-256 of the session cookie's token in hex, or null without a cookie: then everything is refused
 *   as signed_out, and the database is not asked.
 */
export function createScope(options: {
  databases: AppDatabases;
  tokenHash: string | null;
  context: RequestContext;
}): Scope {
  const { databases, tokenHash, context } = options;
  const db = databases.readCommitted;
  const commandId = newId();
  let pending: Pending[] = [];
  let known: Actor | undefined;
  let seal: Seal | undefined;

  async function send(batch: Pending[]): Promise<void> {
    try {
      if (tokenHash === null) refuse("signed_out");
      const enter = db.execute(
        sql`select app.enter_json(${tokenHash}, ${JSON.stringify({ ...context, commandId })}::jsonb) as entered`,
      );
      const serializable = batch.some((part) => part.serializable);
      const database = serializable ? databases.serializable : databases.readCommitted;
      const [entered, ...results] = await sendBatch(database, [
        { name: "app.enter", statement: enter },
        ...batch.flatMap((part) => part.statements),
      ]);
      known = readActor(entered as Awaited<typeof enter>);
      for (const part of batch) {
        part.resolve({ actor: known, results: results.splice(0, part.statements.length) });
      }
    } catch (error) {
      const mapped = mapDatabaseError(error);
      for (const part of batch) part.reject(mapped);
    }
  }

  function enqueue(
    statements: readonly NamedStatement[],
    serializable: boolean,
  ): Promise<{ actor: Actor; results: unknown[] }> {
    return new Promise((resolve, reject) => {
      // A macrotask later every component that renders in this tick has asked for what it needs.
      if (pending.length === 0) {
        const done = expectDatabaseRequest();
        setImmediate(() => {
          const batch = pending;
          pending = [];
          void send(batch).finally(done);
        });
      }
      pending.push({ statements, serializable, resolve, reject });
    });
  }

  return {
    db,
    commandId,
    // Deriving its key takes longer than all else here, and few requests seal anything.
    get sealed() {
      return (seal ??= createSeal(tokenHash ?? ""));
    },
    async run(name, statements, { serializable = false } = {}) {
      const { results } = await enqueue(nameStatements(name, statements), serializable);
      // The batch gives one result per statement, in order, mapped by the statement itself: that is its type.
      return results as Results<typeof statements>;
    },
    async actor() {
      return known ?? (await enqueue([], false)).actor;
    },
  };
}

function readActor({ rows }: { rows: Record<string, unknown>[] }): Actor {
  // What app.enter_json gives in drizzle/0005_counters.sql; tests/db/scope.test.ts holds the two together.
  const row = rows[0]?.entered as Record<string, unknown> | undefined;
  if (row === undefined) throw new Error("app.enter_json gave nothing");
  return {
    userId: row.user_id,
    sessionId: row.session_id,
    email: row.email,
    name: row.name,
    preferences: row.preferences,
    timeZone: row.time_zone,
    personalOrganizationId: row.personal_organization_id,
    organizations: row.organizations,
    today: row.today,
    localTime: row.local_time,
  } as Actor;
}
