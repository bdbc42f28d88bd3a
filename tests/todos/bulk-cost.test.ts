import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { undoCommand } from "@/lib/audit/repository";
import { newId } from "@/lib/db/id";
import type { BulkChange } from "@/lib/todos/bulk-types";
import { bulkTodos } from "@/lib/todos/repository";
import { meterCost } from "@/scripts/bench/meters";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { createPerson, type Person } from "../helpers/people";
import { writeMembership } from "../helpers/rows";
import { done } from "./world";

const MANY = 1_000;

let database: TestDatabase;
let superuser: Client;
let mia: Person;
let noah: Person;

/** Four thousand todos of an organization that the two share, of every priority, due day and length, each with two tags. */
beforeAll(async () => {
  database = await createTestDatabase();
  // pg_stat_statements is in the database that the server was made with.
  const { superuserUrl, ownerUrl } = inject("server");
  const url = new URL(superuserUrl);
  url.pathname = new URL(ownerUrl).pathname;
  superuser = new Client({ connectionString: url.href });
  await superuser.connect();
  [mia, noah] = [await createPerson(database), await createPerson(database)];
  const organizationId = newId();
  await database.sql("insert into organizations (id, name) values ($1, 'Team')", [organizationId]);
  for (const member of [mia, noah]) await writeMembership(database, organizationId, member);
  await database.sql(
    `insert into tags (id, organization_id, name) select gen_random_uuid(), $1, 'tag ' || i from generate_series(1, 20) i`,
    [organizationId],
  );
  await database.sql(
    `with written as (
       insert into todos (id, organization_id, user_id, title, description, priority, due_date)
       select gen_random_uuid(), $1, $2, 'Todo ' || i, repeat('words ', i % 50), i % 4, current_date + i % 400
         from generate_series(1, 4000) i
       returning id
     )
     insert into todo_tags (organization_id, todo_id, tag_id)
     select $1, written.id, tag.id from written, lateral (
       select id from tags where organization_id = $1 order by hashtext(written.id::text || id::text) limit 2) tag`,
    [organizationId, mia.userId],
  );
  for (const table of ["todos", "todo_tags", "tags", "audit_logs"]) {
    await database.sql(`vacuum analyze ${table}`);
  }
}, 120_000);
afterAll(async () => {
  await superuser.end();
  await database.drop();
});

/** Pages that the statements of some work touched. */
async function pagesOf(work: () => Promise<unknown>): Promise<number> {
  const target = { url: database.databaseUrl, endpoint: database.endpoint };
  const { requests, buffers } = await meterCost(superuser, target, work);
  expect(requests).toBe(1);
  return buffers;
}

/** Half of them are of the indexes of todos: a new one costs two or three with every change. */
const steps: [name: string, pages: number, change: () => BulkChange][] = [
  ["setting the priority", 46, () => ({ action: "priority", priority: 3 })],
  ["putting off", 50, () => ({ action: "shift", days: 1, key: newId() })],
  ["completing", 52, () => ({ action: "complete" })],
  ["reopening", 60, () => ({ action: "reopen" })],
  ["tagging", 80, () => ({ action: "tag", tags: ["new"] })],
  ["untagging", 68, () => ({ action: "untag", tags: ["new"] })],
  ["deleting", 46, () => ({ action: "delete" })],
  ["restoring", 60, () => ({ action: "restore" })],
  ["handing over", 80, () => ({ action: "transfer", userId: noah.userId })],
];

describe("a command on 1,000 todos", () => {
  it.each(steps)("%s touches at most %i pages for each", { timeout: 30_000 }, async (_, pages, change) => {
    const rows = await database.sql<{ id: string }>(
      "select id from todos where user_id = $1 and priority < 3 order by hashtext(id::text) limit $2",
      [mia.userId, MANY + 1],
    );
    const [first = "", ...ids] = rows.map(({ id }) => id);
    const send = (target: string[]) =>
      done(bulkTodos(mia.scope(), { target: { ids: target }, change: change() }));
    // Triggers keep their plans with the connection: made for one todo, they are used for a thousand.
    await send([first]);
    let changed = 0;
    const touched = await pagesOf(async () => {
      ({ changed } = await send(ids));
    });
    expect(changed).toBe(MANY);
    expect(touched / MANY).toBeLessThan(pages);
  });

  it("is undone for at most 60 pages for each", { timeout: 30_000 }, async () => {
    const rows = await database.sql<{ id: string }>("select id from todos where user_id = $1 limit $2", [
      mia.userId,
      MANY,
    ]);
    const ids = rows.map(({ id }) => id);
    const { commandId } = await done(
      bulkTodos(mia.scope(), { target: { ids }, change: { action: "shift", days: 3, key: newId() } }),
    );
    const touched = await pagesOf(async () => {
      expect(await done(undoCommand(mia.scope(), { commandId }))).toMatchObject({ undone: MANY });
    });
    expect(touched / MANY).toBeLessThan(60);
  });
});
