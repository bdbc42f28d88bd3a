import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PAGE_SIZE } from "@/lib/db/limits";
import { cursorList, TRASH_LIST, writeCursor } from "@/lib/todos/cursor";
import { getTodo, listTodos, listTrash, completeTodo, updateTodo } from "@/lib/todos/repository";
import { TODO_SORTS, type TodoFilter, type TodoRow } from "@/lib/todos/types";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { explain, type Plan } from "../helpers/explain";
import { createPerson, type Person } from "../helpers/people";

let database: TestDatabase;
/** Years of history: most of it is done. */
let mia: Person;
/** Ten thousand todos, all open. */
let noah: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  const tables = ["todos", "tags", "todo_tags"];
  for (const table of tables) await database.sql(`alter table ${table} disable trigger user`);
  await database.sql("alter table todos enable trigger keep_search");
  [mia, noah] = [await createPerson(database), await createPerson(database)];
  await fill(mia, 12_000, 0.05);
  await fill(noah, 10_000, 1);
  for (let other = 0; other < 6; other += 1) await fill(await createPerson(database), 500, 0.3);
  for (const table of tables) {
    await database.sql(`alter table ${table} enable trigger user`);
    await database.sql(`vacuum analyze ${table}`);
  }
}, 120_000);
afterAll(() => database.drop());

/** Todos over three years; a fifth is undated, 4 % is in the trash, half have a tag out of twenty. */
async function fill({ userId, organizationId }: Person, count: number, openShare: number): Promise<void> {
  await database.sql("select setseed(0.5)");
  await database.sql(
    `insert into tags (id, organization_id, name)
     select gen_random_uuid(), $1, 'tag ' || i from generate_series(1, 20) i`,
    [organizationId],
  );
  await database.sql(
    `with made as materialized (
       select i, gen_random_uuid() as id,
              case when random() < 0.2 then null else current_date + 60 - (random() * 1000)::int end as due,
              case when random() < $4::float8 then 'pending' else 'completed' end as status,
              date_trunc('milliseconds', now() - random() * interval '1000 days') as at
         from generate_series(1, $3::int) i
     ), written as (
       insert into todos (id, organization_id, user_id, title, description, status, priority, due_date, due_time,
                          created_at, updated_at, completed_at, deleted_at)
       select id, $1, $2, 'Todo ' || i, repeat('words and ', 20), status::todo_status,
              case when due is null then i % 4 else i % 6 end, due,
              case when due is not null and i % 3 = 0 then make_time(i % 24, 0, 0) end,
              at, at, case when status = 'completed' then at + interval '1 day' end,
              case when i % 25 = 0 then now() - i * interval '1 minute' end
         from made
     )
     insert into todo_tags (organization_id, todo_id, tag_id)
     select $1, made.id, tag.id
       from made join (select id, row_number() over () as place from tags where organization_id = $1) tag
         on tag.place = made.i % 40`,
    [organizationId, userId, count, openShare],
  );
}

const planOf = async (person: Person, filter: TodoFilter): Promise<Plan[]> =>
  explain(person.scope(), (scope) => listTodos(scope, filter));
const indexesOf = (plans: Plan[]) =>
  new Set(plans.flatMap(({ nodes }) => nodes.flatMap((node) => node["Index Name"] ?? [])));
/** Whole tables that were read, but for the tags: there are too few of them for an index to be quicker. */
const seqScans = (plans: Plan[]) =>
  plans
    .flatMap(({ nodes }) => nodes.filter((node) => node["Node Type"] === "Seq Scan"))
    .filter((node) => node["Relation Name"] !== "tags");
const sum = (plans: Plan[], of: "buffers" | "sorted") => plans.reduce((total, plan) => total + plan[of], 0);

