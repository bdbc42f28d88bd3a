import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConnectionError } from "@/scripts/connection";
import { MigrationError } from "@/scripts/migrate/migration-error";
import { migrateDown, migrateUp, migrationStatus } from "@/scripts/migrate/runner";
import { type BlankDatabase, createBlankDatabase } from "../helpers/blank-database";
import { type MigrationsFolder, createMigrationsFolder } from "../helpers/migrations-folder";

const BREAKPOINT = "\n--> statement-breakpoint\n";

let database: BlankDatabase;
let files: MigrationsFolder;
let told: string[];

beforeEach(async () => {
  database = await createBlankDatabase();
  files = createMigrationsFolder();
  told = [];
});
afterEach(async () => {
  files.erase();
  await database.drop();
});

const options = () => ({
  url: database.url,
  folder: files.path,
  log: (message: string) => void told.push(message),
});
const up = () => migrateUp(options());
const down = (steps: number) => migrateDown({ ...options(), steps });
const tables = async () =>
  (
    await database.sql<{ name: string }>(
      "select tablename as name from pg_tables where schemaname = 'public' order by 1",
    )
  ).map((row) => row.name);
const recorded = async () =>
  (await database.sql<{ name: string }>("select name from migrations.applied order by position")).map(
    (row) => row.name,
  );
const states = async () => (await migrationStatus(options())).map(({ name, state }) => `${name} ${state}`);

/** What a refusal says. Fails when there is none, or when it is a bug and not a sentence for a person. */
async function refusal(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(MigrationError);
  return error instanceof Error ? error.message : "";
}

/** What is said when there is no way to a database. */
async function unreachable(url: string): Promise<string> {
  const error: unknown = await migrateUp({ url, folder: files.path }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConnectionError);
  return error instanceof Error ? error.message : "";
}

