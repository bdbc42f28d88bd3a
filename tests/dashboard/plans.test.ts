import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getDashboard } from "@/lib/dashboard/repository";
import { DASHBOARD_LIST_SIZE, DASHBOARD_POSTPONED_MAX } from "@/lib/db/limits";
import { getCounts } from "@/lib/todos/repository";
import { connectAppUser } from "../helpers/app-user";
import { COMPUTE_DASHBOARD, DASHBOARD_ETAG, READ_DASHBOARD, readDashboard } from "../helpers/dashboard";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { explain } from "../helpers/explain";
import { nestedPlans, type NestedPlan } from "../helpers/nested-plans";
import { createPerson, type Person } from "../helpers/people";

/** What the first to read it after a change has to do. */
const dashboard = COMPUTE_DASHBOARD;

let database: TestDatabase;
/** A thousand todos. */
let mia: Person;
/** Twenty thousand, some of them completed on every day of the last three years. */
let noah: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  const tables = ["todos", "tags", "todo_tags"];
  for (const table of tables) await database.sql(`alter table ${table} disable trigger user`);
  [mia, noah] = [await createPerson(database), await createPerson(database)];
  await fill(mia, 1_000);
  await fill(noah, 20_000);
  for (let other = 0; other < 10; other += 1) await fill(await createPerson(database), 300);
  for (const table of tables) await database.sql(`alter table ${table} enable trigger user`);
  await database.sql("select app.rebuild_todo_counts()");
  for (const table of [...tables, "todo_counts", "todo_due_counts", "todo_done_counts", "todo_tag_counts"]) {
    await database.sql(`vacuum analyze ${table}`);
  }
}, 120_000);
afterAll(() => database.drop());

/** Todos of a thousand days, each with one of twenty tags: one in ten is open, and one in twenty in the trash. */
async function fill({ userId, organizationId }: Person, count: number): Promise<void> {
  await database.sql(
    `insert into tags (id, organization_id, name)
     select gen_random_uuid(), $1, 'tag ' || i from generate_series(1, 20) i`,
    [organizationId],
  );
  await database.sql(
    `with written as (
       insert into todos (id, organization_id, user_id, title, status, priority, due_date, due_time, postponed,
                          created_at, completed_at, deleted_at)
       select gen_random_uuid(), $1, $2, 'Todo ' || i, (case when i % 10 = 0 then 'pending' else 'completed' end)::todo_status,
              i / 10 % 6, current_date + 20 - i % 1000, case when i % 30 = 0 then make_time(i % 24, 0, 0) end,
              case when i % 40 = 0 then i / 40 % 9 else 0 end, at, case when i % 10 > 0 then at + interval '1 hour' end,
              case when i % 20 = 1 then now() end
         from generate_series(1, $3::int) i cross join lateral (
           select date_trunc('milliseconds', now() - i % 1000 * interval '1 day' - interval '2 hours') as at) times
       returning id
     )
     insert into todo_tags (organization_id, todo_id, tag_id)
     select $1, numbered.id, tag.id
       from (select id, row_number() over () as place from written) numbered
       join (select id, row_number() over () as place from tags where organization_id = $1) tag
         on tag.place = numbered.place % 20 + 1`,
    [organizationId, userId, count],
  );
}

const scans = (plans: NestedPlan[]) =>
  plans.flatMap(({ nodes }) => nodes.filter((node) => node["Relation Name"] !== undefined));
const indexesOf = (plans: NestedPlan[]) => new Set(scans(plans).map((node) => node["Index Name"]));
/** Of a plan's root, with all below it. */
const buffersOf = (plans: NestedPlan[]) =>
  plans.reduce(
    (sum, { nodes: [root] }) =>
      sum + (root?.["Shared Hit Blocks"] ?? 0) + (root?.["Shared Read Blocks"] ?? 0),
    0,
  );

/** Plans of a function once VACUUM has marked all pages: an automatic ANALYZE that runs meanwhile keeps it from that. */
async function settledPlans(person: Person, call: string): Promise<NestedPlan[]> {
  let plans: NestedPlan[] = [];
  await expect
    .poll(
      async () => {
        await database.sql("vacuum todos");
        await database.sql("vacuum todo_due_counts");
        await database.sql("vacuum todo_done_counts");
        plans = await nestedPlans(database, person, call);
        return scans(plans).reduce((sum, node) => sum + (node["Heap Fetches"] ?? 0), 0);
      },
      { timeout: 15_000 },
    )
    .toBe(0);
  return plans;
}

