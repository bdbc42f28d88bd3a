import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PAGE_SIZE } from "@/lib/db/limits";
import { countTodos, listTodos } from "@/lib/todos/repository";
import { TODO_SORTS, type TodoFilter } from "@/lib/todos/types";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { explain } from "../helpers/explain";
import { createPerson, type Person } from "../helpers/people";
import { createTeam, type Team } from "./team";

let database: TestDatabase;
let team: Team;
/** Has nearly all that there is. */
let mia: Person;
let noah: Person;
/** Is no member any more, but left todos behind. */
let lea: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  [mia, noah, lea] = [
    await createPerson(database),
    await createPerson(database),
    await createPerson(database),
  ];
  team = await createTeam({ database }, mia, noah, lea);
  await database.sql("alter table todos disable trigger user");
  for (const [person, count] of [
    [mia, 8_000],
    [noah, 90],
    [lea, 40],
  ] as const) {
    await fill(person, team.organizationId, count);
    await fill(person, person.organizationId, 200);
  }
  await database.sql("alter table todos enable trigger user");
  await database.sql("select app.rebuild_todo_counts()");
  await database.sql("delete from memberships where organization_id = $1 and user_id = $2", [
    team.organizationId,
    lea.userId,
  ]);
  await database.sql("vacuum analyze");
}, 120_000);
afterAll(() => database.drop());

async function fill({ userId }: Person, organizationId: string, count: number): Promise<void> {
  await database.sql(
    `insert into todos (id, organization_id, user_id, title, status, priority, due_date, created_at, updated_at, completed_at)
     select gen_random_uuid(), $1, $2, 'Todo ' || i * 7919 % $3,
            (case when i % 3 = 0 then 'completed' else 'pending' end)::todo_status, i % 4,
            case when i % 5 > 0 then current_date - i % 100 end,
            date_trunc('milliseconds', now() - i * interval '17 minutes'), date_trunc('milliseconds', now() - i * 7 % $3 * interval '1 minute'),
            case when i % 3 = 0 then now() end
       from generate_series(1, $3::int) i`,
    [organizationId, userId, count],
  );
}

const orders = TODO_SORTS.flatMap((sort) =>
  (["asc", "desc"] as const).map((direction) => ({ sort, direction })),
);

/** What noah is shown, in the order that one sort of all of it gives. */
async function expected(filter: TodoFilter, condition = "true"): Promise<string[]> {
  const direction = filter.direction ?? "asc";
  const keys = {
    priority: "priority, created_at, id",
    due: "due_date, id",
    created: "created_at, id",
    updated: "updated_at, id",
    title: "title collate app.natural, id",
  }[filter.sort ?? "priority"];
  const order = keys.replaceAll(",", ` ${direction},`);
  const rows = await database.sql<{ id: string }>(
    `select id from todos where organization_id in ($1, $2) and deleted_at is null and ${condition}
      order by ${filter.sort === "due" ? "due_date is null, " : ""}${order} ${direction}`,
    [team.organizationId, noah.organizationId],
  );
  return rows.map(({ id }) => id);
}

async function pagesOf(filter: TodoFilter, pages: number): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < pages; page += 1) {
    const { rows, nextCursor } = await listTodos(noah.scope(), { ...filter, cursor });
    ids.push(...rows.map(({ id }) => id));
    if (nextCursor === null) break;
    cursor = nextCursor;
  }
  return ids;
}

describe("a list of everybody's todos in one's organizations", () => {
  it("has each person's in one order, page after page, with those of whoever left", async () => {
    for (const order of orders) {
      const filter: TodoFilter = { owner: "everyone", status: "all", ...order };
      const all = await expected(filter);
      expect(all).toHaveLength(8_000 + 90 + 40 + 200);
      expect(await pagesOf(filter, 6)).toEqual(all.slice(0, 6 * PAGE_SIZE));
    }
  });

  it("has only those that are asked for", async () => {
    for (const order of orders) {
      const filter: TodoFilter = { owner: "everyone", status: "completed", ...order };
      const all = await expected(filter, "status = 'completed'");
      expect(await pagesOf(filter, 2)).toEqual(all.slice(0, 2 * PAGE_SIZE));
      const lefts = await expected(
        filter,
        `user_id = '${lea.userId}' and organization_id = '${team.organizationId}'`,
      );
      expect(await pagesOf({ ...filter, status: "all", owner: { userId: lea.userId } }, 2)).toEqual(lefts);
    }
    expect(await countTodos(noah.scope(), { owner: { userId: lea.userId }, status: "all" })).toBe(40);
    expect(await countTodos(noah.scope(), { owner: "everyone", status: "all" })).toBe(1_000);
  });

  it("reads a page of each person's by the index of its order, and not all that the organization has", async () => {
    for (const order of orders) {
      for (const status of ["all", "completed"] as const) {
        const plans = await explain(noah.scope(), (scope) =>
          listTodos(scope, { owner: "everyone", status, ...order }),
        );
        const indexes = plans.flatMap(({ nodes }) => nodes.flatMap((node) => node["Index Name"] ?? []));
        expect(indexes).toContain(`todos_user_${order.sort}_index`);
        expect(plans.reduce((sum, { buffers }) => sum + buffers, 0)).toBeLessThan(1_000);
      }
    }
  });
});
