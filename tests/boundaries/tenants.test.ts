import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as audit from "@/lib/audit/repository";
import * as dashboard from "@/lib/dashboard/repository";
import { newId } from "@/lib/db/id";
import type { Scope } from "@/lib/db/scope";
import * as search from "@/lib/search/repository";
import * as tags from "@/lib/tags/repository";
import * as todos from "@/lib/todos/repository";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { everyRow } from "../helpers/every-row";
import { createPerson, type Person } from "../helpers/people";
import { repositories, repositoryFunctions } from "../helpers/repositories";
import { writeMembership, writeTag, writeTodo } from "../helpers/rows";

/** What an organization holds that its members may name. */
type Things = {
  pending: string;
  started: string;
  completed: string;
  trashed: string;
  tag: string;
  otherTag: string;
  auditEntry: string;
  /** Its title was changed by its owner: by this command, which is this entry of its history. */
  edited: string;
  command: string;
  edit: string;
};

const LOOK = { colour: "#2f6b4f", icon: null };
/** Stands in every text of those whose things are tried for. */
const SECRET = "zanzibar";

type Call = (scope: Scope, things: Things) => Promise<unknown>;

/** Reads that take an id of somebody's thing. */
const readsById: Record<string, Call> = {
  "todos.getTodo": (scope, { pending }) => todos.getTodo(scope, pending),
  "todos.getTodo in the trash": (scope, { trashed }) => todos.getTodo(scope, trashed),
  "audit.getHistory": (scope, { pending }) => audit.getHistory(scope, pending),
  "audit.getHistory of a tag": (scope, { tag }) => audit.getHistory(scope, tag),
  "audit.listActivity": (scope, { auditEntry }) => audit.listActivity(scope, { cursor: auditEntry }),
};

/** Writes that take an id, each on a thing that its owner could do this with. */
const writesById: Record<string, Call> = {
  "todos.createTodo": (scope, { pending }) =>
    todos.createTodo(scope, { id: pending, title: "mine", tags: ["new tag"] }),
  "todos.createTodo in the trash": (scope, { trashed }) =>
    todos.createTodo(scope, { id: trashed, title: "mine", tags: ["new tag"] }),
  "todos.updateTodo": (scope, { pending }) =>
    todos.updateTodo(scope, { id: pending, version: 1, title: "mine", tags: ["new tag"] }),
  "todos.updateTodo of tags alone": (scope, { pending }) =>
    todos.updateTodo(scope, { id: pending, version: 1, tags: [] }),
  "todos.updateTodo of a stale version": (scope, { pending }) =>
    todos.updateTodo(scope, { id: pending, version: 7, title: "mine" }),
  "todos.startTodo": (scope, { pending }) => todos.startTodo(scope, { id: pending }),
  "todos.completeTodo": (scope, { started }) => todos.completeTodo(scope, { id: started }),
  "todos.cancelTodo": (scope, { pending }) => todos.cancelTodo(scope, { id: pending }),
  "todos.reopenTodo": (scope, { completed }) => todos.reopenTodo(scope, { id: completed }),
  "todos.deleteTodo": (scope, { pending }) => todos.deleteTodo(scope, { id: pending }),
  "todos.restoreTodo": (scope, { trashed }) => todos.restoreTodo(scope, { id: trashed }),
  "todos.purgeTodo": (scope, { trashed }) => todos.purgeTodo(scope, { id: trashed }),
  "todos.transferTodo": (scope, { pending }) =>
    todos.transferTodo(scope, { id: pending, userId: mia.userId }),
  "todos.upsertTodo": (scope, { pending }) =>
    todos.upsertTodo(scope, { id: pending, title: "mine", tags: ["new tag"] }),
  "todos.upsertTodo of a version": (scope, { pending }) =>
    todos.upsertTodo(scope, { id: pending, version: 1, title: "mine" }),
  "audit.undoCommand": (scope, { command }) => audit.undoCommand(scope, { commandId: command }),
  "audit.revertField": (scope, { edited, edit }) =>
    audit.revertField(scope, { id: edited, field: "title", entryId: edit, version: 2 }),
  "tags.createTag": (scope, { tag }) => tags.createTag(scope, { id: tag, name: "mine", ...LOOK }),
  "tags.updateTag": (scope, { tag }) => tags.updateTag(scope, { id: tag, name: "mine", ...LOOK }),
  "tags.deleteTag": (scope, { tag }) => tags.deleteTag(scope, { id: tag }),
  "tags.mergeTags": (scope, { tag, otherTag }) => tags.mergeTags(scope, { from: tag, into: otherTag }),
  "tags.mergeTags of one without links": (scope, { tag, otherTag }) =>
    tags.mergeTags(scope, { from: otherTag, into: tag }),
};

