import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseQuery } from "@/lib/query/parse";
import type { QueryNode } from "@/lib/query/types";
import { countTodos, listTodos } from "@/lib/todos/repository";
import { TODO_SORTS, type TodoFilter } from "@/lib/todos/types";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { explain, type Plan } from "../helpers/explain";
import { createPerson, type Person } from "../helpers/people";

let database: TestDatabase;
/** Twelve thousand todos, far more than a list looks through before it gathers. */
let mia: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  const tables = ["todos", "tags", "todo_tags"];
  for (const table of tables) await database.sql(`alter table ${table} disable trigger user`);
  await database.sql("alter table todos enable trigger keep_search");
  mia = await createPerson(database);
  await fill(mia, 12_000);
  for (let other = 0; other < 8; other += 1) await fill(await createPerson(database), 500);
  for (const table of tables) {
    await database.sql(`alter table ${table} enable trigger user`);
    await database.sql(`vacuum analyze ${table}`);
  }
}, 120_000);
afterAll(() => database.drop());

/** Half of them has the tag "common", every third is completed; the rest of what is asked for here, few are. */
async function fill({ userId, organizationId }: Person, count: number): Promise<void> {
  await database.sql(
    "insert into tags (id, organization_id, name) values (gen_random_uuid(), $1, 'common'), (gen_random_uuid(), $1, 'rare')",
    [organizationId],
  );
  await database.sql(
    `with made as materialized (
       select i, gen_random_uuid() as id, (i * 7919) % $3 as place,
              date_trunc('milliseconds', now() - i * interval '1 hour') as at
         from generate_series(1, $3::int) i
     ), written as (
       insert into todos (id, organization_id, user_id, title, description, status, priority, due_date, scheduled_for,
                          created_at, updated_at, completed_at)
       select id, $1, $2, 'Todo ' || place || case when place % 400 = 0 then ' seldom' else '' end, repeat('words and ', 20),
              (case when place % 300 = 0 then 'pending' when place % 3 = 0 then 'completed' else 'cancelled' end)::todo_status,
              place % 4, case when place % 250 = 1 then current_date - 1 end,
              case when place % 350 = 0 then current_date + place / 350 end,
              at, at, case when place % 3 = 0 and place % 300 <> 0 then at + interval '1 minute' end
         from made
     )
     insert into todo_tags (organization_id, todo_id, tag_id)
     select $1, made.id, tag.id
       from made join tags tag on tag.organization_id = $1
        and case tag.name when 'common' then made.place / 4 % 2 = 0 else made.place % 500 = 0 end`,
    [organizationId, userId, count],
  );
}

function queryOf(text: string): QueryNode {
  const parsed = parseQuery(text);
  if (!parsed.ok || parsed.query === null) throw new Error(`${text} is no query`);
  return parsed.query;
}

/** Both directions of every sort. */
const orders = TODO_SORTS.flatMap((sort) =>
  (["asc", "desc"] as const).map((direction) => ({ sort, direction })),
);
const planOf = (filter: TodoFilter): Promise<Plan[]> =>
  explain(mia.scope(), (scope) => listTodos(scope, filter));
const planOfCount = (filter: TodoFilter) => explain(mia.scope(), (scope) => countTodos(scope, filter));
const buffersOf = (plans: Plan[]) => plans.reduce((sum, { buffers }) => sum + buffers, 0);
const indexesRead = (plans: Plan[]) =>
  plans.flatMap(({ nodes }) =>
    nodes.flatMap((node) => (node["Actual Loops"] > 0 ? (node["Index Name"] ?? []) : [])),
  );
/** What it reads todos by, apart from their keys. */
const indexesOfTodos = (plans: Plan[]) =>
  new Set(indexesRead(plans).filter((index) => /^todos_(?!pkey)/.test(index)));
const wholeTables = (plans: Plan[]) =>
  plans.flatMap(({ nodes }) =>
    nodes.filter((node) => node["Node Type"] === "Seq Scan" && node["Relation Name"] === "todos"),
  );

