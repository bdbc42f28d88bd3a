import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { hermeticEnvironment } from "@/scripts/commands/environment";
import { LIMITS, type Limits } from "@/scripts/doctor/check";
import { diagnose } from "@/scripts/doctor/diagnose";
import { report } from "@/scripts/doctor/report";
import { seedDemo } from "@/scripts/seed/demo";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { everyRow } from "../helpers/every-row";
import { runScript } from "../helpers/run-script";

/** What the server for the tests always has: vacuum runs when a test means it to. */
const AUTOVACUUM_OFF =
  "the server: Autovacuum, or what it goes by, is off: set autovacuum and track_counts to on.";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await seedDemo({ url: database.unpooledUrl });
});
afterAll(() => database.drop());

/** What one check says now, with other limits than usual. */
async function ask(check: string, limits: Partial<Limits> = {}) {
  // Counted at once, not in a second.
  await database.sql("select pg_stat_force_next_flush()");
  const all = await diagnose(database.unpooledUrl, { ...LIMITS, ...limits });
  const one = all.find((candidate) => candidate.check === check);
  if (one === undefined) throw new Error(`There is no check ${check}`);
  return { ...one, findings: one.findings.map(({ subject, advice }) => `${subject}: ${advice}`) };
}

async function connect(url = database.unpooledUrl): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  return client;
}

function superuser(): Promise<Client> {
  const url = new URL(inject("server").superuserUrl);
  url.pathname = `/${database.name}`;
  return connect(url.href);
}

async function backendOf(client: Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  return rows[0]?.pid ?? 0;
}

/** A table of so many rows that is read so often, whole or by its key. */
async function makeTable(name: string, rows: number): Promise<void> {
  await database.sql(`create table ${name} (id int primary key, number int, words text)`);
  await database.sql(
    `insert into ${name} select n, n % 100, 'word ' || n from generate_series(1, ${rows}) n`,
  );
  await database.sql(`vacuum analyze ${name}`);
}
const read = (count: number, query: string) =>
  database.sql(`do $$ begin for i in 1..${count} loop perform ${query}; end loop; end $$`);

function bareKey(columns: string): string {
  return `children: Deleting a row of parents reads all of it: create index concurrently on children (${columns}).`;
}

function targeting(url: string) {
  return hermeticEnvironment(process.env, { DATABASE_URL_UNPOOLED: url });
}