/** Tried in tenants-many.test.ts: what they answer names each id, and is no plain "not found". */
const naming = ["todos.bulkInsertTodos", "todos.bulkTodos"];

/** All other reads: they name nothing, or a word. */
const lists: Record<string, (scope: Scope) => Promise<unknown>> = {
  "todos.listTodos": (scope) => todos.listTodos(scope, { status: "all" }),
  "todos.listTodos by tag": (scope) =>
    todos.listTodos(scope, { status: "all", tags: { all: [`${SECRET} tag`] } }),
  "todos.listTodos by words": (scope) =>
    todos.listTodos(scope, { status: "all", query: { kind: "word", text: SECRET, prefix: false } }),
  "todos.listTodos of everyone": (scope) => todos.listTodos(scope, { status: "all", owner: "everyone" }),
  "todos.countTodos": (scope) => todos.countTodos(scope, { status: "all", owner: "everyone" }),
  "todos.listTrash": (scope) => todos.listTrash(scope, {}),
  "todos.getCounts": (scope) => todos.getCounts(scope),
  "tags.listTags": (scope) => tags.listTags(scope),
  "dashboard.getDashboard": (scope) => dashboard.getDashboard(scope),
  "search.searchTodos": (scope) =>
    search.searchTodos(scope, { query: { kind: "word", text: SECRET, prefix: false } }),
  "audit.listActivity": (scope) => audit.listActivity(scope),
  actor: (scope) => scope.actor(),
};

/** Name nothing of anybody: tested with their own nouns. */
const withoutIds = ["settings.updateSettings", "organizations.personalOrganizationStatements"];

let database: TestDatabase;
let mia: Person, noah: Person, dan: Person;
let noahs: Things;
/** Noah's and Dan's; what is in it is Noah's. */
let team: { organizationId: string; things: Things };

// One world for all tests: nothing that they try may change it.
beforeAll(async () => {
  database = await createTestDatabase();
  mia = await createPerson(database, { name: "Mia" });
  noah = await createPerson(database, { name: `Noah ${SECRET}` });
  dan = await createPerson(database, { name: "Dan" });
  const organizationId = newId();
  await database.sql("insert into organizations (id, name) values ($1, $2)", [organizationId, SECRET]);
  await writeMembership(database, organizationId, noah, "owner");
  await writeMembership(database, organizationId, dan, "viewer");
  noahs = await writeThings(noah);
  team = { organizationId, things: await writeThings({ userId: noah.userId, organizationId }) };
  // Mia has something of each herself, so that an empty answer is not one for want of anything.
  const tag = await writeTag(database, mia, "Home");
  await writeTodo(database, mia, { title: "Mine", tagIds: [tag] });
});
afterAll(() => database.drop());

async function writeThings(owner: { userId: string; organizationId: string }): Promise<Things> {
  const tag = await writeTag(database, owner, `${SECRET} tag`);
  const values = { title: SECRET, description: SECRET, dueDate: "2026-01-02", priority: 5, tagIds: [tag] };
  const otherTag = await writeTag(database, owner, `${SECRET} other`);
  const [pending, started, completed, trashed] = [
    await writeTodo(database, owner, values),
    await writeTodo(database, owner, { ...values, status: "in_progress" }),
    await writeTodo(database, owner, { ...values, status: "completed", completedAt: new Date() }),
    await writeTodo(database, owner, { ...values, deleted: true }),
  ];
  const [entry] = await database.sql<{ id: string }>("select id from audit_logs where entity_id = $1", [
    pending,
  ]);
  const edited = await writeTodo(database, owner, values);
  const scope = noah.scope();
  await todos.updateTodo(scope, { id: edited, version: 1, title: `${SECRET} edited` });
  const [edit] = await database.sql<{ id: string }>("select id from audit_logs where command_id = $1", [
    scope.commandId,
  ]);
  return {
    pending,
    started,
    completed,
    trashed,
    tag,
    otherTag,
    edited,
    auditEntry: entry?.id ?? "",
    command: scope.commandId,
    edit: edit?.id ?? "",
  };
}

function nothing(): Things {
  return {
    pending: newId(),
    started: newId(),
    completed: newId(),
    trashed: newId(),
    tag: newId(),
    otherTag: newId(),
    edited: newId(),
    auditEntry: newId(),
    command: newId(),
    edit: newId(),
  };
}

const entries = <Value>(record: Record<string, Value>) => Object.entries(record);
const notFound = expect.objectContaining({ ok: false, code: "not_found" });

it("tries every function of every repository", () => {
  const lib = join(import.meta.dirname, "../../lib");
  const folders = readdirSync(lib, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith("repository.ts"))
    .map((file) => file.replace("/repository.ts", ""));
  expect(folders.toSorted()).toEqual(Object.keys(repositories).toSorted());

  const tried = [...Object.keys({ ...readsById, ...writesById, ...lists }), ...naming, ...withoutIds];
  expect(repositoryFunctions.filter((name) => !tried.some((one) => one.split(" ")[0] === name))).toEqual([]);
});