/** A row in the middle of a list, to begin a page after. */
async function middleOf(person: Person, filter: TodoFilter): Promise<TodoRow> {
  const { rows } = await listTodos(person.scope(), filter);
  const [last] = rows.slice(-1);
  if (last === undefined) throw new Error("The list is empty");
  const [middle] = await database.sql<{ at: Date; day: string }>(
    `select percentile_disc(0.5) within group (order by created_at) as at,
            percentile_disc(0.5) within group (order by due_date)::text as day
       from todos where user_id = $1 and deleted_at is null`,
    [person.userId],
  );
  if (middle === undefined) throw new Error("There are no todos");
  return {
    ...last,
    priority: 2,
    createdAt: middle.at,
    updatedAt: middle.at,
    dueDate: middle.day,
    dueTime: null,
    title: "Todo 500",
  };
}

describe("the plans of todos' queries, as app_user, on 25,000 rows", () => {
  for (const sort of TODO_SORTS) {
    for (const direction of ["asc", "desc"] as const) {
      it(`read a page in the middle by ${sort} ${direction} as they read the first: by an index, sorting no more than it shows`, async () => {
        const filter: TodoFilter = { status: "all", sort, direction };
        const cursor = writeCursor(mia.scope().sealed, cursorList(filter), await middleOf(mia, filter));
        const [first, middle] = [await planOf(mia, filter), await planOf(mia, { ...filter, cursor })];
        for (const plans of [first, middle]) {
          expect(seqScans(plans)).toEqual([]);
          expect(sum(plans, "sorted")).toBeLessThanOrEqual(PAGE_SIZE + 1);
          expect([...indexesOf(plans)]).toContain(`todos_user_${sort}_index`);
        }
        // A cursor that were a filter would read what lies before it.
        const skipped = middle.flatMap(({ nodes }) =>
          nodes.map((node) => node["Rows Removed by Filter"] ?? 0),
        );
        expect(Math.max(...skipped)).toBe(0);
        expect(sum(middle, "buffers")).toBeLessThan(sum(first, "buffers") * 1.2 + 20);
      });
    }
  }

  it("find the few open todos of a long history by their own index", async () => {
    for (const due of ["overdue", "today", "until_today", "upcoming", "none", undefined] as const) {
      const plans = await planOf(mia, { due, sort: "due" });
      expect(indexesOf(plans)).toContain("todos_open_due_index");
      expect(seqScans(plans)).toEqual([]);
      expect(sum(plans, "sorted")).toBeLessThanOrEqual(PAGE_SIZE + 1);
      expect(sum(plans, "buffers")).toBeLessThan(700);
    }
  });

  it("never read a whole table, whatever a list is narrowed by", async () => {
    const filters: TodoFilter[] = [
      { tags: { all: ["Tag 7"] } },
      { query: { kind: "word", text: "77", prefix: false } },
      { priority: { min: 4, max: 5 } },
      { status: "done", sort: "updated" },
      { from: "2026-01-01", to: "2026-12-31" },
    ];
    for (const filter of filters) {
      for (const person of [mia, noah]) expect(seqScans(await planOf(person, filter))).toEqual([]);
    }
  });

  it("read the trash by its index", async () => {
    const { rows } = await listTrash(mia.scope(), {});
    const [last] = rows.slice(-1);
    const cursor = last && writeCursor(mia.scope().sealed, TRASH_LIST, last);
    for (const input of [{}, { cursor }]) {
      const plans = await explain(mia.scope(), (scope) => listTrash(scope, input));
      expect(indexesOf(plans)).toContain("todos_trash_index");
      expect([seqScans(plans), sum(plans, "sorted")]).toEqual([[], 0]);
    }
  });

  it("read and write one todo by its key", async () => {
    const { rows } = await listTodos(mia.scope(), {});
    const [{ id, version } = { id: "", version: 0 }] = rows;
    const works = [
      await explain(mia.scope(), (scope) => getTodo(scope, id)),
      await explain(mia.scope(), (scope) => completeTodo(scope, { id })),
      await explain(mia.scope(), (scope) =>
        updateTodo(scope, { id, version, title: "x", tags: ["tag 1", "new"] }),
      ),
    ];
    expect(works.map((plans) => plans.length)).toEqual([1, 2, 6]);
    for (const plans of works) {
      expect(indexesOf(plans)).toContain("todos_pkey");
      expect(seqScans(plans)).toEqual([]);
      expect(sum(plans, "buffers")).toBeLessThan(400);
    }
  });
});
