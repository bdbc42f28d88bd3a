import { NeonDbError, neon, neonConfig } from "@neondatabase/serverless";
import { asc, eq, sql as fragment } from "drizzle-orm";
import { drizzle } from "drizzle-orm/neon-http";
import { integer, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CountingProxy, startCountingProxy } from "../helpers/counting-proxy";
import { type TestDatabase, createTestDatabase } from "../helpers/database";
import { startTestEndpoint } from "../helpers/endpoint-client";

const notes = pgTable("notes", {
  id: integer().primaryKey(),
  title: text().notNull(),
  labels: text().array().notNull(),
  data: jsonb(),
  writtenAt: timestamp("written_at", { withTimezone: true, mode: "string" }).notNull(),
});

let database: TestDatabase;
let proxy: CountingProxy;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.sql(
    "create table notes (id int primary key, title text not null, labels text[] not null, data jsonb, written_at timestamptz not null)",
  );
  proxy = await startCountingProxy(database.endpoint);
  neonConfig.fetchEndpoint = () => proxy.url;
});
afterAll(async () => {
  await proxy.stop();
  await database.drop();
});

async function failure(work: PromiseLike<unknown>): Promise<NeonDbError> {
  const error: unknown = await Promise.resolve(work).catch((e: unknown) => e);
  if (!(error instanceof NeonDbError))
    throw new Error("The driver did not throw a NeonDbError.", { cause: error });
  return error;
}

describe("the Neon driver", () => {
  it("sends a template's values as parameters and gives typed rows", async () => {
    const sql = neon(database.databaseUrl);
    const [row] =
      await sql`select ${1}::int as int, ${"it's"} as text, ${null}::text as nothing, ${true}::bool as bool,
      ${{ a: [1] }}::jsonb as json, ${["x", 'y"']}::text[] as list, ${new Date("2026-02-28T12:00:00Z")}::timestamptz as at,
      ${Buffer.from("ab")}::bytea as bytes, ${12345678901234567890n}::numeric as big, 9007199254740993 as int8`;
    expect(row).toEqual({
      int: 1,
      text: "it's",
      nothing: null,
      bool: true,
      json: { a: [1] },
      list: ["x", 'y"'],
      at: new Date("2026-02-28T12:00:00Z"),
      bytes: Buffer.from("ab"),
      big: "12345678901234567890",
      int8: "9007199254740993",
    });
  });

  it("gets full results and arrays when it asks for them", async () => {
    const sql = neon(database.databaseUrl, { fullResults: true, arrayMode: true });
    const result = await sql.query("select $1::int as a, 'x' as b", [7]);
    expect(result).toMatchObject({ rows: [[7, "x"]], command: "SELECT", rowCount: 1, rowAsArray: true });
    expect(result.fields.map(({ name, dataTypeID }) => [name, dataTypeID])).toEqual([
      ["a", 23],
      ["b", 25],
    ]);
  });

  it("runs a transaction as one request, with its options", async () => {
    const sql = neon(database.databaseUrl);
    proxy.reset();
    const results = await sql.transaction(
      [
        sql`select current_setting('transaction_isolation') as i`,
        sql`select current_setting('transaction_read_only') as r`,
      ],
      { isolationLevel: "RepeatableRead", readOnly: true },
    );
    expect(results).toEqual([[{ i: "repeatable read" }], [{ r: "on" }]]);
    expect(proxy.requests).toHaveLength(1);
    expect(proxy.requests[0]?.headers).toMatchObject({
      "neon-raw-text-output": "true",
      "neon-array-mode": "true",
      "neon-batch-isolation-level": "RepeatableRead",
      "neon-batch-read-only": "true",
    });
  });

  it("throws PostgreSQL's errors with all their fields", async () => {
    const sql = neon(database.databaseUrl);
    await sql`insert into notes values (1, 't', '{}', null, now())`;
    const error = await failure(sql`insert into notes values (1, 't', '{}', null, now())`);
    expect(error).toMatchObject({
      code: "23505",
      constraint: "notes_pkey",
      table: "notes",
      severity: "ERROR",
    });
    expect(error.message).toBe('duplicate key value violates unique constraint "notes_pkey"');
  });

  it("logs in as another role with the same address", async () => {
    const sql = neon(database.databaseUrl, {});
    const wrong = await failure(sql.query("select 1", [], { password: "wrong" }));
    expect(wrong.message).toBe("password authentication failed for user 'cairn_owner'");
  });

  it("tells a lost server and an answer that is too large from PostgreSQL's own errors", async () => {
    const small = await startTestEndpoint({ maxResponseBytes: 100 });
    neonConfig.fetchEndpoint = () => small.url;
    const sql = neon(database.databaseUrl);
    const large = await failure(sql`select repeat('x', 200)`);
    expect(large.message).toMatch(
      /^Server error \(HTTP status 507\): .*response is too large \(max is 100 bytes\)/,
    );
    expect(large.code).toBeUndefined();
    await small.stop();
    const lost = await failure(sql`select 1`);
    expect(lost.message).toMatch(/^Error connecting to database: /);
    neonConfig.fetchEndpoint = () => proxy.url;
  });

  it("cancels by an abort signal", async () => {
    const sql = neon(database.databaseUrl, { fetchOptions: { signal: AbortSignal.timeout(50) } });
    const error = await failure(sql`select pg_sleep(600)`);
    expect(error.message).toMatch(/^Error connecting to database: .*timeout/);
  });
});

describe("Drizzle over it", () => {
  const written = {
    labels: ["a b", 'c"d'],
    data: { deep: [1, null] },
    writtenAt: "2026-02-28 12:00:00.123456+00",
  };

  it("runs a batch as one request and maps every result", async () => {
    const db = drizzle(neon(database.databaseUrl));
    proxy.reset();
    const [inserted, updated, rows, raw] = await db.batch([
      db
        .insert(notes)
        .values({ id: 10, title: "ten", ...written })
        .returning({ id: notes.id }),
      db.update(notes).set({ title: "TEN" }).where(eq(notes.id, 10)),
      db.select().from(notes).where(eq(notes.id, 10)).orderBy(asc(notes.id)),
      db.execute(fragment`select count(*) as count from notes where id = ${10}`),
    ]);
    expect(inserted).toEqual([{ id: 10 }]);
    expect(updated.rowCount).toBe(1);
    expect(rows).toEqual([{ id: 10, title: "TEN", ...written }]);
    expect(raw.rows).toEqual([{ count: "1" }]);
    expect(proxy.requests).toHaveLength(1);
    expect(proxy.requests[0]?.body).toMatchObject({ queries: [{}, {}, {}, {}] });
  });

  it("rolls all of a batch back when one statement fails", async () => {
    const db = drizzle(neon(database.databaseUrl));
    const error = await failure(
      db.batch([
        db.insert(notes).values({ id: 20, title: "twenty", ...written }),
        db.insert(notes).values({ id: 20, title: "again", ...written }),
      ]),
    );
    expect(error.code).toBe("23505");
    expect(await db.select({ id: notes.id }).from(notes).where(eq(notes.id, 20))).toEqual([]);
  });

  it("runs a batch at the level that its client asks for", async () => {
    const db = drizzle(neon(database.databaseUrl, { isolationLevel: "Serializable" }));
    const [level] = await db.batch([db.execute(fragment`show transaction_isolation`)]);
    expect(level.rows).toEqual([{ transaction_isolation: "serializable" }]);
  });
});
