import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hermeticEnvironment } from "@/scripts/commands/environment";
import { updateTodo } from "@/lib/todos/repository";
import { catalogue, type Entry } from "@/scripts/explain/catalogue";
import { BIG_TABLE_ROWS, explainEntries } from "@/scripts/explain/explain";
import { details, findingsOf, summarize } from "@/scripts/explain/report";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { everyRow } from "../helpers/every-row";
import { createPerson, type Person } from "../helpers/people";
import { runScript } from "../helpers/run-script";
import { writeMembership, writeTag, writeTodo } from "../helpers/rows";

let database: TestDatabase;
let mia: Person;
let noah: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  mia = await createPerson(database, { name: "Mia" });
  noah = await createPerson(database, { name: "Noah" });
  await writeMembership(database, noah.organizationId, mia);
  const tagIds = [await writeTag(database, mia, "home"), await writeTag(database, mia, "garden")];
  const ids: string[] = [];
  while (ids.length < 5) ids.push(await writeTodo(database, mia, { tagIds }));
  await updateTodo(mia.scope(), { id: ids[0] ?? "", version: 1, title: "Buy bread" });
  await writeTodo(database, mia, { status: "completed" });
  await writeTodo(database, mia, { deleted: true });
  await writeTodo(database, { userId: mia.userId, organizationId: noah.organizationId });
  await database.sql("vacuum analyze");
});
afterAll(() => database.drop());

/** Something that somebody asks for as app_user. */
function entry(statement: ReturnType<typeof sql>): Entry {
  const run: Extract<Entry["ask"], { as: "app_user" }>["run"] = (scope) =>
    scope.run("test.ask", [scope.db.execute(statement)]);
  return { name: "test.ask", variant: "", ask: { as: "app_user", run } };
}

async function explainOne(statement: ReturnType<typeof sql>, email?: string) {
  const { explained } = await explainEntries({
    url: database.unpooledUrl,
    entries: [entry(statement)],
    email,
  });
  const [one] = explained;
  if (one === undefined) throw new Error("Nothing was explained");
  return one;
}

describe("explainEntries", () => {
  it("runs every entry of the catalogue, and leaves nothing behind", async () => {
    const before = await everyRow(database);
    const { explained, sample } = await explainEntries({ url: database.unpooledUrl, entries: catalogue });
    expect(sample.userId).toBe(mia.userId);
    expect(explained.map((one) => [one.name, one.variant, findingsOf(one)])).toEqual(
      catalogue.map(({ name, variant }) => [name, variant, []]),
    );
    expect(explained.filter(({ refused }) => refused)).toEqual([]);
    for (const one of explained) {
      expect(one.statements.length).toBeGreaterThan(0);
      expect(one.statements.every(({ plan }) => plan.ms > 0 && plan.nodes.length > 0)).toBe(true);
    }
    expect(await everyRow(database)).toEqual(before);
    const members = await database.sql(
      "select from pg_auth_members where roleid = 'app_user'::regrole and member = 'cairn_owner'::regrole and set_option",
    );
    expect(members).toEqual([]);
  });

  it("asks as app_user behind app.enter: it sees what the person may see", async () => {
    const all = await explainOne(sql`select from todos`);
    const theirs = await explainOne(sql`select from todos`, `${noah.userId}@cairn.example`);
    expect([all.statements[0]?.plan.rows, theirs.statements[0]?.plan.rows]).toEqual([8, 1]);
    expect((await explainOne(sql`select password_hash from users`)).error).toContain("(42501)");
  });

  it("finds a query that has no index to go by, however small the table", async () => {
    // As the owner: under row-level security there is always the index of the organization.
    const statement = sql`select from todos where title = 'Buy milk'`;
    const run: Extract<Entry["ask"], { as: "owner" }>["run"] = (db) => db.batch([db.execute(statement)]);
    const entries: Entry[] = [{ name: "test.own", variant: "", ask: { as: "owner", run } }];
    const { explained } = await explainEntries({ url: database.unpooledUrl, entries });
    expect(explained.flatMap(findingsOf)).toEqual([
      "test.own reads all todos: it has no index to go by, or does not take it.",
    ]);
    expect(summarize(explained)).toContain("✗ test.own reads all todos");
    expect(explained.map(details).join()).toContain("Seq Scan on todos");
  });

  it("lets the planner read a small table whole that it has an index for", async () => {
    await database.sql("create table wanted as select id from todos");
    await database.sql("grant select on wanted to app_user");
    const one = await explainOne(sql`select from todos t join wanted w on w.id = t.id`);
    const nodes = one.statements.flatMap(({ plan }) => plan.nodes);
    expect(nodes).toContainEqual(
      expect.objectContaining({ "Node Type": "Seq Scan", "Relation Name": "todos" }),
    );
    expect(findingsOf(one)).toEqual([]);
    await database.sql("drop table wanted");
  });

  it("finds a big table that the planner chooses to read whole", async () => {
    await database.sql(
      `insert into todos (id, organization_id, user_id, title)
       select gen_random_uuid(), $1, $2, 'x' from generate_series(1, ${BIG_TABLE_ROWS})`,
      [mia.organizationId, mia.userId],
    );
    await database.sql("vacuum analyze todos");
    // There is an index by user, but it is everybody's.
    const one = await explainOne(sql`select count(title) from todos where user_id = ${mia.userId}`);
    expect(findingsOf(one)).toHaveLength(1);
  });

  it("tells which indexes were read, also inside of functions", async () => {
    const hidden = await explainOne(sql`select * from app.search_todos('milk', 10)`);
    expect(hidden.statements[0]?.plan.nodes.flatMap((node) => node["Index Name"] ?? [])).toEqual([]);
    expect(hidden.touched).toContain("todos_search_index");
  });

  it("says so when there is nobody to ask as", async () => {
    await expect(
      explainEntries({ url: database.unpooledUrl, entries: [], email: "nobody@cairn.example" }),
    ).rejects.toThrow("There is nobody with the address nobody@cairn.example.");
  });
});

function command(...args: string[]) {
  const env = hermeticEnvironment(process.env, { DATABASE_URL_UNPOOLED: database.unpooledUrl });
  return runScript("explain", args, env);
}

describe("pnpm db:explain", { timeout: 60_000 }, () => {
  it("shows one query's plans, everything as JSON, and what there is", async () => {
    const [plans, json, unknown] = [
      await command("todos.getTodo", "--as", `${mia.userId}@cairn.example`),
      await command("todos", "--json"),
      await command("todos.nothing"),
    ];
    expect(plans).toMatchObject({ code: 0 });
    expect(plans.output).toContain("Index Scan using todos_pkey on todos");
    const all: { name: string }[] = JSON.parse(json.output);
    expect(all.every(({ name }) => name.startsWith("todos."))).toBe(true);
    expect(unknown.code).toBe(1);
    expect(unknown.output).toContain('There is no query "todos.nothing".');
    expect(unknown.output).toContain("todos.listTodos");
  });

  it("exits with 1 when something is found", async () => {
    await database.sql("drop index todos_trash_index");
    const { code, output } = await command("todos.listTrash");
    expect(code).toBe(1);
    expect(output).toContain("✗ todos.listTrash reads all todos");
  });
});