describe("up", () => {
  it("applies what is new, in the journal's order, and nothing twice", async () => {
    files.add("0000_one", "create table one (id int)", { down: "drop table one" });
    files.add("0001_two", `create table two (id int);${BREAKPOINT}insert into two values (1);`);
    expect(await up()).toEqual(["0000_one", "0001_two"]);
    expect(await up()).toEqual([]);
    expect(told.at(-1)).toBe("Nothing to apply: all 2 migrations are in place.");
    files.add("0002_three", "insert into two values (2)");
    expect(await up()).toEqual(["0002_three"]);
    expect(await database.sql("select id from two order by id")).toEqual([{ id: 1 }, { id: 2 }]);
  });

  it("takes a file whole or not at all, keeps the files before it, and says which file, line and error", async () => {
    files.add("0000_good", "create table good (id int)");
    files.add(
      "0001_bad",
      `-- Ünïcode 🪨 before the mistake\ncreate table half (id int, name text);${BREAKPOINT}-- why\n\ninsert into half\n  values (1, 'é'),\n  (2, nope);`,
    );
    files.add("0002_never", "create table never (id int)");
    const message = await refusal(up());
    expect(message).toMatch(/^0001_bad\.sql, line 8: column "nope" does not exist \(42703\)\./);
    expect(message).toContain("Nothing of this file is in place; what came before it is.");
    expect(await tables()).toEqual(["good"]);
    expect(await recorded()).toEqual(["0000_good"]);

    files.write("0001_bad.sql", "create table mended (id int)");
    expect(await up()).toEqual(["0001_bad", "0002_never"]);
  });

  it("names the line of a statement that fails without a position, and of a mistake inside a function", async () => {
    files.add(
      "0000_check",
      `create table t (id int check (id > 0));${BREAKPOINT}\n-- comment\ninsert into t values (-1);`,
    );
    expect(await refusal(up())).toMatch(/^0000_check\.sql, line 5: new row for relation "t" violates/);
    files.write(
      "0000_check.sql",
      "select 1;\n--> statement-breakpoint\ncreate function f() returns int language sql as $$\n  select 1;\n  select wrong;\n$$;",
    );
    expect(await refusal(up())).toMatch(/^0000_check\.sql, line 5: column "wrong" does not exist/);
  });

  it("shows no row's content in an error, and adds PostgreSQL's hint", async () => {
    files.add(
      "0000_secret",
      "create table t (hash text check (hash = '')); insert into t values ('topsecret')",
    );
    expect(await refusal(up())).not.toContain("topsecret");
    files.write("0000_secret.sql", "create table t (title text); select titel from t");
    expect(await refusal(up())).toContain('Perhaps you meant to reference the column "t.title".');
  });

  it("undoes a file that fails at its commit", async () => {
    files.add(
      "0000_deferred",
      `create table a (id int primary key);
       create table b (a_id int references a deferrable initially deferred);
       insert into b values (1);`,
    );
    expect(await refusal(up())).toMatch(/^0000_deferred\.sql: .*violates foreign key constraint/);
    expect(await tables()).toEqual([]);
    expect(await recorded()).toEqual([]);
  });

  it("refuses a file that ends its own transaction", async () => {
    files.add("0000_commit", "create table t (id int); commit; create table u (id int)");
    expect(await refusal(up())).toMatch(/^0000_commit\.sql, line 1: it ends the transaction/);
    expect(await recorded()).toEqual([]);
  });

  it("refuses a file that was edited after it had been applied, by its name, and applies nothing", async () => {
    files.add("0000_one", "create table one (id int)");
    files.add("0001_two", "create table two (id int)");
    await up();
    files.write("0001_two.sql", "create table two (id int, more text)");
    files.add("0002_three", "create table three (id int)");
    expect(await refusal(up())).toMatch(
      /^0001_two\.sql was edited after it had been applied, so nothing was done\./,
    );
    expect(await tables()).toEqual(["one", "two"]);
    expect(await states()).toEqual(["0000_one applied", "0001_two edited", "0002_three pending"]);
  });

  it("does not take other line ends or a byte order mark for an edit", async () => {
    const text = `create table one (id int);${BREAKPOINT}create table two (id int);\n`;
    files.add("0000_one", text);
    await up();
    files.write("0000_one.sql", `\uFEFF${text.replaceAll("\n", "\r\n")}`);
    expect(await up()).toEqual([]);
    expect(await states()).toEqual(["0000_one applied"]);
  });

  it("applies a file that came in before others, and says so", async () => {
    files.add("0000_one", "create table one (id int)");
    files.add("0002_three", "create table three (id int)");
    await up();
    files.add("0001_two", "create table two (id int)", { before: "0002_three" });
    expect(await up()).toEqual(["0001_two"]);
    expect(told).toContain("0001_two.sql stands before some that were applied already; it is applied now.");
    expect(await recorded()).toEqual(["0000_one", "0002_three", "0001_two"]);
  });

  it("leaves alone what a newer version applied, and says so", async () => {
    files.add("0000_one", "create table one (id int)");
    files.add("0001_newer", "create table newer (id int)");
    await up();
    files.remove("0001_newer");
    expect(await up()).toEqual([]);
    expect(told).toContain("The database has 0001_newer, which this version does not know; it stays.");
    expect(await states()).toEqual(["0000_one applied", "0001_newer unknown"]);
  });

  it("refuses a file that was applied under another name", async () => {
    files.add("0000_one", "create table one (id int)");
    await up();
    files.remove("0000_one");
    files.add("0000_uno", "create table one (id int)");
    expect(await refusal(up())).toMatch(/^0000_uno\.sql was applied under the name 0000_one\.sql/);
  });

  it("refuses a folder whose journal and files do not agree", async () => {
    files.add("0000_one", "create table one (id int)");
    files.write("0001_stray.sql", "create table stray (id int)");
    expect(await refusal(up())).toMatch(/^0001_stray\.sql is not in meta\/_journal\.json/);
    files.write(
      "meta/_journal.json",
      JSON.stringify({ entries: [{ tag: "0000_gone" }, { tag: "0001_stray" }] }),
    );
    expect(await refusal(up())).toMatch(/0000_one\.sql is not in/);
    files.write(
      "meta/_journal.json",
      '{"entries": [{"tag": "0000_one"}, {"tag": "0001_stray"}, {"tag": "0002_gone"}]}',
    );
    expect(await refusal(up())).toContain("names 0002_gone.sql, but there is no such file");
    files.write(
      "meta/_journal.json",
      '{"entries": [{"tag": "0000_one"}, {"tag": "0001_stray"}, {"tag": "0000_one"}]}',
    );
    expect(await refusal(up())).toContain("names 0000_one twice");
    files.write("meta/_journal.json", "{");
    expect(await refusal(up())).toContain("cannot be read");
    expect(await tables()).toEqual([]);
  });

  it("makes things in the schema public, whatever the role's search path", async () => {
    files.add("0000_one", "create table one (id int)");
    await database.sql("create schema elsewhere");
    const url = new URL(database.url);
    url.searchParams.set("options", "-c search_path=elsewhere");
    await migrateUp({ ...options(), url: url.href });
    expect(await tables()).toEqual(["one"]);
  });
});

