import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { getDashboard } from "@/lib/dashboard/repository";
import { migrateDown, migrateUp } from "@/scripts/migrate/runner";
import { connectAppUser } from "../helpers/app-user";
import { expectKeptToBeComputed } from "../helpers/dashboard";
import { type TestDatabase, createTestDatabase } from "../helpers/database";
import { createPerson, type Person } from "../helpers/people";
import { writeTodo } from "../helpers/rows";

/** Those from drizzle/0014_marked_dashboards.sql on. */
const STEPS = readdirSync(join(import.meta.dirname, "../../drizzle")).filter(
  (file) => file >= "0014" && file.endsWith(".sql"),
).length;

let database: TestDatabase;
let mia: Person;
beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(async () => {
  mia = await createPerson(database);
});
afterAll(() => database.drop());

/** As the version before reads it. */
async function titlesBefore(): Promise<string[]> {
  const app = await connectAppUser(database);
  try {
    const [row] = await app.as(mia, (sql) =>
      sql<{ titles: string[] }>(
        `select format('[%s]', app.tell_dashboard('null', 20, 30, 200, 12, 5))::json -> 1 -> 'list' -> 2 as titles`,
      ),
    );
    return row?.titles ?? [];
  } finally {
    await app.end();
  }
}
const titles = async () => (await expectKeptToBeComputed(mia.scope())).list.map(({ title }) => title);

describe("a dashboard", () => {
  it("is right before and after a rollback, and after it is applied again", async () => {
    await writeTodo(database, mia, { title: "One" });
    expect(await titles()).toEqual(["One"]);
    const { unpooledUrl: url } = database;
    await migrateDown({ url, steps: STEPS });
    // Computed, and kept.
    for (let time = 0; time < 2; time += 1) expect(await titlesBefore()).toEqual(["One"]);
    await writeTodo(database, mia, { title: "Two" });
    for (let time = 0; time < 2; time += 1) expect(await titlesBefore()).toEqual(["One", "Two"]);
    await migrateUp({ url });
    expect(await titles()).toEqual(["One", "Two"]);
    await writeTodo(database, mia, { title: "Three" });
    expect(await titles()).toEqual(["One", "Two", "Three"]);
  });

  it("is read and made void by the version before while it is applied, without an error", async () => {
    const { unpooledUrl: url } = database;
    const id = await writeTodo(database, mia, { title: "0" });
    for (let round = 0; round < 5; round += 1) {
      await migrateDown({ url, steps: STEPS });
      const over = new AbortController();
      const again = async (work: () => Promise<unknown>) => {
        while (!over.signal.aborted) await work();
      };
      const rename = () =>
        database.sql("update todos set title = (title::int + 1)::text where id = $1", [id]);
      const at = [titlesBefore, titlesBefore, rename, rename].map((work) => again(work));
      await migrateUp({ url });
      over.abort();
      await Promise.all(at);
      const [todo] = await database.sql<{ title: string }>("select title from todos where id = $1", [id]);
      expect(await titles()).toEqual([todo?.title]);
    }
  });

  it("is read by the version before, too, and is void after its triggers", async () => {
    await writeTodo(database, mia, { title: "One" });
    for (const count of [
      "update dashboard_changes set changes = changes + 1 where user_id = $1",
      "insert into dashboard_changes (user_id, changes) values ($1, 1)",
    ]) {
      const { list } = await getDashboard(mia.scope());
      expect(await titlesBefore()).toEqual(["One"]);
      expect((await getDashboard(mia.scope())).list).toBe(list);
      await database.sql(count, [mia.userId]);
      expect((await getDashboard(mia.scope())).list).not.toBe(list);
    }
  });
});
