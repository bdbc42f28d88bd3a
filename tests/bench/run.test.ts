import { randomInt } from "node:crypto";
import { Client, escapeLiteral } from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openCopy, type BenchServer, type Size } from "@/scripts/bench/databases";
import { BULK } from "@/scripts/bench/bulk";
import { READS } from "@/scripts/bench/reads";
import { run } from "@/scripts/bench/run";
import { WRITES } from "@/scripts/bench/writes";
import { Progress } from "@/scripts/commands/progress";
import { withConnection } from "@/scripts/connection";

/** The databases are named by it, so another file or run gets others. */
const SIZE: Size = { people: 5, todos: 500 + randomInt(1000), heavy: 200 };
const TEMPLATE = `bench_${SIZE.todos}`;

const progress = new Progress({ write: () => true });
let server: BenchServer & { authSecret: string };
let superuser: Client;
beforeAll(async () => {
  const { superuserUrl, ownerUrl, endpoint, authSecret } = inject("server");
  server = { superuserUrl, unpooledUrl: ownerUrl, endpoint, authSecret };
  superuser = new Client({ connectionString: superuserUrl });
  await superuser.connect();
});
afterAll(async () => {
  await superuser.query(`drop database if exists ${TEMPLATE} with (force)`);
  await superuser.end();
});

const open = () => openCopy(server, { size: SIZE, authSecret: server.authSecret, progress });
const databaseRow = async () =>
  (
    await superuser.query(
      "select oid::int, shobj_description(oid, 'pg_database') as comment from pg_database where datname = $1",
      [TEMPLATE],
    )
  ).rows;

describe("the data of the bench", { timeout: 60_000 }, () => {
  it("is made once, and every run gets a copy of it to write to", async () => {
    const first = await open();
    const made = await databaseRow();
    await withConnection(first.url, (client) => client.query("delete from todos"));
    const second = await open();
    expect(await databaseRow()).toEqual(made);
    const { rows } = await withConnection(second.url, (client) =>
      client.query("select count(*)::int from todos"),
    );
    expect(rows).toEqual([{ count: SIZE.todos }]);
    await second.drop();
    const { rows: left } = await superuser.query("select from pg_database where datname like $1", [
      `${TEMPLATE}\\_%`,
    ]);
    expect(left).toEqual([]);
  });

  it.each([
    ["was not finished", null],
    ["was made by other migrations", { migrations: "other" }],
    ["is old", { today: "2026-01-01" }],
    ["is of another size", { size: { ...SIZE, heavy: 100 } }],
  ])("is made anew when it %s", async (_, change) => {
    await (await open()).drop();
    const [before] = await databaseRow();
    const made = change === null ? null : JSON.stringify({ ...JSON.parse(before.comment), ...change });
    await superuser.query(
      `comment on database ${TEMPLATE} is ${made === null ? "null" : escapeLiteral(made)}`,
    );
    await (await open()).drop();
    const [after] = await databaseRow();
    expect(after.oid).not.toBe(before.oid);
    expect(after.comment).toBe(before.comment);
  });
});

describe("a run of the bench", { timeout: 120_000 }, () => {
  it("measures every operation for both people, each in one request, and nothing is refused", async () => {
    const report = await run({
      server,
      authSecret: server.authSecret,
      folder: "",
      progress,
      sizes: [SIZE],
      effort: { budgetMs: 1, pairs: 1, warmUpCalls: 1 },
      pages: false,
      bulkRows: 20,
      only: null,
    });
    // Nobody here has 250,000 todos, nor 1,000.
    const names = [...READS, ...WRITES, ...BULK]
      .map(({ name }) => name)
      .filter((name) => !name.endsWith(", page 5,000") && !name.endsWith(" 1,000 todos"));
    for (const person of ["ordinary", "heavy"]) {
      const found = report.measured.filter((one) => one.person === person);
      expect(found.map(({ operation }) => operation)).toEqual(names);
    }
    expect(report.measured.filter(({ requests }) => requests !== 1)).toEqual([]);
    expect(report.measured.filter(({ buffers }) => buffers <= 0)).toEqual([]);
    expect(report.comparisons).toEqual([
      {
        name: expect.stringMatching(
          /^adding 20 todos \(\d+\.\d s\) ÷ one plain INSERT of all \(\d+\.\d s\)$/,
        ),
        figure: expect.any(Number),
        goal: 2,
      },
    ]);
    expect(report.machine).toMatch(/^\d+ cores, \d+ GiB$/);
  });
});