describe("a file marked -- no-transaction", () => {
  const CONCURRENTLY = `-- An index that is made while people work.\n-- no-transaction\ncreate index concurrently t_id on t (id);`;

  it("runs what can not run in a transaction", async () => {
    files.add("0000_table", "create table t (id int)");
    files.add("0001_index", CONCURRENTLY, { down: "-- no-transaction\ndrop index concurrently t_id" });
    expect(await up()).toEqual(["0000_table", "0001_index"]);
    expect(await database.sql("select indexname from pg_indexes where schemaname = 'public'")).toEqual([
      { indexname: "t_id" },
    ]);
    expect(await down(1)).toEqual(["0001_index"]);
    expect(await database.sql("select from pg_indexes where schemaname = 'public'")).toEqual([]);
  });

  it("does not wait for ever for a runner that waits for it", async () => {
    files.add("0000_table", "create table t (id int)");
    files.add("0001_index", CONCURRENTLY);
    const applied = await Promise.all([up(), up(), up()]);
    expect(applied.flat().toSorted()).toEqual(["0000_table", "0001_index"]);
  });

  it("is not recorded when it fails, and the message says what is left in place", async () => {
    files.add("0000_table", "create table t (id int); insert into t values (1), (1)");
    files.add(
      "0001_index",
      `-- no-transaction\ncreate table first (id int);${BREAKPOINT}create unique index concurrently t_id on t (id);`,
    );
    const message = await refusal(up());
    expect(message).toMatch(/^0001_index\.sql, line 4: could not create unique index "t_id" \(23505\)/);
    expect(message).toContain("its statements before this one are in place");
    expect(await recorded()).toEqual(["0000_table"]);
    expect(await tables()).toEqual(["first", "t"]);
  });

  it("is told by a comment before the first statement only", async () => {
    files.add("0000_late", "create table t (id int);\n-- no-transaction\nselect nope;");
    expect(await refusal(up())).toContain("Nothing of this file is in place");
    expect(await tables()).toEqual([]);
  });
});