describe("to somebody who has nothing to do with it", () => {
  it.each(entries(readsById))("%s reads a thing of others as it reads none at all", async (_name, call) => {
    for (const things of [noahs, team.things]) {
      expect(await call(mia.scope(), things)).toEqual(await call(mia.scope(), nothing()));
    }
  });

  it.each(entries(writesById))("%s finds no thing of others, and changes nothing", async (_name, call) => {
    const before = await everyRow(database);
    for (const things of [noahs, team.things]) expect(await call(mia.scope(), things)).toEqual(notFound);
    expect(await everyRow(database)).toEqual(before);
  });

  it.each(entries(lists))("%s shows nothing of others", async (_name, call) => {
    const answer = JSON.stringify(await call(mia.scope()));
    const others = [...Object.values(noahs), ...Object.values(team.things)];
    const ids = [noah.userId, noah.organizationId, team.organizationId, ...others];
    expect(ids.filter((id) => answer.includes(id))).toEqual([]);
    expect(answer).not.toContain(SECRET);
    // The same call shows its owner what it hides here.
    const owners = JSON.stringify(await call(noah.scope()));
    expect(owners).not.toBe(answer);
  });
});

describe("to somebody who may only look on", () => {
  it("a todo, its history and the tags can be read", async () => {
    const { pending, trashed, tag } = team.things;
    expect(await todos.getTodo(dan.scope(), pending)).toMatchObject({ title: SECRET, tags: [{ id: tag }] });
    expect(await todos.getTodo(dan.scope(), trashed)).toMatchObject({ deletedAt: expect.any(Date) });
    expect(await audit.getHistory(dan.scope(), pending)).not.toEqual([]);
    expect((await tags.listTags(dan.scope())).map(({ id }) => id)).toContain(tag);
  });

  it.each(entries(writesById))("%s finds nothing to write to, and changes nothing", async (_name, call) => {
    const before = await everyRow(database);
    expect(await call(dan.scope(), team.things)).toEqual(notFound);
    expect(await everyRow(database)).toEqual(before);
  });

  it("what others own there is not theirs: lists, counts and search leave it out", async () => {
    const { "tags.listTags": _tags, "todos.listTodos of everyone": everyones, ...mine } = lists;
    expect(JSON.stringify(await everyones?.(dan.scope()))).toContain(team.things.pending);
    const { pending, started, completed, trashed } = team.things;
    for (const call of Object.values(mine)) {
      const answer = JSON.stringify(await call(dan.scope()));
      expect([pending, started, completed, trashed].filter((id) => answer.includes(id))).toEqual([]);
    }
  });
});

describe("to somebody who has left the organization", () => {
  beforeAll(async () => {
    await database.sql("delete from memberships where organization_id = $1 and user_id = $2", [
      team.organizationId,
      noah.userId,
    ]);
  });

  const { "audit.listActivity": _page, ...others } = readsById; // Its cursor is but a place in what is their own.
  it.each(entries(others))("%s reads what was theirs there as it reads none at all", async (_name, call) => {
    expect(await call(noah.scope(), team.things)).toEqual(await call(noah.scope(), nothing()));
  });

  it.each(entries(writesById))("%s finds nothing of it, and changes nothing", async (_name, call) => {
    const before = await everyRow(database);
    expect(await call(noah.scope(), team.things)).toEqual(notFound);
    expect(await everyRow(database)).toEqual(before);
  });

  it.each(entries(lists))("%s shows nothing of it", async (_name, call) => {
    const answer = JSON.stringify(await call(noah.scope()));
    const ids = [team.organizationId, ...Object.values(team.things)];
    expect(ids.filter((id) => answer.includes(id))).toEqual([]);
  });
});

it("no todo carries a tag of another organization: a name finds, or makes, one in the todo's own", async () => {
  await database.sql("update memberships set role = 'member' where user_id = $1 and organization_id = $2", [
    dan.userId,
    team.organizationId,
  ]);
  const own = await writeTag(database, dan, "Errands");
  const { pending, tag } = team.things;
  const edit = { id: pending, version: 1, tags: ["errands", `${SECRET} TAG`] };
  const saved = await todos.updateTodo(dan.scope(), edit);
  if (!saved.ok) throw new Error(saved.code);
  const ids = saved.data.tags.map(({ id }) => id);
  expect(ids).toContain(tag);
  expect(ids).not.toContain(own);
  expect(await database.sql("select distinct organization_id from tags where id = any ($1)", [ids])).toEqual([
    { organization_id: team.organizationId },
  ]);
});
