import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { hashToken, newToken } from "@/lib/auth/token";
import { openSystemDatabase } from "@/lib/db/client";
import { newId } from "@/lib/db/id";
import { purge, purgedLine, throughDatabase, type Purged, type Transaction } from "@/lib/jobs/purge";
import { getHistory } from "@/lib/audit/repository";
import { purgeDatabase } from "@/scripts/purge/purge-database";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { everyRow } from "../helpers/every-row";
import { createPerson, type Person } from "../helpers/people";
import { writeTag, writeTodo } from "../helpers/rows";

let database: TestDatabase;
let run: Transaction;
let mia: Person;
let noah: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  run = throughDatabase(openSystemDatabase(database));
  mia = await createPerson(database, { name: "Mia" });
  noah = await createPerson(database, { name: "Noah" });
});
afterAll(() => database.drop());
afterEach(() => database.sql("delete from todos"));

const nothing: Purged = { todos: 0, sessions: 0, verificationTokens: 0, more: false };

/** A todo that was thrown away so long ago ("30 days"). */
async function trashed(person: Person, ago: string, description = ""): Promise<string> {
  const tagIds = [await writeTag(database, person, newId())];
  const id = await writeTodo(database, person, { deleted: true, description, tagIds });
  await database.sql("update todos set deleted_at = now() - $2::interval where id = $1", [id, ago]);
  return id;
}

/** So many at once, all of them old. */
async function trashMany(person: Person, count: number): Promise<void> {
  await database.sql(
    `insert into todos (id, organization_id, user_id, title, description, deleted_at)
     select app.uuid_v7(), $1, $2, 'Old ' || n, 'words', now() - interval '31 days' from generate_series(1, $3) n`,
    [person.organizationId, person.userId, count],
  );
}

const ids = async (table: "todos" | "sessions" | "verification_tokens") =>
  (await database.sql<{ id: string }>(`select id from ${table}`)).map(({ id }) => id).toSorted();