describe("the doctor", () => {
  it("has nothing to say of the demo's data, and changes nothing", async () => {
    const before = await everyRow(database);
    const all = await diagnose(database.unpooledUrl);
    expect(all.flatMap(({ findings }) => findings.map((one) => `${one.subject}: ${one.advice}`))).toEqual([
      AUTOVACUUM_OFF,
    ]);
    const refused = all.flatMap(({ notes = [] }) => notes).filter((note) => note.includes("looked at"));
    expect(refused).toEqual([]);
    expect(await everyRow(database)).toEqual(before);
  });

  it("finds a big table that is read whole, and not one that is read by its key, or small", async () => {
    await makeTable("scanned", 10_000);
    await makeTable("keyed", 10_000);
    await makeTable("little", 100);
    await read(25, "count(*) from scanned where words = 'x'");
    await read(25, "count(*) from little where words = 'x'");
    await read(5, "count(*) from keyed where words = 'x'");
    await read(500, "from keyed where id = i");
    const { findings, rows } = await ask("sequential_scans");
    expect(findings).toEqual([expect.stringMatching(/^scanned: It was read whole \d+ times;/)]);
    expect(rows.map((row) => row.table)).toEqual(["scanned", "keyed"]);
  });

  it("finds an index that nothing reads, once the statistics are old enough to say so", async () => {
    await makeTable("indexed", 2_000);
    await database.sql("create index indexed_number on indexed (number)");
    await database.sql("create index indexed_words on indexed (words)");
    await database.sql("create unique index indexed_unique on indexed (number, id)");
    const early = await ask("unused_indexes");
    expect(early.findings.filter((finding) => finding.startsWith("indexed"))).toEqual([]);
    expect(early.notes).toEqual([expect.stringContaining("say nothing about their indexes yet")]);

    await read(1_000, "from indexed where words = 'word ' || i");
    const late = await ask("unused_indexes");
    expect(late.findings.filter((finding) => finding.startsWith("indexed"))).toEqual([
      expect.stringMatching(
        /^indexed_number: indexed was read \d+ times without it: drop index concurrently/,
      ),
    ]);

    const client = await superuser();
    await client.query("select pg_stat_reset()");
    await client.end();
    await read(1_000, "from indexed where words = 'word ' || i");
    const young = await ask("unused_indexes");
    expect(young.findings).toEqual([]);
    expect(young.notes).toEqual([expect.stringContaining("younger than 7 days")]);
    await database.sql("drop table indexed");
  });

  it("finds indexes that are there twice or begin another one, and only those", async () => {
    await makeTable("doubled", 10);
    for (const sql of [
      "create index doubled_one on doubled (number)",
      "create index doubled_two on doubled (number)",
      "create index doubled_longer on doubled (number, words)",
      // Each of these can do what none of the others can.
      "create index doubled_down on doubled (number desc nulls last, id)",
      "create index doubled_some on doubled (number) where number > 5",
      "create index doubled_with on doubled (number) include (id)",
      "create unique index doubled_unique on doubled (number, id)",
      "create index doubled_pattern on doubled (words text_pattern_ops)",
      "create index doubled_words on doubled (words)",
      "create index doubled_lower on doubled (lower(words))",
    ]) {
      await database.sql(sql);
    }
    const { findings } = await ask("redundant_indexes");
    expect(findings.map((finding) => finding.split(":")[0])).toEqual([
      "doubled_one",
      "doubled_two",
      // The unique one holds the id as well.
      "doubled_with",
    ]);
    await database.sql("drop table doubled");
  });

  it("finds foreign keys that no index serves", async () => {
    await database.sql("create table parents (id int primary key, team int, unique (team, id))");
    await database.sql(
      `create table children (
         bare int references parents, partly int references parents, served int references parents,
         team int, parent int, foreign key (team, parent) references parents (team, id))`,
    );
    await database.sql("create index children_partly on children (partly) where partly > 5");
    await database.sql("create index children_served on children (served, bare)");
    expect((await ask("foreign_keys")).findings.toSorted()).toEqual(
      [bareKey("bare"), bareKey("partly"), bareKey("team, parent")].toSorted(),
    );
    // The team alone would read everybody's; the parent alone names one row.
    await database.sql("create index children_team on children (team)");
    expect((await ask("foreign_keys")).findings).toContain(bareKey("team, parent"));
    await database.sql("create index children_parent on children (parent)");
    expect((await ask("foreign_keys")).findings).not.toContain(bareKey("team, parent"));
    await database.sql("drop table children, parents");
  });

  it("finds an index that was not built whole", async () => {
    await makeTable("broken", 100);
    await expect(
      database.sql("create unique index concurrently broken_number on broken ((number % 10))"),
    ).rejects.toThrow("could not create unique index");
    expect((await ask("invalid_indexes")).findings).toEqual([
      "broken_number: Writes pay for it and nothing reads it: reindex index concurrently broken_number, or drop it.",
    ]);
    await database.sql("drop table broken");
  });

  it("tells a table's size apart: rows, indexes, and what is kept outside of them", async () => {
    await database.sql("create table wide (id int primary key, words text)");
    await database.sql("alter table wide alter words set storage external");
    await database.sql("insert into wide select n, repeat('word ', 2000) from generate_series(1, 500) n");
    await database.sql("vacuum analyze wide");
    const { rows } = await ask("sizes");
    const wide = rows.find((row) => row.table === "wide");
    expect(wide).toMatchObject({ rows: 500 });
    expect(Number(wide?.toast)).toBeGreaterThan(4);
    expect(Number(wide?.heap)).toBeLessThan(1);
    await database.sql("drop table wide");
  });

  it("finds dead rows that autovacuum leaves, tables that it may not clean, and ones never analyzed", async () => {
    await makeTable("dying", 1_000);
    await database.sql("update dying set number = number + 1");
    await database.sql("create table kept (id int) with (autovacuum_enabled = false)");
    await database.sql("create table guessed as select n from generate_series(1, 2000) n");
    const { findings } = await ask("vacuum");
    expect(findings).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^dying: It has 1000 dead rows, and autovacuum should have come at 250:/),
        "kept: Autovacuum is off for it: alter table … reset (autovacuum_enabled).",
        "guessed: Nobody has analyzed it, so its plans are guesses: analyze it.",
        AUTOVACUUM_OFF,
      ]),
    );
    await database.sql("vacuum analyze dying");
    await database.sql("analyze guessed");
    await database.sql("drop table kept");
    expect((await ask("vacuum")).findings).toEqual([AUTOVACUUM_OFF]);
  });

  it("finds old transaction ids, and too few pages in memory, by their limits", async () => {
    expect((await ask("transaction_ids")).findings).toEqual([]);
    expect((await ask("transaction_ids", { frozenAge: 0 })).findings[0]).toMatch(
      /^transactions: They are \d+ old/,
    );
    expect((await ask("cache_hit_ratio")).findings).toEqual([]);
    const poor = await ask("cache_hit_ratio", { pagesRead: 0, cacheHitRatio: 1.1 });
    expect(poor.findings).toEqual([expect.stringMatching(/^the server: Only \d+ % of the pages/)]);
  });

  it("finds who is idle in a transaction, who waits for them, and who takes long", async () => {
    const [idle, waiting, busy] = [await connect(), await connect(), await connect()];
    try {
      const [idlePid, waitingPid, busyPid] = [
        await backendOf(idle),
        await backendOf(waiting),
        await backendOf(busy),
      ];
      await idle.query("begin; lock table tags in share mode");
      const others = [
        waiting.query("/* test.wait */ update tags set name = 'a secret'").catch(() => undefined),
        busy.query("select pg_sleep(60)").catch(() => undefined),
      ];
      const limits = { idleInTransactionSeconds: 0, lockWaitSeconds: 0, transactionSeconds: 0 };
      await expect
        .poll(async () => (await ask("transactions", limits)).findings.toSorted())
        .toEqual(
          [
            `process ${idlePid}: It has been idle in a transaction for`,
            `process ${waitingPid}: It has waited`,
            `process ${busyPid}: Its transaction has run for`,
          ]
            .map((text) => expect.stringContaining(text))
            .toSorted((a, b) => (String(a) < String(b) ? -1 : 1)),
        );
      const { findings, rows } = await ask("transactions", limits);
      expect(findings.join()).toContain(`for a lock of process ${idlePid}`);
      expect(rows).toContainEqual(expect.objectContaining({ pid: waitingPid, statement: "test.wait" }));
      expect(JSON.stringify(rows)).not.toContain("a secret");
      expect((await ask("transactions")).findings).toEqual([]);
      await database.sql("select pg_terminate_backend(pid) from unnest($1::int[]) pid", [
        [idlePid, waitingPid, busyPid],
      ]);
      await Promise.all(others);
    } finally {
      for (const client of [idle, waiting, busy]) await client.end();
    }
  });

  it("finds slow statements by their names, and says how to count them where nobody does", async () => {
    const client = await superuser();
    await client.query("drop extension if exists pg_stat_statements");
    expect((await ask("slowest_statements")).notes).toEqual([
      expect.stringContaining("create extension pg_stat_statements"),
    ]);
    await client.query("create extension pg_stat_statements");
    await client.query("select pg_stat_statements_reset()");
    for (let time = 0; time < 10; time += 1) {
      await database.sql("/* todos.slowly */ select pg_sleep($1)", ["0.03"]);
    }
    await client.query("create role doctor_test password 'a secret'");
    await client.query("drop role doctor_test");
    const { rows, findings } = await ask("slowest_statements", { slowMs: 25 });
    expect(findings).toEqual([
      expect.stringMatching(/^todos\.slowly: It took [\d.]+ ms on average, 10 times:/),
    ]);
    expect(JSON.stringify(rows)).not.toContain("secret");
    expect(rows.map((row) => row.statement)).toContain("CREATE (no name)");
    expect((await ask("slowest_statements")).findings).toEqual([]);
    await client.end();
  });
});

