import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type TestDatabase, createTestDatabase } from "../helpers/database";
import { batch, firstRow, single } from "../helpers/endpoint-client";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.sql("create table account (name text primary key, amount int not null check (amount >= 0))");
  await database.sql(
    "create table note (account text references account deferrable initially deferred, text text not null)",
  );
});
beforeEach(() => database.sql("truncate account, note"));
afterAll(() => database.drop());

async function names(): Promise<string[]> {
  return (await database.sql<{ name: string }>("select name from account order by name")).map(
    ({ name }) => name,
  );
}

describe("a single statement", () => {
  it("is a transaction of its own, all of it or nothing", async () => {
    const write = "with a as (insert into account values ('a', 1)) insert into account values ('b', $1::int)";
    expect((await single(database, write, ["-1"])).error).toMatchObject({ code: "23514" });
    expect(await names()).toEqual([]);
    expect((await single(database, write, ["1"])).status).toBe(200);
    expect(await names()).toEqual(["a", "b"]);
  });

  it("fails when what is deferred to its end fails", async () => {
    const { status, error } = await single(database, "insert into note values ('nobody', 'x')");
    expect(status).toBe(400);
    expect(error).toMatchObject({ code: "23503", constraint: "note_account_fkey" });
  });

  it("takes no notice of a batch's headers, except that a wrong level is refused", async () => {
    const headers = { "Neon-Batch-Isolation-Level": "Serializable", "Neon-Batch-Read-Only": "true" };
    const answer = await single(
      database,
      "insert into account values (current_setting('transaction_isolation'), 1) returning name",
      [],
      headers,
    );
    expect(answer.result.rows).toEqual([{ name: "read committed" }]);
    expect(answer.headers.has("neon-batch-isolation-level")).toBe(false);
    expect(answer.headers.has("neon-batch-read-only")).toBe(false);
    for (const level of ["serializable", "Snapshot", "RepeatableRead, Serializable"]) {
      const refused = await single(database, "select 1", [], { "Neon-Batch-Isolation-Level": level });
      expect(refused.status).toBe(400);
      expect(refused.error).toMatchObject({ message: "invalid isolation level", code: "" });
    }
  });
});