describe("the dashboard's plans, as app_user", () => {
  it("are one statement's, and read no table from end to end but small ones", async () => {
    for (const person of [mia, noah]) {
      expect(await explain(person.scope(), getDashboard)).toHaveLength(1);
      const whole = scans(await settledPlans(person, dashboard)).filter(
        (node) => node["Node Type"] === "Seq Scan",
      );
      expect(whole.filter((node) => ["todos", "todo_tags"].includes(node["Relation Name"] ?? ""))).toEqual(
        [],
      );
    }
  });

  it("choose and count by indexes alone, without a single look at the table", async () => {
    for (const person of [mia, noah]) {
      const plans = await settledPlans(person, dashboard);
      const byIndexAlone = scans(plans).filter((node) => node["Node Type"] === "Index Only Scan");
      const indexes = new Set(byIndexAlone.map((node) => node["Index Name"]));
      expect(indexes).toContain("todos_pressing_index");
      expect(indexes).toContain("todos_user_completed_index");
      expect(indexes).toContain("todos_open_due_index");
      // Read from the table: the twenty rows of the list and the five most postponed.
      const others = scans(plans).filter(
        (node) => node["Relation Name"] === "todos" && node["Node Type"] !== "Index Only Scan",
      );
      const read = others.reduce((sum, node) => sum + node["Actual Rows"] * node["Actual Loops"], 0);
      expect(read).toBeLessThanOrEqual(DASHBOARD_LIST_SIZE + DASHBOARD_POSTPONED_MAX);
      expect(indexesOf(plans)).toContain("todos_postponed_index");
    }
  });

  it("touch little more for twenty thousand todos than for one thousand", async () => {
    const [few, many] = [await settledPlans(mia, dashboard), await settledPlans(noah, dashboard)];
    expect(buffersOf(few)).toBeLessThan(400);
    expect(buffersOf(many)).toBeLessThan(400);
  });
});

describe("the plans of the dashboard that is kept", () => {
  it("read what was kept for the person, and nothing of what it was computed from", async () => {
    for (const person of [mia, noah]) {
      const plans = await nestedPlans(database, person, READ_DASHBOARD);
      expect(plans).toHaveLength(1);
      const relations = scans(plans).map((node) => node["Relation Name"]);
      expect(relations).toHaveLength(2);
      expect(new Set(relations)).toEqual(new Set(["dashboard_changes", "dashboards"]));
      expect(buffersOf(plans)).toBeLessThan(12);
    }
  });
});

describe("the plans of the dashboard that whoever asks still has", () => {
  it("read what it stands at, and nothing else", async () => {
    const app = await connectAppUser(database);
    try {
      for (const person of [mia, noah]) {
        const [kept] = await app.as(person, (sql) =>
          sql<{ etag: string }>(`select ${DASHBOARD_ETAG} as etag`),
        );
        const plans = await nestedPlans(database, person, readDashboard(kept?.etag ?? ""));
        expect(scans(plans).map((node) => node["Relation Name"])).toEqual(["dashboard_changes"]);
        expect(buffersOf(plans)).toBeLessThan(6);
      }
    } finally {
      await app.end();
    }
  });
});

describe("the plans of what every page asks for", () => {
  it("read a handful of pages for the sidebar's counts, however many todos there are", async () => {
    for (const person of [mia, noah]) {
      await getCounts(person.scope()); // The connection's first call makes the plans, from the catalogue.
      const [plan] = await explain(person.scope(), getCounts);
      expect(plan?.buffers).toBeLessThan(100);
      // Of the todos themselves only those that are due today.
      const todos = scans(await settledPlans(person, "app.sidebar_counts(1000)")).filter(
        (node) => node["Relation Name"] === "todos",
      );
      expect(todos).toMatchObject([
        { "Node Type": "Index Only Scan", "Index Name": "todos_open_due_index", "Heap Fetches": 0 },
      ]);
      expect(todos[0]?.["Actual Rows"]).toBeLessThan(50);
    }
  });

  it("read the tags' counts, and none of the todos that have them", async () => {
    for (const person of [mia, noah]) {
      const plans = await settledPlans(person, "app.tell_tags('null')");
      const relations = scans(plans).map((node) => node["Relation Name"]);
      expect(new Set(relations)).toEqual(new Set(["tags", "todo_tag_counts"]));
      expect(buffersOf(plans)).toBeLessThan(100);
    }
  });
});