describe("purge", () => {
  it("deletes what lay in the trash for 30 days, everybody's, and nothing else", async () => {
    const gone = [await trashed(mia, "30 days 1 minute"), await trashed(noah, "400 days")];
    const kept = [await trashed(mia, "29 days 23 hours"), await writeTodo(database, noah, {})];
    const before = await everyRow(database);
    expect(await purge(run)).toEqual({ ...nothing, todos: 2 });
    expect(await ids("todos")).toEqual(kept.toSorted());
    const after = await everyRow(database);
    for (const table of Object.keys(before)) {
      // What is remembered, and what is counted, changes with it.
      if (table === "audit_logs" || /_(counts|changes)$/.test(table)) continue;
      const left = (before[table] ?? []).filter((row) => !gone.some((id) => row.includes(id)));
      expect(after[table]).toEqual(left);
    }
    expect(await purge(run)).toEqual(nothing);
  });

  it("is remembered as done by nobody, one command for each step, without the words", async () => {
    const todo = await trashed(mia, "31 days", "a secret");
    const [secret] = await database.sql("select changes from audit_logs where entity_id = $1", [todo]);
    expect(JSON.stringify(secret)).toContain("a secret");
    await purge(run);
    const rows = await database.sql<{ action: string; command: string; changes: object }>(
      `select user_id, session_id, action, command_id as command, changes from audit_logs
        where entity_id = $1 and entity_type = 'todo' order by id`,
      [todo],
    );
    expect(rows.at(-1)).toEqual({
      user_id: null,
      session_id: null,
      action: "purge",
      command: expect.any(String),
      changes: { title: ["Buy milk", null] },
    });
    expect(JSON.stringify(rows)).not.toContain("a secret");
    expect(await getHistory(noah.scope(), todo)).toEqual([]);
  });

  it("deletes sessions a week after their end, and mailed links that are over", async () => {
    const session = async (expires: string, revoked: string | null) => {
      const id = newId();
      await database.sql(
        `insert into sessions (id, user_id, token_hash, expires_at, revoked_at)
         values ($1, $2, $3, now() + $4::interval, now() + $5::interval)`,
        [id, noah.userId, hashToken(newToken()), expires, revoked],
      );
      return id;
    };
    const link = async (expires: string) => {
      const id = newId();
      await database.sql(
        `insert into verification_tokens (id, identifier, token_hash, expires_at) values ($1, $2, $3, now() + $4::interval)`,
        [id, "noah@cairn.example", hashToken(newToken()), expires],
      );
      return id;
    };
    const alive = await ids("sessions");
    const dead = [await session("-8 days", null), await session("20 days", "-8 days")];
    const kept = [await session("-6 days", null), await session("20 days", "-6 days")];
    await link("-1 minute");
    const living = await link("1 hour");
    expect(await purge(run)).toEqual({ ...nothing, sessions: 2, verificationTokens: 1 });
    expect(await ids("sessions")).toEqual([...alive, ...kept].toSorted());
    expect(await ids("verification_tokens")).toEqual([living]);
    const remembered = await database.sql(
      "select user_id, entity_id, changes from audit_logs where action = 'end' order by entity_id",
    );
    expect(remembered).toEqual(
      dead
        .toSorted()
        .map((id) => ({ user_id: null, entity_id: id, changes: { user_id: [noah.userId, null] } })),
    );
  });

  it("goes in steps of so many rows, so many in a run, the oldest first", async () => {
    await trashMany(mia, 25);
    const oldest = await trashed(mia, "300 days");
    const first = await purge(run, { rowsPerStep: 10, stepsMax: 2 });
    expect(first).toEqual({ ...nothing, todos: 20, more: true });
    expect(await ids("todos")).not.toContain(oldest);
    const steps = await database.sql<{ count: number }>(
      `select count(*)::int as count from audit_logs where action = 'purge' group by command_id order by max(id::text) desc limit 2`,
    );
    expect(steps).toEqual([{ count: 10 }, { count: 10 }]);
    expect(await purge(run, { rowsPerStep: 10, stepsMax: 2 })).toEqual({ ...nothing, todos: 6 });
  });

  it("can run twice at once: each todo is deleted once and remembered once", async () => {
    await trashMany(mia, 300);
    const all = await ids("todos");
    const limits = { rowsPerStep: 20, stepsMax: 20 };
    const runs = await Promise.all([
      purge(run, limits),
      purge(run, limits),
      purgeDatabase(database.unpooledUrl),
    ]);
    expect(runs.reduce((sum, { todos }) => sum + todos, 0)).toBe(300);
    expect(await ids("todos")).toEqual([]);
    const remembered = await database.sql<{ id: string }>(
      "select entity_id as id from audit_logs where action = 'purge' and entity_id = any ($1)",
      [all],
    );
    expect(remembered.map(({ id }) => id).toSorted()).toEqual(all);
  });

  it("leaves alone, without waiting, what is being restored at this moment", async () => {
    const [restored, old] = [await trashed(noah, "31 days"), await trashed(mia, "31 days")];
    const other = new Client({ connectionString: database.unpooledUrl });
    await other.connect();
    try {
      await other.query("begin");
      await other.query("update todos set deleted_at = null where id = $1", [restored]);
      expect(await purge(run)).toEqual({ ...nothing, todos: 1 });
      await other.query("commit");
    } finally {
      await other.end();
    }
    expect(await purge(run)).toEqual(nothing);
    expect(await ids("todos")).toEqual([restored]);
    expect(old).not.toBe(restored);
  });

  it("says in one line what it did", () => {
    expect(purgedLine({ todos: 1234, sessions: 1, verificationTokens: 0, more: true })).toBe(
      "Deleted for ever: 1,234 todos, 1 session, no mailed link. There is more; run it again.",
    );
  });
});

async function ask(secret: string, authorization?: string) {
  vi.stubEnv("DATABASE_URL", database.databaseUrl);
  vi.stubEnv("NEON_HTTP_ENDPOINT", database.endpoint);
  vi.stubEnv("AUTH_SECRET", database.authSecret);
  vi.stubEnv("CRON_SECRET", secret);
  vi.resetModules(); // The environment is read once.
  const { GET } = await import("@/app/api/cron/purge/route");
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  return GET(new Request("http://localhost/api/cron/purge", { headers }));
}

describe("GET /api/cron/purge", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("is not there without a secret, refuses every other one, and purges with the right one", async () => {
    const secret = "the secret of the cron job";
    await trashMany(mia, 3);
    const statuses = [
      await ask(""),
      await ask(secret),
      await ask(secret, "Bearer "),
      await ask(secret, `Bearer ${secret}x`),
      await ask(secret, secret),
      await ask("", "Bearer undefined"),
    ].map(({ status }) => status);
    expect(statuses).toEqual([404, 401, 401, 401, 401, 404]);
    expect(await ids("todos")).toHaveLength(3);

    const log = vi.spyOn(console, "log").mockImplementation(() => undefined);
    const answer = await ask(secret, `Bearer ${secret}`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ ...nothing, todos: 3 });
    expect(log).toHaveBeenCalledWith("Deleted for ever: 3 todos, no session, no mailed link.");
    expect(await ids("todos")).toEqual([]);
  });
});
