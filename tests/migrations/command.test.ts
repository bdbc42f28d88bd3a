import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { runChild } from "@/scripts/commands/child";
import { hermeticEnvironment } from "@/scripts/commands/environment";
import { packageProgram } from "@/scripts/commands/project";
import { DEMO_EMAIL } from "@/scripts/seed/demo";
import { configuredUrl } from "@/scripts/target-database";
import { type BlankDatabase, createBlankDatabase } from "../helpers/blank-database";

let database: BlankDatabase;
beforeEach(async () => {
  database = await createBlankDatabase();
});
afterEach(() => database.drop());

/** Runs a script as pnpm does, on this test's database unless told otherwise. */
async function run(script: "migrate" | "seed", args: string[], variables: Record<string, string> = {}) {
  const env = hermeticEnvironment(process.env, { DATABASE_URL_UNPOOLED: database.url, ...variables });
  const { code, output } = await runChild(packageProgram("tsx"), [`scripts/${script}.ts`, ...args], { env });
  return { code, lines: output.split("\n") };
}

// Each program that starts takes a second or more when all tests run beside it.
describe("pnpm db:migrate", { timeout: 60_000 }, () => {
  it("applies, tells the state, rolls back, and applies again, also on the demo's data", async () => {
    const { authSecret } = inject("server");
    const up = await run("migrate", ["up"], { AUTH_SECRET: authSecret });
    expect(up).toMatchObject({ code: 0 });
    expect(up.lines[0]).toBe("Applying 0000_foundation.sql …");
    expect(up.lines[1]).toMatch(/^Applied 0000_foundation\.sql in \d+ ms\.$/);

    expect(await run("seed", [])).toMatchObject({
      code: 0,
      lines: [expect.stringMatching(/^Made 203 todos for demo@cairn\.example, whose password is /)],
    });
    expect(await run("seed", [])).toEqual({
      code: 0,
      lines: [`The demo person ${DEMO_EMAIL} is there already; nothing was changed.`],
    });
    const status = await run("migrate", ["status"]);
    expect(status.code).toBe(0);
    expect(status.lines[0]).toMatch(/^applied {2}0000_foundation {2}\d{4}-\d\d-\d\dT/);

    const down = await run("migrate", ["down", "99"]);
    expect(down).toMatchObject({ code: 0 });
    expect(down.lines.at(-1)).toMatch(/^Rolled back 0000_foundation\.sql/);
    expect((await run("migrate", ["status"])).lines.every((line) => line.startsWith("pending "))).toBe(true);
    expect(await run("migrate", ["up"])).toMatchObject({ code: 0 });
    expect(await database.sql("select from todos")).toEqual([]);
  });

  it.each([[[]], [["up", "2"]], [["down", "0"]], [["down", "1", "2"]]])(
    "shows how it is used when it is called with %j, and does nothing",
    async (args) => {
      const { code, lines } = await run("migrate", args);
      expect(code).toBe(1);
      expect(lines[0]).toBe("Usage: pnpm db:migrate up | down [n] | status");
      expect(await database.sql("select from pg_namespace where nspname = 'migrations'")).toEqual([]);
    },
  );

  it("says in one line what is wrong, without a password", async () => {
    const url = new URL(database.url);
    url.password = "topsecret";
    expect(await run("migrate", ["up"], { DATABASE_URL_UNPOOLED: url.href })).toEqual({
      code: 1,
      lines: [
        `Could not connect to the database ${url.pathname.slice(1)} at ${url.host}: password authentication failed for user "cairn_owner".`,
      ],
    });
    expect(await run("seed", [], { DATABASE_URL_UNPOOLED: "nonsense:topsecret" })).toEqual({
      code: 1,
      lines: ["The database's address is not a postgres:// URL."],
    });
    expect(await run("seed", [])).toEqual({
      code: 1,
      lines: ["The database is not migrated; run pnpm db:migrate up first."],
    });
  });
});

describe("the database that scripts work on", () => {
  it.each([
    [{}, null],
    [{ DATABASE_URL: "", DATABASE_URL_UNPOOLED: "" }, null],
    [
      { DATABASE_URL: "postgres://a:b@h/pooled", DATABASE_URL_UNPOOLED: "postgres://a:b@h/direct" },
      "postgres://a:b@h/direct",
    ],
    [{ DATABASE_URL: "postgres://a:b@localhost:5432/db" }, "postgres://a:b@localhost:5432/db"],
    [
      { DATABASE_URL: "postgresql://a:p%40ss@ep-x-123-pooler.eu-central-1.aws.neon.tech/db?sslmode=require" },
      "postgresql://a:p%40ss@ep-x-123.eu-central-1.aws.neon.tech/db?sslmode=require",
    ],
    [{ DATABASE_URL: "postgres://a:b@x.-pooler.example/db" }, "postgres://a:b@x.-pooler.example/db"],
    [{ DATABASE_URL: "nonsense" }, "nonsense"],
  ])("is for %j: %j", (environment, url) => {
    expect(configuredUrl(environment)).toBe(url);
  });
});