describe("a batch", () => {
  it("is one transaction, each statement seeing those before it", async () => {
    const { status, results } = await batch(database, [
      { query: "insert into account values ('a', $1::int)", params: ["5"] },
      "update account set amount = amount * 2",
      "select amount, now() = transaction_timestamp() as same from account",
    ]);
    expect(status).toBe(200);
    expect(results.map(({ command, rowCount }) => [command, rowCount])).toEqual([
      ["INSERT", 1],
      ["UPDATE", 1],
      ["SELECT", 1],
    ]);
    expect(results[2]?.rows).toEqual([{ amount: 10, same: true }]);
    const [first, second] = (await batch(database, ["select now()::text", "select now()::text"])).results;
    expect(first?.rows).toEqual(second?.rows);
  });

  it("leaves nothing when one statement fails, and gives that one's error", async () => {
    const { status, error } = await batch(database, [
      "insert into account values ('a', 1)",
      "insert into account values ('b', -1)",
      "insert into account values ('c', 1)",
    ]);
    expect(status).toBe(400);
    expect(error).toMatchObject({ code: "23514", table: "account", constraint: "account_amount_check" });
    expect(await names()).toEqual([]);
  });

  it("fails at its end when what is deferred fails, and leaves nothing", async () => {
    const { status, error } = await batch(database, [
      "insert into account values ('a', 1)",
      "insert into note values ('nobody', 'x')",
    ]);
    expect(status).toBe(400);
    expect(error).toMatchObject({ code: "23503" });
    expect(await names()).toEqual([]);
  });

  it("may have no statement at all", async () => {
    const { status, text } = await batch(database, []);
    expect([status, text]).toEqual([200, '{"results":[]}']);
  });

  it.each([
    ["Serializable", "serializable"],
    ["RepeatableRead", "repeatable read"],
    ["ReadCommitted", "read committed"],
    ["ReadUncommitted", "read uncommitted"],
  ])("runs at the isolation level %s and says so", async (header, level) => {
    const answer = await batch(database, ["show transaction_isolation"], {
      "Neon-Batch-Isolation-Level": header,
    });
    expect(answer.results[0]?.rows).toEqual([{ transaction_isolation: level }]);
    expect(answer.headers.get("neon-batch-isolation-level")).toBe(header);
  });

  it("runs at the role's own level, read-write, when nothing is said", async () => {
    const answer = await batch(database, [
      "select current_setting('transaction_isolation') as i, current_setting('transaction_read_only') as r, current_setting('transaction_deferrable') as d",
    ]);
    expect(answer.results[0]?.rows).toEqual([{ i: "read committed", r: "off", d: "off" }]);
    const echoed = ["isolation-level", "read-only", "deferrable"].filter((name) =>
      answer.headers.has(`neon-batch-${name}`),
    );
    expect(echoed).toEqual([]);
  });

  it("writes nothing when it is read-only", async () => {
    const headers = { "Neon-Batch-Read-Only": "true" };
    const answer = await batch(database, ["select 1"], headers);
    expect(answer.headers.get("neon-batch-read-only")).toBe("true");
    const { status, error } = await batch(database, ["insert into account values ('a', 1)"], headers);
    expect(status).toBe(400);
    expect(error).toMatchObject({ code: "25006" });
  });

  it("may be deferrable, serializable and read-only at once", async () => {
    const answer = await batch(
      database,
      [
        "select current_setting('transaction_isolation') as i, current_setting('transaction_read_only') as r, current_setting('transaction_deferrable') as d",
      ],
      {
        "Neon-Batch-Isolation-Level": "Serializable",
        "Neon-Batch-Read-Only": "true",
        "Neon-Batch-Deferrable": "true",
      },
    );
    expect(answer.results[0]?.rows).toEqual([{ i: "serializable", r: "on", d: "on" }]);
    expect(answer.headers.get("neon-batch-deferrable")).toBe("true");
  });

  it("that loses against a concurrent one is told 40001, and leaves nothing", async () => {
    await database.sql("insert into account values ('x', 10), ('y', 10)");
    // Each reads both accounts, waits until the other has read too, and empties one: together they break the rule.
    const gate = 97;
    await database.sql("select pg_advisory_lock($1)", [gate]);
    const withdrawals = ["x", "y"].map((name) =>
      batch(
        database,
        [
          "select sum(amount) from account",
          `select pg_advisory_xact_lock_shared(${gate})`,
          { query: "update account set amount = 0 where name = $1", params: [name] },
        ],
        { "Neon-Batch-Isolation-Level": "Serializable" },
      ),
    );
    const waiting =
      "select count(*)::int from pg_locks where locktype = 'advisory' and objid = $1 and not granted";
    for (let count = 0; count < 2;) {
      count = (await database.sql<{ count: number }>(waiting, [gate]))[0]?.count ?? 0;
    }
    await database.sql("select pg_advisory_unlock($1)", [gate]);
    const answers = await Promise.all(withdrawals);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400]);
    expect(answers.find(({ status }) => status === 400)?.error.code).toBe("40001");
    expect(await database.sql("select sum(amount)::int from account")).toEqual([{ sum: 10 }]);
  });

  it("with a ROLLBACK of its own loses its atomicity, as with the real proxy", async () => {
    const { status } = await batch(database, [
      "insert into account values ('before', 1)",
      "rollback",
      "insert into account values ('after', 1)",
    ]);
    expect(status).toBe(200);
    expect(await names()).toEqual(["after"]);
    expect(await firstRow(database, "select 1 as one")).toEqual({ one: 1 });
  });
});
