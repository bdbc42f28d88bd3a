import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { undoCommand } from "@/lib/audit/repository";
import { createTodo, deleteTodo, transferTodo, updateTodo } from "@/lib/todos/repository";
import { migrateDown, migrateUp } from "@/scripts/migrate/runner";
import { seedCrowd } from "@/scripts/seed/crowd";
import { seedDemo } from "@/scripts/seed/demo";
import { type TestDatabase, createTestDatabase } from "../helpers/database";
import { createPerson } from "../helpers/people";
import { readContents, restrictedTo, type Contents } from "../helpers/contents";
import { writeMembership, writeTodo } from "../helpers/rows";

/** What an earlier version of Cairn was released with; the migrations after it are rolled back and applied again. */
const RELEASED = 4;
const LATER = readdirSync(join(import.meta.dirname, "../../drizzle"))
  .filter((file) => file.endsWith(".sql"))
  .toSorted()
  .slice(RELEASED);

let database: TestDatabase;
// The demo, a crowd with teams, trash and history, and what only the later migrations make possible.
beforeAll(async () => {
  database = await createTestDatabase();
  await seedDemo({ url: database.unpooledUrl });
  await seedCrowd(
    { url: database.unpooledUrl, people: 20, todos: 1000, heavy: 300, seed: 7, today: "2026-11-20" },
    (_title, work) => work({ note() {}, summarize() {} }),
  );
  const [mia, noah] = [await createPerson(database), await createPerson(database)];
  await writeMembership(database, mia.organizationId, noah);
  await database.sql("update organizations set personal_user_id = null where id = $1", [mia.organizationId]);
  const [given, kept] = [await writeTodo(database, mia), await writeTodo(database, mia)];
  await transferTodo(mia.scope(), { id: given, userId: noah.userId });
  await updateTodo(mia.scope(), { id: kept, version: 1, dueDate: "2031-01-01" });
  await updateTodo(mia.scope(), { id: kept, version: 2, dueDate: "2031-01-02" });
  const scope = mia.scope();
  await updateTodo(scope, { id: kept, version: 3, dueDate: "2030-12-31" });
  await undoCommand(mia.scope(), { commandId: scope.commandId });
  await deleteTodo(noah.scope(), { id: given });
  await createTodo(noah.scope(), { title: "Buy milk", dueDate: "9999-12-31", tags: ["Home", "shop"] });
  await database.sql(
    "insert into accounts (id, user_id, type, provider, provider_account_id) values (gen_random_uuid(), $1, 'oauth', 'a', 'b')",
    [mia.userId],
  );
  await database.sql("insert into rate_limits (key, count, window_ends_at) values ('a', 1, now())");
  await database.sql(
    "insert into verification_tokens (id, identifier, token_hash, expires_at) values (gen_random_uuid(), 'a', repeat('a', 64), now())",
  );
}, 300_000);
afterAll(() => database.drop());

/** All but the kept dashboards, which are computed anew. */
async function contents(): Promise<Contents> {
  const { dashboards: _, dashboard_changes: __, ...rest } = await readContents(database.sql);
  return rest;
}

it("there is a row in every table, so that there is something to lose", async () => {
  const tables = Object.entries(await contents());
  expect(tables.filter(([, { rows }]) => rows.length === 0).map(([name]) => name)).toEqual([]);
});

it.each(LATER.map((name, index) => [name, LATER.length - index] as const))(
  "%s can be gone back to and from, with all rows kept",
  async (_name, steps) => {
    const { unpooledUrl: url } = database;
    const before = await contents();
    await migrateDown({ url, steps });
    const back = await contents();
    expect(back).toEqual(restrictedTo(before, back));
    await migrateUp({ url });
    expect(await contents()).toEqual(before);
  },
  300_000,
);
