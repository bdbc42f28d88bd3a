import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AppUser, connectAppUser } from "../helpers/app-user";
import { type TestDatabase, createTestDatabase } from "../helpers/database";
import { type Person, createPerson } from "../helpers/people";

const TODOS = 5_000;

let database: TestDatabase;
let app: AppUser;
let ada: Person;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await connectAppUser(database);
  ada = await createPerson(database);
  for (const person of [ada, await createPerson(database)]) {
    await database.sql(
      `insert into todos (id, organization_id, user_id, title, priority, due_date)
       select app.uuid_v7(), $1, $2, 'Todo ' || n, n % 6, date '2030-01-01' + n % 100 from generate_series(1, $3) n`,
      [person.organizationId, person.userId, TODOS],
    );
  }
  await database.sql("vacuum (analyze) todos");
});
afterAll(async () => {
  await app.end();
  await database.drop();
});

type Plan = {
  "Node Type": string;
  "Index Name"?: string;
  "Heap Fetches"?: number;
  "Actual Loops": number;
  "Subplan Name"?: string;
  Plans?: Plan[];
};

/** All nodes of a query's plan, as it ran for Ada. */
async function explain(query: string): Promise<Plan[]> {
  const [row] = await app.as(ada, (sql) =>
    sql<{ "QUERY PLAN": { Plan: Plan }[] }>(`explain (analyze, format json) ${query}`),
  );
  const flatten = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flatten)];
  return (row?.["QUERY PLAN"] ?? []).flatMap(({ Plan: plan }) => flatten(plan));
}

describe("the dashboard's list under row-level security", () => {
  const query = `select id, title, status, priority, due_date from todos
     where user_id = app.user_id() and deleted_at is null
     order by priority desc, created_at desc, id desc limit 20`;

  it("is read from the covering index alone, in its order", async () => {
    // An automatic ANALYZE that runs meanwhile keeps VACUUM from marking pages as visible to all: then once more.
    await expect
      .poll(async () => {
        await database.sql("vacuum todos");
        return (await explain(query)).find((node) => node["Index Name"] === "todos_user_priority_index");
      })
      .toMatchObject({ "Node Type": "Index Only Scan", "Heap Fetches": 0 });
    const nodes = await explain(query);
    expect(nodes.map((node) => node["Node Type"])).not.toContain("Sort");
  });
});

describe("the policies", () => {
  it.each(["todos", "tags", "todo_tags", "organizations", "memberships", "audit_logs", "users"])(
    "of %s compute the settings once per statement, not once per row",
    async (table) => {
      const nodes = await explain(`select * from (select count(*) from ${table}) counted`);
      const settings = nodes.filter((node) => node["Subplan Name"]?.startsWith("InitPlan"));
      expect(settings.length).toBeGreaterThan(0);
      expect(settings.map((node) => node["Actual Loops"]).every((loops) => loops <= 1)).toBe(true);
    },
  );

  it("read no setting outside of a subquery", async () => {
    const policies = await database.sql<{ name: string; expression: string }>(
      `select policyname as name, coalesce(qual, '') || ' ' || coalesce(with_check, '') as expression from pg_policies`,
    );
    expect(policies.length).toBeGreaterThan(10);
    for (const { name, expression } of policies) {
      const all = expression.match(/app\.\w+\(\)/g) ?? [];
      const once = expression.match(/\( SELECT app\.\w+\(\) AS \w+\)/g) ?? [];
      expect({ name, once: once.length }).toEqual({ name, once: all.length });
      expect(all.length).toBeGreaterThan(0);
    }
  });
});

describe("tables that are read by index alone", () => {
  it("are vacuumed long before a fifth of them has changed", async () => {
    const [row] = await database.sql("select reloptions from pg_class where oid = 'todos'::regclass");
    expect(row?.reloptions).toEqual([
      "autovacuum_vacuum_scale_factor=0.02",
      "autovacuum_vacuum_insert_scale_factor=0.02",
      "autovacuum_analyze_scale_factor=0.02",
    ]);
  });
});