describe("report", () => {
  it("shows a table for each check, with what to do", () => {
    const text = report([
      {
        check: "sizes",
        title: "Sizes",
        rows: [
          { table: "todos", rows: 1_000_000 },
          { table: "tags", rows: 5 },
        ],
        findings: [{ subject: "todos", advice: "Do it." }],
        notes: ["Something else."],
      },
    ]);
    expect(text.split("\n")).toEqual([
      "✗ Sizes",
      "  table       rows",
      "  todos  1,000,000",
      "  tags           5",
      "  Something else.",
      "  → todos: Do it.",
      "",
      "1 thing needs a hand: see the arrows.",
    ]);
  });
});

describe("pnpm db:doctor", { timeout: 60_000 }, () => {
  it("exits with 1 when something needs a hand, and with 2 when it cannot look", async () => {
    const [text, json, lost] = await Promise.all([
      runScript("doctor", [], targeting(database.unpooledUrl)),
      runScript("doctor", ["--json"], targeting(database.unpooledUrl)),
      runScript("doctor", [], targeting("postgres://owner:secret@127.0.0.1:1/cairn")),
    ]);
    expect(text.code).toBe(1);
    expect(text.output).toContain(`→ ${AUTOVACUUM_OFF}`);
    expect(json.code).toBe(1);
    const all: { check: string }[] = JSON.parse(json.output);
    expect(all.map(({ check }) => check)).toContain("foreign_keys");
    expect(lost.code).toBe(2);
    expect(lost.output).toMatch(/^Could not connect to the database cairn at 127\.0\.0\.1:1/);
  });
});