describe("a list that is narrowed, as app_user, on 16,000 rows", () => {
  const common: [string, TodoFilter][] = [
    ["two of three", { status: "cancelled" }],
    ["one of three", { status: "completed" }],
    ["every second", { status: "all", tags: { all: ["COMMON"] } }],
    ["nearly all", { status: "all", tags: { none: ["rare"] } }],
    ["what is in every row", { status: "all", query: queryOf("todo words") }],
  ];
  it.each(common)("walks in its order for %s of them, and gathers nothing", async (_name, filter) => {
    for (const order of orders) {
      if (order.sort === "due") continue; // Few of them are due: see below.
      const plans = await planOf({ ...filter, ...order });
      const indexes = indexesOfTodos(plans);
      expect(indexes).toContain(`todos_user_${order.sort}_index`);
      // Whether words are common is told by the newest todos.
      if (filter.query !== undefined) indexes.delete("todos_user_created_index");
      indexes.delete(`todos_user_${order.sort}_index`);
      expect([...indexes]).toEqual([]);
      expect(wholeTables(plans)).toEqual([]);
      expect(buffersOf(plans)).toBeLessThan(2_000);
    }
  });

  const rare: [string, TodoFilter, RegExp][] = [
    ["open ones", {}, /^todos_(pressing|open_due)_index$/],
    ["ones with a rare tag", { status: "all", tags: { all: ["Rare"] } }, /^todo_tags_tag_id_index$/],
    ["ones with a rare word", { status: "all", query: queryOf("seldom") }, /^todos_search_index$/],
    [
      "ones with a rare word in the title",
      { status: "all", query: queryOf("in:title seldom") },
      /^todos_title_search_index$/,
    ],
    ["planned ones", { status: "all", scheduled: "any" }, /^todos_user_scheduled_index$/],
    ["ones planned soon", { status: "all", scheduledFrom: "2000-01-01" }, /^todos_user_scheduled_index$/],
    ["ones with a due date", { status: "all", due: "any" }, /^todos_user_due_index$/],
  ];
  it.each(rare)(
    "gathers the few %s by the index that knows them, in every order",
    async (_name, filter, index) => {
      const wanted = (await listTodos(mia.scope(), { ...filter, sort: "created" })).rows.map((row) => row.id);
      expect(wanted.length).toBeGreaterThan(20);
      expect(wanted.length).toBeLessThan(50);
      for (const order of orders) {
        const { rows } = await listTodos(mia.scope(), { ...filter, ...order });
        expect(new Set(rows.map((row) => row.id))).toEqual(new Set(wanted));
        const plans = await planOf({ ...filter, ...order });
        expect(indexesRead(plans)).toContainEqual(expect.stringMatching(index));
        expect(wholeTables(plans)).toEqual([]);
        // Neither the 12,000 nor their links are looked through.
        expect(buffersOf(plans) / plans.length).toBeLessThan(1_000);
      }
    },
  );

  it("costs on a page in its middle what the first costs", async () => {
    for (const order of orders) {
      const filter: TodoFilter = {
        ...order,
        ...(order.sort === "due" ? { status: "all", due: "none" } : { status: "cancelled" }),
      };
      const first = await listTodos(mia.scope(), filter);
      let cursor = first.nextCursor;
      for (let page = 0; page < 40 && cursor !== null; page += 1) {
        ({ nextCursor: cursor } = await listTodos(mia.scope(), { ...filter, cursor }));
      }
      if (cursor === null) throw new Error("The list is too short");
      const [before, after] = [await planOf(filter), await planOf({ ...filter, cursor })];
      expect(buffersOf(after)).toBeLessThan(buffersOf(before) * 1.3 + 50);
    }
  }, 60_000);
});

describe("a list that is narrowed by two things, as app_user", () => {
  const pairs: [string, TodoFilter][] = [
    ["tags of which one is rare", { tags: { all: ["common", "rare"] } }],
    ["one of two tags", { tags: { any: ["common", "rare"] } }],
    ["a common tag without the other", { tags: { all: ["common"], none: ["rare"] } }],
    ["a common tag and a stretch of days", { tags: { all: ["common"] }, from: "2000-01-01" }],
    ["a common word and few planned days", { query: queryOf("words"), scheduledFrom: "2000-01-01" }],
    ["a rare word and a common tag", { query: queryOf("seldom"), tags: { all: ["common"] } }],
    ["the same in the language of the search box", { query: queryOf("seldom tag:common priority:>=1") }],
  ];
  it.each(pairs)("reads little for %s, in every order", async (_name, filter) => {
    for (const order of orders) {
      const plans = await planOf({ status: "all", ...filter, ...order });
      expect(wholeTables(plans)).toEqual([]);
      expect(buffersOf(plans)).toBeLessThan(2_500);
    }
  });
});

describe("a count, as app_user", () => {
  it("of what many have stops at its limit, by indexes alone", async () => {
    for (const filter of [{ tags: { all: ["common"] } }, { status: "cancelled" as const }]) {
      const plans = await planOfCount({ status: "all", ...filter });
      expect(wholeTables(plans)).toEqual([]);
      expect(indexesRead(plans)).not.toContain("todos_pkey");
      expect(buffersOf(plans)).toBeLessThan(300);
    }
  });

  it("reads no more than it must, and finds what is rare by its index", async () => {
    const seldom = await planOfCount({ status: "all", query: queryOf("seldom") });
    expect(indexesRead(seldom)).toContain("todos_search_index");
    expect(buffersOf(seldom)).toBeLessThan(200);
    const tagged = await planOfCount({ status: "all", tags: { all: ["rare"] } });
    expect(buffersOf(tagged)).toBeLessThan(400);
    const all = await planOfCount({ status: "all" });
    expect([wholeTables(all), buffersOf(all) < 1_500]).toEqual([[], true]);
  });
});