describe("down", () => {
  beforeEach(() => {
    files.add("0000_one", "create table one (id int)", { down: "drop table one" });
    files.add("0001_two", "create table two (id int)", { down: "drop table two" });
    files.add("0002_three", "create table three (id int)", { down: "drop table three" });
  });

  it("rolls back the newest first, as many as asked for, at most all", async () => {
    await up();
    expect(await down(1)).toEqual(["0002_three"]);
    expect(await tables()).toEqual(["one", "two"]);
    expect(await down(99)).toEqual(["0001_two", "0000_one"]);
    expect(await tables()).toEqual([]);
    expect(await down(1)).toEqual([]);
    expect(told.at(-1)).toBe("Nothing to roll back: no migration is in place.");
    expect(await up()).toEqual(["0000_one", "0001_two", "0002_three"]);
  });

  it("has nothing to do on a database that was never migrated, and leaves it untouched", async () => {
    expect(await down(1)).toEqual([]);
    expect(await database.sql("select from pg_namespace where nspname = 'migrations'")).toEqual([]);
  });

  it("goes back in the order of applying, not of names", async () => {
    files.remove("0001_two");
    await up();
    files.add("0001_two", "create table two (id int)", { before: "0002_three", down: "drop table two" });
    await up();
    expect(await down(1)).toEqual(["0001_two"]);
  });

  it("refuses before anything ran when a rollback file is missing", async () => {
    files.add("0003_four", "create table four (id int)");
    files.add("0004_five", "create table five (id int)", { down: "drop table five" });
    await up();
    expect(await refusal(down(2))).toBe("There is no rollback/0003_four.sql, so nothing was rolled back.");
    expect(await tables()).toEqual(["five", "four", "one", "three", "two"]);
    expect(await down(1)).toEqual(["0004_five"]);
  });

  it("keeps what is before a rollback that fails, and names its file, line and error", async () => {
    files.write("rollback/0001_two.sql", "drop table two;\ndrop table missing;");
    await up();
    expect(await refusal(down(3))).toMatch(
      /^rollback\/0001_two\.sql, line \d: table "missing" does not exist/,
    );
    expect(await recorded()).toEqual(["0000_one", "0001_two"]);
    expect(await tables()).toEqual(["one", "two"]);
  });
});

describe("the lock", () => {
  const LOCK = "hashtextextended('cairn.migrations', 0)";

  it("makes a second runner wait, and say so, until the first has ended", async () => {
    files.add("0000_one", "create table one (id int)");
    await database.sql(`select pg_advisory_lock(${LOCK})`);
    const waiting = up();
    await expect
      .poll(() => told)
      .toContain("Another migration is running on this database; waiting for it …");
    expect(await tables()).toEqual([]);
    await database.sql(`select pg_advisory_unlock(${LOCK})`);
    expect(await waiting).toEqual(["0000_one"]);
  });

  it("is given up on after a while, with nothing done", async () => {
    files.add("0000_one", "create table one (id int)", { down: "drop table one" });
    await database.sql(`select pg_advisory_lock(${LOCK})`);
    expect(await refusal(migrateUp({ ...options(), lockWaitMs: 300 }))).toMatch(
      /^Another migration has been running/,
    );
    expect(await refusal(migrateDown({ ...options(), lockWaitMs: 0, steps: 1 }))).toMatch(
      /^Another migration/,
    );
    expect(await tables()).toEqual([]);
  });

  it("is free again after a failure", async () => {
    files.add("0000_bad", "nonsense");
    await refusal(up());
    files.write("0000_bad.sql", "create table good (id int)");
    expect(await migrateUp({ ...options(), lockWaitMs: 1_000 })).toEqual(["0000_bad"]);
  });

  it("does not make people wait behind a migration that waits for them", async () => {
    files.add("0000_one", "create table one (id int)");
    await up();
    const reader = new Client({ connectionString: database.url });
    await reader.connect();
    await reader.query("begin; select * from one");
    files.add("0001_alter", "alter table one add column name text");
    expect(await refusal(migrateUp({ ...options(), tableLockWaitMs: 200 }))).toMatch(
      /^0001_alter\.sql, line 1: canceling statement due to lock timeout \(55P03\)/,
    );
    await reader.end();
    expect(await up()).toEqual(["0001_alter"]);
  });
});

describe("a database that can not be reached", () => {
  it("is named in one sentence, without a password", async () => {
    const wrong = new URL(database.url);
    wrong.password = "topsecret";
    const message = await unreachable(wrong.href);
    expect(message).toBe(
      `Could not connect to the database ${wrong.pathname.slice(1)} at ${wrong.host}: password authentication failed for user "cairn_owner".`,
    );
    expect(await unreachable("postgres://me:topsecret@localhost:1/x")).toMatch(
      /^Could not connect to the database x at localhost:1: connect ECONNREFUSED [^ ]+\.$/,
    );
    for (const malformed of ["postgres://me:topsecret@[/x", "mysql://me:topsecret@localhost/x", ""]) {
      expect(await unreachable(malformed)).toBe("The database's address is not a postgres:// URL.");
    }
  });
});
