import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeEntry } from "@/lib/audit/describe";
import { getHistory } from "@/lib/audit/repository";
import type { ActivityEntry } from "@/lib/audit/types";
import { newId } from "@/lib/db/id";
import { updateSettings } from "@/lib/settings/repository";
import { createTag, deleteTag } from "@/lib/tags/repository";
import { startCountingProxy, type CountingProxy } from "../helpers/counting-proxy";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { createPerson, type Person } from "../helpers/people";
import { writeMembership, writeTag, writeTodo } from "../helpers/rows";

let database: TestDatabase;
let proxy: CountingProxy;
beforeAll(async () => {
  const direct = await createTestDatabase();
  proxy = await startCountingProxy(direct.endpoint);
  database = { ...direct, endpoint: proxy.url };
});
afterAll(async () => {
  await proxy.stop();
  await database.drop();
});

/** Two people; the second one has a todo and a tag. */
async function twoPeople() {
  const [mia, noah] = [
    await createPerson(database, { name: "Mia" }),
    await createPerson(database, { name: "Noah" }),
  ];
  const theirs = await writeTodo(database, noah, { title: "Secret" });
  await as(noah, "update todos set priority = 1 where id = $1", theirs);
  return { mia, noah, theirs };
}

/** Runs a statement about one row as a person, past the repositories: $1 is the id. */
async function as(person: Person, statement: string, id: string): Promise<void> {
  const scope = person.scope();
  const [before = "", after = ""] = statement.split("$1");
  await scope.run("test", [scope.db.execute(sql`${sql.raw(before)}${id}${sql.raw(after)}`)]);
}

/** Writes entries of one person into the log, as if so many things had been done to a todo. */
async function writeEntries(person: Person, count: number, entityId: string = newId()): Promise<void> {
  await database.sql(
    `insert into audit_logs (organization_id, user_id, entity_type, entity_id, action, changes)
     select $1, $2, 'todo', $3, 'update', jsonb_build_object('priority', jsonb_build_array(n - 1, n))
       from generate_series(1, $4::int) n`,
    [person.organizationId, person.userId, entityId, count],
  );
}

const actions = (entries: ActivityEntry[]) => entries.map(({ action }) => action);
const sentences = (entries: ActivityEntry[]) =>
  entries.map((entry) => describeEntry(entry, { subject: false }));

describe("getHistory", () => {
  it("tells what happened to a todo, newest first, in one request", async () => {
    const { mia } = await twoPeople();
    const id = newId();
    const home = await writeTag(database, mia, "Home");
    await as(
      mia,
      `insert into todos (id, organization_id, user_id, title, due_date)
       values ($1, app.personal_organization_id(), app.user_id(), 'Buy milk', '2026-12-03')`,
      id,
    );
    await as(
      mia,
      `insert into todo_tags (organization_id, todo_id, tag_id)
       select app.personal_organization_id(), $1, id from tags`,
      id,
    );
    await as(mia, "update todos set due_date = '2026-12-05', title = 'Buy oat milk' where id = $1", id);
    await as(mia, "update todos set status = 'completed' where id = $1", id);
    await deleteTag(mia.scope(), { id: home });
    await as(mia, "update todos set deleted_at = now() where id = $1", id);
    proxy.reset();
    const history = await getHistory(mia.scope(), id);
    expect(proxy.requests).toHaveLength(1);
    const year = new Date().getUTCFullYear() === 2026 ? "" : " 2026";
    expect(sentences(history)).toEqual([
      "Moved to the trash",
      "Removed the tag Home",
      "Completed",
      `Renamed “Buy milk” to “Buy oat milk” and changed due date from 3 Dec${year} to 5 Dec${year}`,
      "Added the tag Home",
      "Added",
    ]);
    expect(history[0]).toEqual({
      id: expect.any(String),
      commandId: expect.any(String),
      at: expect.any(Date),
      actorName: "Mia",
      mine: true,
      entityType: "todo",
      entityId: id,
      title: "Buy oat milk",
      action: "delete",
      changes: { deleted_at: [null, expect.any(String)] },
    });
  });

  it("is empty for another person's todo, one that never was, and what is no id", async () => {
    const { mia, noah, theirs } = await twoPeople();
    expect(await getHistory(noah.scope(), theirs)).toHaveLength(2);
    for (const id of [theirs, newId(), "", "1' or '1'='1", theirs.toUpperCase()]) {
      expect(await getHistory(mia.scope(), id)).toEqual([]);
    }
  });

  it("is empty for an id that is not a todo's", async () => {
    const { mia } = await twoPeople();
    const made = await createTag(mia.scope(), { name: "Home", colour: "#000000", icon: null });
    expect(made.ok && (await getHistory(mia.scope(), made.data.id))).toEqual([]);
    expect(await getHistory(mia.scope(), mia.userId)).toEqual([]);
  });

  it("tells who else changed a shared todo, by name", async () => {
    const { mia, noah } = await twoPeople();
    await writeMembership(database, mia.organizationId, noah);
    const id = await writeTodo(database, mia);
    await as(noah, "update todos set status = 'in_progress' where id = $1", id);
    const [latest, first] = await getHistory(mia.scope(), id);
    expect(latest).toMatchObject({ action: "start", actorName: "Noah", mine: false });
    expect(first).toMatchObject({ action: "create", actorName: null, mine: false });
    expect(await getHistory(noah.scope(), id)).toMatchObject([{ mine: true }, {}]);
  });

  it("survives the todo: its last title stays, its description does not", async () => {
    const { mia } = await twoPeople();
    const id = await writeTodo(database, mia, { title: "Buy milk" });
    await as(mia, "update todos set title = 'Buy oat milk', description = 'private' where id = $1", id);
    await as(mia, "update todos set deleted_at = now() where id = $1", id);
    await as(mia, "delete from todos where id = $1", id);
    const history = await getHistory(mia.scope(), id);
    expect(actions(history)).toEqual(["purge", "delete", "update", "create"]);
    expect(history.map(({ title }) => title)).toEqual(Array(4).fill("Buy oat milk"));
    expect(JSON.stringify(history)).not.toContain("private");
  });

  it("gives the latest hundred", async () => {
    const { mia } = await twoPeople();
    const id = await writeTodo(database, mia);
    await writeEntries(mia, 101, id);
    const history = await getHistory(mia.scope(), id);
    expect(history).toHaveLength(100);
    expect(history[0]?.changes).toEqual({ priority: [100, 101] });
  });
});

