import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runChild } from "@/scripts/commands/child";
import { hermeticEnvironment } from "@/scripts/commands/environment";
import { packageProgram } from "@/scripts/commands/project";
import { isLocalUrl } from "@/scripts/target-database";
import { type TestDatabase, createTestDatabase } from "../helpers/database";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

/** Runs the command as pnpm does, without a terminal. */
async function run(args: string[], url = database.unpooledUrl) {
  const env = hermeticEnvironment(process.env, { DATABASE_URL_UNPOOLED: url });
  const { code, output } = await runChild(packageProgram("tsx"), ["scripts/seed.ts", ...args], { env });
  return { code, lines: output.split("\n") };
}

describe("pnpm db:seed", { timeout: 60_000 }, () => {
  it("makes a crowd, a line for each step, and says how to sign in", async () => {
    const { code, lines } = await run(["--people", "3", "--todos", "50", "--heavy", "20"]);
    expect(lines.map((line) => line.replace(/ \d+\.\d s$/, ""))).toEqual([
      expect.stringMatching(/^✓ People, todos and history \(50 todos, \d+ entries of history\)$/),
      "✓ Indexes and foreign keys",
      "✓ Counts that are kept",
      "✓ Commit",
      "✓ Vacuum",
      "heavy@cairn.example has 20 of the todos; person-1@cairn.example to person-2@cairn.example share the others. Everyone's password is cairn-demo-2026.",
    ]);
    expect(code).toBe(0);
    expect(await database.sql("select count(*)::int from todos")).toEqual([{ count: 50 }]);
  });

  it("asks before it writes to a database elsewhere, and without a terminal refuses", async () => {
    const url = "postgresql://cairn:topsecret@ep-cool-river.eu-central-1.aws.neon.tech/cairn";
    expect(await run(["--people", "1000"], url)).toEqual({
      code: 1,
      lines: [
        "The database is at ep-cool-river.eu-central-1.aws.neon.tech, not on this machine. --force adds 1,000 people whose password is in the source and 1,000,000 todos to it all the same.",
      ],
    });
  });

  it("shows in one line what is wrong with its arguments", async () => {
    expect(await run(["--todos", "many"])).toEqual({
      code: 1,
      lines: ['--todos must be a whole number from 2 to 10000000, not "many".'],
    });
  });
});

describe("a database's address", () => {
  it.each([
    ["postgres://u:p@127.0.0.1:5432/cairn", true],
    ["postgresql://u@localhost/cairn", true],
    ["postgresql://u@[::1]:5432/cairn", true],
    ["postgresql:///cairn", false],
    ["postgresql:///cairn?host=db.example.com", false],
    ["postgresql://u@localhost/cairn?host=db.example.com", false],
    ["postgresql://u@localhost.example.com/cairn", false],
    ["postgresql://u@10.0.0.7/cairn", false],
    ["nonsense", false],
  ])("%s is on this machine: %s", (url, local) => {
    expect(isLocalUrl(url)).toBe(local);
  });
});
