import { sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { type Client, DatabaseError } from "pg";
import { hashToken, newToken } from "../../lib/auth/token";
import { type Database, openSystemDatabase } from "../../lib/db/client";
import { newId } from "../../lib/db/id";
import { createScope, type Scope } from "../../lib/db/scope";
import { withConnection } from "../connection";
import type { Entry } from "./catalogue";
import { indexesOf, type Plan, readPlan } from "./plan";
import { recordBatches, recordStatements, type RecordedStatement } from "./record";
import { findSample, type Sample } from "./sample";

/** From so many rows on, a table that is read whole is no accident: below, that is what is quickest. */
export const BIG_TABLE_ROWS = 10_000;
/** A query that runs longer is given up. */
const TIMEOUT = "60s";

/** One statement of an entry as it ran, or the error that it met. */
export type ExplainedStatement = {
  name: string;
  plan: Plan;
  /** As PostgreSQL writes it for people. */
  text: string;
};

export type Explained = {
  name: string;
  variant: string;
  statements: ExplainedStatement[];
  /** Indexes that were read, also by functions and triggers, which plans do not show. */
  touched: string[];
  /** Big tables that were read whole, likewise. */
  readWhole: string[];
  /** What was said instead of a plan. */
  error: string | null;
  /** It was refused by a rule of ours: the person has nothing that it could be asked about. */
  refused: boolean;
};

/**
 * Explains entries of the catalogue on the data that there is: runs them, people's as app_user behind app.enter, and takes
 * everything back. Nothing is left behind, and nobody needs a password.
 * @param options.url the owner's, over TCP
 * @param options.email whom to ask as; the person with the most todos by default
 * @throws ConnectionError, NobodyError
 */
export async function explainEntries(options: {
  url: string;
  entries: readonly Entry[];
  email?: string | undefined;
}): Promise<{ sample: Sample; explained: Explained[] }> {
  const { url, entries, email } = options;
  // Builds statements only; they run on the connection below.
  const db = openSystemDatabase({ databaseUrl: url });
  return withConnection(url, async (client) => {
    const sample = await findSample(client, email);
    await client.query("begin");
    await client.query(`set local statement_timeout = '${TIMEOUT}'`);
    await mayBecomeAppUser(client);
    await enter(client, sample);
    const explained: Explained[] = [];
    for (const entry of entries) explained.push(await explainEntry(client, db, entry, sample));
    await client.query("rollback");
    return { sample, explained };
  });
}

/** Since PostgreSQL 16 who made a role may grant it, also to itself, but is not a member yet. Undone with all else. */
async function mayBecomeAppUser(client: Client): Promise<void> {
  await client.query("savepoint before");
  try {
    await client.query("set local role app_user");
    await client.query("set local role none");
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== "42501") throw error;
    await client.query("rollback to before");
    await client.query("grant app_user to current_user");
  }
}

/** Leaves in the transaction's settings what app.enter leaves there for this person. */
async function enter(client: Client, { userId }: Sample): Promise<void> {
  const tokenHash = hashToken(newToken());
  await client.query(
    `insert into sessions (id, user_id, token_hash, expires_at) values ($1, $2, $3, now() + interval '1 hour')`,
    [newId(), userId, tokenHash],
  );
  await client.query("select from app.enter($1, $2)", [tokenHash, { now: new Date(), commandId: newId() }]);
}

async function explainEntry(client: Client, db: Database, entry: Entry, sample: Sample): Promise<Explained> {
  const { name, variant, ask } = entry;
  const recorded =
    ask.as === "owner"
      ? await recordBatches(db, name, (recorder) => ask.run(recorder, sample))
      : await recordStatements(building(db), (scope) => ask.run(scope, sample));
  const before = await scans(client);
  await client.query("savepoint entry");
  const statements: ExplainedStatement[] = [];
  let failure: DatabaseError | null = null;
  try {
    if (ask.as === "app_user") await client.query("set local role app_user");
    for (const statement of recorded) statements.push(await explainStatement(client, statement));
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error;
    failure = error;
  }
  await client.query("rollback to entry");
  const after = await scans(client);
  const scanned = after.filter(({ relation, count }) =>
    before.every((one) => one.relation !== relation || one.count < count),
  );
  const names = (kind: Scans["kind"]) =>
    scanned.filter((one) => one.kind === kind).map(({ relation }) => relation);
  const error = failure && `${failure.message} (${failure.code})`;
  return {
    name,
    variant,
    statements,
    touched: names("i"),
    readWhole: names("r"),
    error,
    refused: failure?.code?.startsWith("CN") ?? false,
  };
}

/** A scope that builds statements; `recordStatements` keeps them from being run. */
function building(db: Database): Scope {
  const databases = { readCommitted: db, serializable: db };
  return createScope({ databases, tokenHash: null, context: { now: new Date() } });
}

const dialect = new PgDialect();

async function explainStatement(client: Client, { name, sql: statement }: RecordedStatement) {
  const explain = async (how: string) => {
    const query = dialect.sqlToQuery(sql`${sql.raw(`explain (${how})`)} ${statement}`);
    return (await client.query<{ "QUERY PLAN": unknown }>(query.sql, query.params)).rows;
  };
  // Once for people to read and undone, once for what follows in the same transaction to see.
  await client.query("savepoint reading");
  const lines = await explain("analyze, buffers");
  await client.query("rollback to reading");
  const plan = readPlan(await explain("analyze, buffers, format json"));
  return { name, plan, text: lines.map((line) => String(line["QUERY PLAN"])).join("\n") };
}

/** How often an index was read, or a table read whole. */
type Scans = { relation: string; kind: "i" | "r"; count: number };

/** Of all indexes and big tables of ours, in this transaction so far, also in what was undone. */
async function scans(client: Client): Promise<Scans[]> {
  const { rows } = await client.query<Scans>(
    `select c.relname as relation, c.relkind as kind, pg_stat_get_xact_numscans(c.oid)::int as count
       from pg_class c
      where c.relnamespace = 'public'::regnamespace and (c.relkind = 'i' or c.relkind = 'r' and c.reltuples >= $1)`,
    [BIG_TABLE_ROWS],
  );
  return rows;
}

/** All indexes that an entry's own statements read. */
export function plannedIndexes({ statements }: Explained): string[] {
  return [...new Set(statements.flatMap(({ plan }) => indexesOf(plan)))];
}
