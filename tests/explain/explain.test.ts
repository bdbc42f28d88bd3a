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

  it("lets the planner read a small table whole, which is quickest", async () => {
    const one = await explainOne(sql`select from todos where title = 'Buy milk'`);
    const nodes = one.statements.flatMap(({ plan }) => plan.nodes);
    expect(nodes).toContainEqual(
      expect.objectContaining({ "Node Type": "Seq Scan", "Relation Name": "todos" }),
    );
    expect(findingsOf(one)).toEqual([]);
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
    const finding = "It reads all todos: it has no index to go by, or does not take it.";
    expect(findingsOf(one)).toEqual([finding]);
    expect(summarize([one])).toContain(`✗ ${finding}`);
    expect(details(one)).toContain("Seq Scan on todos");
    // Plans do not show what functions do.
    await database.sql(
      "create function app.hidden() returns bigint language plpgsql as 'begin return (select count(title) from todos); end'",
    );
    const hidden = await explainOne(sql`select app.hidden()`);
    expect(hidden.statements.flatMap(({ plan }) => plan.nodes.map((node) => node["Node Type"]))).toEqual([
      "Result",
    ]);
    expect(findingsOf(hidden)).toEqual([finding]);
    await database.sql("drop function app.hidden()");
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
    await database.sql(
      `do $$ declare index text; begin
         for index in select indexrelid::regclass from pg_index where indrelid = 'todos'::regclass and not indisunique loop
           execute 'drop index ' || index;
         end loop;
       end $$`,
    );
    const { code, output } = await command("todos.listTodos");
    expect(code).toBe(1);
    expect(output).toContain("✗ It reads all todos");
  });
});
