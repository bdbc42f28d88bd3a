import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { Client } from "pg";
import { afterEach, describe, expect, inject, it } from "vitest";
import { appUserPassword } from "@/lib/db/app-password";
import { migrateDown, migrateUp, migrationStatus } from "@/scripts/migrate/runner";
import { seedDemo } from "@/scripts/seed/demo";
import { type BlankDatabase, createBlankDatabase } from "../helpers/blank-database";
import { type Catalogue, readCatalogue } from "../helpers/catalogue";

const PROJECT = resolve(import.meta.dirname, "../..");
const FILES = readdirSync(join(PROJECT, "drizzle"))
  .filter((file) => file.endsWith(".sql"))
  .map((file) => file.replace(".sql", ""))
  .toSorted();

const undo: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).toReversed()) await step();
});

async function blank(): Promise<BlankDatabase> {
  const database = await createBlankDatabase();
  undo.push(() => database.drop());
  return database;
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "cairn-migrations-"));
  undo.push(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A folder with the first migrations only, as an earlier version of Cairn had it. */
function firstMigrations(count: number): string {
  const folder = temporaryFolder();
  for (const name of FILES.slice(0, count)) {
    cpSync(join(PROJECT, `drizzle/${name}.sql`), join(folder, `${name}.sql`));
  }
  mkdirSync(join(folder, "meta"));
  const entries = FILES.slice(0, count).map((tag) => ({ tag }));
  writeFileSync(join(folder, "meta/_journal.json"), JSON.stringify({ entries }));
  return folder;
}

/** Runs drizzle-kit on the TypeScript schema; it takes relative paths only. */
function drizzleKitGenerate(out: string): string {
  return execFileSync(
    process.execPath,
    [
      join(PROJECT, "node_modules/drizzle-kit/bin.cjs"),
      "generate",
      "--dialect=postgresql",
      "--schema=./lib/db/schema/*.ts",
      `--out=${relative(PROJECT, out)}`,
    ],
    { cwd: PROJECT, encoding: "utf8" },
  );
}

async function connectAsAppUser(url: string, password: string): Promise<void> {
  const target = new URL(url);
  target.username = "app_user";
  target.password = password;
  const client = new Client({ connectionString: target.href });
  await client.connect();
  await client.end();
}

function withoutGrants(entries: string[]): string[] {
  return entries.map((entry) => entry.replace(/ acl=.*$/, ""));
}

/** Drizzle is told of the tables of people's data; what the schema app has is made by custom SQL. */
function withoutApp(entries: string[]): string[] {
  return entries.filter((entry) => !/^app\.| ON app\./.test(entry));
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
}

describe("the migrations in drizzle/", () => {
  it("make the whole schema on an empty database, in the journal's order", async () => {
    const database = await blank();
    expect(await migrateUp({ url: database.url })).toEqual(FILES);
    const { tables } = await readCatalogue(database.sql);
    expect(tables.map((table) => table.split(" ")[0])).toEqual([
      "accounts",
      "app.actors",
      "app.dashboard_state",
      "app.kept_dashboard",
      "app.visible_todos",
      "audit_logs",
      "dashboard_changes",
      "dashboards",
      "memberships",
      "organizations",
      "rate_limits",
      "sessions",
      "tags",
      "todo_counts",
      "todo_done_counts",
      "todo_due_counts",
      "todo_tag_counts",
      "todo_tags",
      "todos",
      "users",
      "verification_tokens",
    ]);
  });

  it("leave nothing behind when rolled back, and the same catalogue when applied again", async () => {
    const database = await blank();
    const empty = await readCatalogue(database.sql);
    await migrateUp({ url: database.url });
    const first = await readCatalogue(database.sql);
    // Nothing is compared that is not there.
    expect(Object.entries(first).filter(([, entries]) => entries.length === 0)).toEqual([
      ["defaultPrivileges", []],
    ]);
    expect(await migrateDown({ url: database.url, steps: 99 })).toEqual(FILES.toReversed());
    expect(await readCatalogue(database.sql)).toEqual(empty);
    await migrateUp({ url: database.url });
    expect(await readCatalogue(database.sql)).toEqual(first);
  });

  it("can be rolled back one at a time, each leaving what was there before it", async () => {
    const database = await blank();
    const before: Catalogue[] = [];
    for (const count of FILES.keys()) {
      before.push(await readCatalogue(database.sql));
      await migrateUp({ url: database.url, folder: firstMigrations(count + 1) });
    }
    for (const catalogue of before.toReversed()) {
      await migrateDown({ url: database.url, steps: 1 });
      expect(await readCatalogue(database.sql)).toEqual(catalogue);
    }
  });

  it("run down to nothing and up again on the demo's data", async () => {
    const database = await blank();
    await migrateUp({ url: database.url });
    const seeded = await readCatalogue(database.sql);
    await seedDemo({ url: database.url });
    await migrateDown({ url: database.url, steps: 99 });
    await migrateUp({ url: database.url });
    expect(await readCatalogue(database.sql)).toEqual(seeded);
    expect(await seedDemo({ url: database.url })).not.toBeNull();
  });

  it("each have a rollback file, and no rollback file is without a migration", () => {
    const rollbacks = readdirSync(join(PROJECT, "drizzle/rollback")).map((file) => file.replace(".sql", ""));
    expect(rollbacks.toSorted()).toEqual(FILES);
  });

  it("are applied once by two runners at the same time", async () => {
    const database = await blank();
    const applied = await Promise.all([1, 2, 3].map(() => migrateUp({ url: database.url })));
    expect(applied.flat()).toEqual(FILES);
    expect(await database.sql("select name from migrations.applied order by position")).toEqual(
      FILES.map((name) => ({ name })),
    );
  });

  it("can run on several databases of one cluster at the same time", async () => {
    const databases = await Promise.all([1, 2, 3, 4].map(() => blank()));
    const { authSecret } = inject("server");
    const applied = await Promise.all(databases.map(({ url }) => migrateUp({ url, authSecret })));
    expect(applied).toEqual(databases.map(() => FILES));
  });

  it("tell their state", async () => {
    const database = await blank();
    expect(await migrationStatus({ url: database.url })).toEqual(
      FILES.map((name) => ({ name, state: "pending", appliedAt: null })),
    );
    await migrateUp({ url: database.url });
    const states = await migrationStatus({ url: database.url });
    expect(states.map(({ name, state }) => ({ name, state }))).toEqual(
      FILES.map((name) => ({ name, state: "applied" })),
    );
    expect(
      states.every(({ appliedAt }) => appliedAt !== null && Date.now() - appliedAt.getTime() < 60_000),
    ).toBe(true);
  });
});

describe("the role app_user", () => {
  it("signs in with the password derived from AUTH_SECRET, and with no other", async () => {
    const database = await blank();
    const { authSecret } = inject("server");
    await migrateUp({ url: database.url, authSecret });
    await connectAsAppUser(database.url, appUserPassword(authSecret));
    await expect(connectAsAppUser(database.url, appUserPassword(`${authSecret}!`))).rejects.toThrow(
      /password authentication failed/,
    );
  });

  it("owns nothing, inherits nothing, passes no policy, and ends its statements after 10 seconds", async () => {
    const database = await blank();
    await migrateUp({ url: database.url });
    const [role] = await database.sql(
      `select rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, rolinherit, rolcanlogin, rolconfig
         from pg_roles where rolname = 'app_user'`,
    );
    expect(role).toEqual({
      rolsuper: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolreplication: false,
      rolbypassrls: false,
      rolinherit: false,
      rolcanlogin: true,
      rolconfig: ["statement_timeout=10s", "idle_in_transaction_session_timeout=10s", "search_path=public"],
    });
    expect(
      await database.sql(
        `select from pg_class where relowner = 'app_user'::regrole union all
         select from pg_proc where proowner = 'app_user'::regrole union all
         select from pg_auth_members where member = 'app_user'::regrole`,
      ),
    ).toEqual([]);
  });
});

describe("the TypeScript schema", () => {
  it("has nothing that drizzle-kit would still add", () => {
    const folder = temporaryFolder();
    cpSync(join(PROJECT, "drizzle"), folder, { recursive: true });
    const before = listFiles(folder);
    expect(drizzleKitGenerate(folder)).toContain("No schema changes, nothing to migrate");
    expect(listFiles(folder)).toEqual(before);
  });

  it("gives the same tables, columns, types, defaults, indexes and constraints as the migrations", async () => {
    const folder = temporaryFolder();
    drizzleKitGenerate(folder);
    const [file = ""] = readdirSync(folder).filter((name) => name.endsWith(".sql"));
    const fromSchema = await blank();
    await migrateUp({ url: fromSchema.url, folder: firstMigrations(1) });
    await fromSchema.sql(readFileSync(join(folder, file), "utf8"));
    const migrated = await blank();
    await migrateUp({ url: migrated.url });

    const [schema, database] = [await readCatalogue(fromSchema.sql), await readCatalogue(migrated.sql)];
    expect(withoutGrants(withoutApp(database.columns))).toEqual(withoutGrants(schema.columns));
    expect(withoutApp(database.constraints)).toEqual(schema.constraints);
    expect(database.types).toEqual(schema.types);
    // The builder knows no INCLUDE: covering indexes are made by custom SQL.
    expect(withoutApp(database.indexes).filter((index) => !index.includes(" INCLUDE ("))).toEqual(
      schema.indexes,
    );
  });
});
