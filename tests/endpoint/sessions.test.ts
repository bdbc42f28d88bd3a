import { randomBytes } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Endpoint, EndpointLimits } from "@/scripts/local/endpoint";
import { type TestDatabase, createTestDatabase } from "../helpers/database";
import {
  type Target,
  batch,
  firstRow,
  proxyError,
  single,
  startTestEndpoint,
} from "../helpers/endpoint-client";

let database: TestDatabase;
let endpoint: Endpoint;
let target: Target;
beforeAll(async () => {
  database = await createTestDatabase();
});
// An endpoint for each test: nothing is in its pool.
beforeEach(() => restart());
afterEach(() => endpoint.stop());
afterAll(() => database.drop());

async function restart(limits: Partial<EndpointLimits> = {}): Promise<void> {
  await (endpoint as Endpoint | undefined)?.stop(); // Not there yet before the first test.
  endpoint = await startTestEndpoint(limits);
  target = { endpoint: endpoint.url, databaseUrl: database.databaseUrl };
}

/** The process of PostgreSQL that serves the next request. */
async function backend(from: Target = target): Promise<unknown> {
  return firstRow(from, "select pg_backend_pid() as pid");
}

async function connections(): Promise<number> {
  const query =
    "select count(*)::int from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
  const [row] = await database.sql<{ count: number }>(query);
  return row?.count ?? 0;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Waits until the gate is open, and tells by whom it was passed. */
const passGate = "select pg_advisory_xact_lock_shared(99), pg_backend_pid() as pid";

/** Closes the gate; the function opens it. */
async function holdGate(): Promise<() => Promise<unknown>> {
  await database.sql("select pg_advisory_lock(99)");
  return () => database.sql("select pg_advisory_unlock(99)");
}

describe("one connection serves one request after the other", () => {
  it("of the same role, database and password", async () => {
    const first = await backend();
    for (let i = 0; i < 5; i += 1) expect(await backend()).toEqual(first);
  });

  it("and never another role", async () => {
    const role = `role_${randomBytes(6).toString("hex")}`;
    await database.sql(`create role ${role} login password 'secret'`);
    const url = new URL(database.databaseUrl);
    [url.username, url.password] = [role, "secret"];
    const other = { ...target, databaseUrl: url.href };
    const query = "select current_user::text as role, session_user::text as session";
    for (let i = 0; i < 3; i += 1) {
      expect(await firstRow(target, query)).toEqual({ role: "cairn_owner", session: "cairn_owner" });
      expect(await firstRow(other, query)).toEqual({ role, session: role });
    }
  });

  it("after a failed batch, but not after a failed single statement", async () => {
    const first = await backend();
    await batch(target, ["select 1", "select 1/0"]);
    expect(await backend()).toEqual(first);
    await single(target, "select 1/0");
    expect(await backend()).not.toEqual(first);
  });

  it("but not when a statement left it in a transaction", async () => {
    const first = await backend();
    await single(target, "begin");
    expect(await backend()).not.toEqual(first);
  });
});

describe("nothing of a session is left for the next request", () => {
  it.each([
    ["a setting", "set statement_timeout = '7s'", "select current_setting('statement_timeout') as left", "0"],
    ["a role", "set role pg_monitor", "select current_user::text as left", "cairn_owner"],
    [
      "a temporary table",
      "create temporary table t (a int)",
      "select to_regclass('pg_temp.t')::text as left",
      null,
    ],
    [
      "an advisory lock",
      "select pg_advisory_lock(815)",
      "select count(*)::int as left from pg_locks where locktype = 'advisory' and objid = 815",
      0,
    ],
    [
      "a prepared statement",
      "prepare p as select 1",
      "select count(*)::int as left from pg_prepared_statements",
      0,
    ],
    ["a listener", "listen news", "select count(*)::int as left from pg_listening_channels()", 0],
    [
      "a cursor",
      "declare c cursor with hold for select 1",
      "select count(*)::int as left from pg_cursors where name = 'c'",
      0,
    ],
    [
      "a transaction",
      "begin",
      "select (pg_current_xact_id_if_assigned() is not null)::text as left",
      "false",
    ],
  ])("%s", async (_, before, after, left) => {
    expect((await batch(target, [before])).status).toBe(200);
    expect(await firstRow(target, after)).toEqual({ left });
  });

  it("except that a custom setting reads as empty and no longer as NULL, as with the real proxy", async () => {
    const read = "select current_setting('app.user_id', true) as value";
    expect(await firstRow(target, read)).toEqual({ value: null });
    await batch(target, ["select set_config('app.user_id', 'someone', true)"]);
    expect(await firstRow(target, read)).toEqual({ value: "" });
  });
});

describe("the pool", () => {
  it("serves requests at the same time, and keeps no more than its number open", async () => {
    await restart({ maxIdleConnections: 3 });
    const open = await holdGate();
    const answers = Array.from({ length: 12 }, () => single(target, passGate));
    await until(async () => (await connections()) === 12);
    await open();
    const pids = (await Promise.all(answers)).map(({ result }) => JSON.stringify(result.rows));
    expect(new Set(pids).size).toBe(12);
    await until(async () => (await connections()) <= 3);
    expect(await connections()).toBe(3);
  });

  it("closes what nobody used for a while", async () => {
    await restart({ idleTimeoutMs: 50 });
    const first = await backend();
    await until(async () => (await connections()) === 0);
    expect(await backend()).not.toEqual(first);
  });

  it("does not hand out a connection that PostgreSQL has closed", async () => {
    const first = await firstRow(target, "select pg_backend_pid() as pid");
    await database.sql("select pg_terminate_backend(($1::json ->> 'pid')::int, 5000)", [
      JSON.stringify(first),
    ]);
    expect(await backend()).not.toEqual(first);
  });

  it("makes requests wait when all connections are taken", async () => {
    await restart({ maxConnections: 2 });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => single(target, "select 1 as one from pg_sleep(0.02)")),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
  });

  it("closes another role's idle connection when it has no room for a new one", async () => {
    await restart({ maxConnections: 1 });
    const url = new URL(database.databaseUrl);
    url.pathname = "/cairn";
    for (let i = 0; i < 3; i += 1) {
      expect((await single(target, "select 1")).status).toBe(200);
      expect((await single({ ...target, databaseUrl: url.href }, "select 1")).status).toBe(200);
    }
  });

  it("gives up, as the real proxy does, when no connection becomes free", async () => {
    await restart({ maxConnections: 1, connectTimeoutMs: 2000 });
    const open = await holdGate();
    const slow = single(target, passGate);
    await until(async () => (await connections()) === 1);
    const { status, error } = await single(target, "select 1");
    expect(status).toBe(500);
    expect(error).toEqual(
      proxyError(expect.stringMatching(/^Failed to acquire permit to connect to the database/)),
    );
    await open();
    expect((await slow).status).toBe(200);
  });

  it("is empty after stop", async () => {
    const open = await holdGate();
    const answers = Array.from({ length: 4 }, () => single(target, passGate));
    await until(async () => (await connections()) === 4);
    await open();
    await Promise.all(answers);
    expect(await connections()).toBe(4);
    await endpoint.stop();
    await until(async () => (await connections()) === 0);
    await restart();
  });
});
