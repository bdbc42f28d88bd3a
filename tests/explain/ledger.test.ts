import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catalogue } from "@/scripts/explain/catalogue";
import { explainEntries, plannedIndexes, type Explained } from "@/scripts/explain/explain";
import { findingsOf } from "@/scripts/explain/report";
import { seedCrowd } from "@/scripts/seed/crowd";
import { createTestDatabase, type TestDatabase } from "../helpers/database";

/** Read inside of functions of ours, where no plan shows them, and whose work it is that does. */
const INSIDE_FUNCTIONS: Record<string, string> = {
  todos_pressing_index: "dashboard.getDashboard",
  todos_postponed_index: "dashboard.getDashboard",
  todos_user_completed_index: "dashboard.getDashboard",
};

/** Read by nothing that is asked, and why they are there all the same. Unique ones refuse doubles, and need no reason. */
const OTHER_REASONS: Record<string, string> = {
  accounts_user_id_index: "Its foreign key: deleting a person deletes their other ways to sign in.",
  dashboard_changes_user_index:
    "dashboard.getDashboard, once there are people for more than one page; and its foreign key.",
  sessions_user_id_index: "Its foreign key: deleting a person deletes their sessions.",
  memberships_user_id_index: "app.actors_of, when somebody's change; and its foreign key.",
};

/** Tables with so many rows are never read whole. */
const BIG = 1_000;

let database: TestDatabase;
let explained: Explained[];

beforeAll(async () => {
  database = await createTestDatabase();
  const crowd = { people: 30, todos: 20_000, heavy: 8_000, seed: 7, today: "2026-11-20" };
  await seedCrowd({ url: database.unpooledUrl, ...crowd }, (_title, work) =>
    work({ note: () => {}, summarize: () => {} }),
  );
  await database.sql("vacuum analyze");
  ({ explained } = await explainEntries({ url: database.unpooledUrl, entries: catalogue }));
}, 300_000);
afterAll(() => database.drop());

function titlesOf(found: Explained[]): string[] {
  return found.map(({ name, variant }) => `${name} ${variant}`);
}

describe("the queries of the catalogue, on 20,000 todos", () => {
  it("all run, and read no big table whole, neither by themselves nor inside of functions", async () => {
    expect(explained.filter(({ refused }) => refused)).toEqual([]);
    expect(explained.flatMap(findingsOf)).toEqual([]);
    expect(titlesOf(explained.filter(({ readWhole }) => readWhole.length > 0))).toEqual([]);
    const tables = await database.sql<{ name: string }>(
      "select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and reltuples >= $1",
      [BIG],
    );
    const big = new Set(tables.map(({ name }) => name));
    expect([...big]).toEqual(expect.arrayContaining(["todos", "todo_tags", "audit_logs"]));
    const whole = explained.filter(({ statements }) =>
      statements
        .flatMap(({ plan }) => plan.nodes)
        .some((node) => node["Node Type"] === "Seq Scan" && big.has(node["Relation Name"] ?? "")),
    );
    expect(titlesOf(whole)).toEqual([]);
  });

  it("use every index that there is: what nothing reads is dropped, or has a reason", async () => {
    const indexes = await database.sql<{ name: string; unique: boolean }>(
      `select c.relname as name, i.indisunique as unique from pg_index i join pg_class c on c.oid = i.indexrelid
        where c.relnamespace = 'public'::regnamespace order by 1`,
    );
    const planned = new Set(explained.flatMap(plannedIndexes));
    const unread = indexes
      .filter(({ name, unique }) => !unique && !planned.has(name))
      .map(({ name }) => name);
    expect(unread.filter((name) => !(name in INSIDE_FUNCTIONS))).toEqual(
      Object.keys(OTHER_REASONS).toSorted(),
    );

    const names = indexes.map(({ name }) => name);
    for (const [index, entry] of Object.entries(INSIDE_FUNCTIONS)) {
      expect(names).toContain(index);
      const readers = explained.filter(({ touched }) => touched.includes(index)).map(({ name }) => name);
      expect(readers).toContain(entry);
    }
  });

  it("find the rows that audit_logs blanks at a purge by the todo, not by reading the log", () => {
    const purges = explained.filter(({ name }) => ["jobs.purge", "todos.purgeTodo"].includes(name));
    expect(purges).toHaveLength(2);
    for (const { touched } of purges) expect(touched).toContain("audit_logs_entity_id_index");
  });
});