it("has a sentence of its own for every action that a trigger writes", async () => {
  const { mia, noah } = await twoPeople();
  const scope = mia.scope();
  const todo = await writeTodo(database, mia);
  const tag = await writeTag(database, mia, "Home");
  const team = newId();
  await database.sql("insert into organizations (id, name) values ($1, 'Team')", [team]);
  await updateSettings(scope, {
    name: "Mia B.",
    timeZone: "Europe/Berlin",
    weekStart: 7,
    theme: "dark",
  });
  const everything: [string, unknown[]][] = [
    [
      "update todos set title = 'x', description = 'x', priority = 5, due_date = '2027-01-01', due_time = '08:00', scheduled_for = '2027-01-01' where id = $1",
      [todo],
    ],
    ...(["in_progress", "completed", "cancelled", "pending"].map((status) => [
      `update todos set status = '${status}' where id = $1`,
      [todo],
    ]) as [string, unknown[]][]),
    [
      "insert into todo_tags (organization_id, todo_id, tag_id) values ($1, $2, $3)",
      [mia.organizationId, todo, tag],
    ],
    ["delete from todo_tags where todo_id = $1", [todo]],
    ["update todos set user_id = $2 where id = $1", [todo, noah.userId]],
    ["update todos set deleted_at = now() where id = $1", [todo]],
    ["update todos set deleted_at = null where id = $1", [todo]],
    ["delete from todos where id = $1", [todo]],
    ["update tags set name = 'House', colour = '#000000', icon = 'x' where id = $1", [tag]],
    ["update tags set organization_id = $2 where id = $1", [tag, team]],
    ["delete from tags where id = $1", [tag]],
    [
      "update users set email = 'new@example.com', bio = 'x', avatar_url = 'x', email_verified_at = now(), password_hash = '$argon2id$x' where id = $1",
      [mia.userId],
    ],
    ["update users set status = 'deleted', deleted_at = now() where id = $1", [mia.userId]],
    ["update users set status = 'active', deleted_at = null where id = $1", [mia.userId]],
    [
      "insert into accounts (id, user_id, type, provider, provider_account_id) values ($1, $2, 'oauth', 'github', '1')",
      [newId(), mia.userId],
    ],
    ["update accounts set type = 'oidc' where user_id = $1", [mia.userId]],
    ["update accounts set user_id = $2 where user_id = $1", [mia.userId, noah.userId]],
    ["delete from accounts where user_id = $1", [noah.userId]],
    ["update sessions set revoked_at = now() where user_id = $1", [noah.userId]],
    ["update sessions set user_id = $2 where user_id = $1", [noah.userId, mia.userId]],
    // By somebody who has entered: that is signing out.
    [
      "delete from sessions where user_id = $1 and set_config('app.user_id', user_id::text, true) <> ''",
      [mia.userId],
    ],
    [
      "insert into memberships (id, organization_id, user_id, role) values ($1, $2, $3, 'member')",
      [newId(), team, mia.userId],
    ],
    ["update memberships set role = 'admin' where organization_id = $1", [team]],
    ["update memberships set user_id = $2 where organization_id = $1", [team, noah.userId]],
    ["delete from memberships where organization_id = $1", [team]],
    ["update organizations set name = 'Crew' where id = $1", [team]],
    ["update organizations set deleted_at = now() where id = $1", [team]],
    ["update organizations set deleted_at = null where id = $1", [team]],
    ["delete from organizations where id = $1", [team]],
  ];
  for (const [statement, values] of everything) await database.sql(statement, values);

  const written = await database.sql<{
    entity_type: string;
    action: string;
    changes: ActivityEntry["changes"];
  }>("select entity_type, action, changes from audit_logs");
  const [audit] = await database.sql<{ source: string }>(
    "select prosrc as source from pg_proc where oid = 'app.audit_entry'::regproc",
  );
  const known = [...(audit?.source ?? "").matchAll(/(?:then|else) '(\w+)'/g)].map(([, action]) => action);
  expect(known).toContain("purge");
  // "todo" is the one such word that is no action: the entity that a link counts as.
  const tried = new Set([...written.map(({ action }) => action), "todo"]);
  expect(known.filter((action) => !tried.has(action ?? ""))).toEqual([]);

  const mute = written.filter(({ entity_type: entityType, action, changes }) =>
    /^Changed (something|“Title”|the account|a session|a member$)/.test(
      describeEntry({ entityType, action, changes, title: "Title", at: new Date() }),
    ),
  );
  expect(mute.map(({ entity_type: type, action, changes }) => [type, action, changes])).toEqual([]);
});
