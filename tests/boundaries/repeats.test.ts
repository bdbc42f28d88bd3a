import { describe, expect, it } from "vitest";
import * as audit from "@/lib/audit/repository";
import { newId } from "@/lib/db/id";
import type { Scope } from "@/lib/db/scope";
import { ok, type Result } from "@/lib/result";
import * as settings from "@/lib/settings/repository";
import * as tags from "@/lib/tags/repository";
import * as todos from "@/lib/todos/repository";
import { everyRow } from "../helpers/every-row";
import { repositoryWrites } from "../helpers/repositories";
import { writeTag, writeTodo } from "../helpers/rows";
import { createTeam } from "../todos/team";
import { twoPeople } from "../todos/world";

const world = twoPeople();
const LOOK = { colour: "#2f6b4f", icon: null };

type Write = (scope: Scope) => Promise<Result<unknown>>;
type Case = {
  /** Writes what it needs, and gives the write, with its ids made: sent again, it is word for word the same. */
  write: () => Write | Promise<Write>;
  /** The actions that are remembered of it, in whatever order. */
  remembered: string[];
  /** The command that the write itself says it is. */
  commandId?: string;
};
/** What nothing takes back. */
const FINAL = new Set(["todos.purgeTodo", "settings.updateSettings"]);
const KEY = newId();

const byId =
  (call: (scope: Scope, input: { id: string }) => Promise<Result<unknown>>, values = {}) =>
  async (): Promise<Write> => {
    const id = await writeTodo(world.database, world.mia, values);
    return (scope) => call(scope, { id });
  };

/** A todo with a new title, and what remembers it. */
async function edited() {
  const id = await writeTodo(world.database, world.mia, { title: "Old" });
  const scope = world.mia.scope();
  await todos.updateTodo(scope, { id, version: 1, title: "New" });
  const [entry] = await world.database.sql<{ id: string }>(
    "select id from audit_logs where command_id = $1",
    [scope.commandId],
  );
  return { id, commandId: scope.commandId, entryId: String(entry?.id) };
}

/** Every write of every repository. */
const cases: Record<string, Case> = {
  "todos.createTodo": {
    write() {
      const input = {
        id: newId(),
        title: "Write",
        dueDate: "9999-12-31",
        priority: 5,
        tags: ["New", "home"],
      };
      return (scope) => todos.createTodo(scope, input);
    },
    remembered: ["create", "create", "create", "tag", "tag"],
  },
  "todos.updateTodo": {
    async write() {
      const tag = await writeTag(world.database, world.mia, "Old");
      const id = await writeTodo(world.database, world.mia, { tagIds: [tag] });
      const edit = { id, version: 1, title: "New title", description: "x\ny", dueDate: null, tags: ["New"] };
      return (scope) => todos.updateTodo(scope, edit);
    },
    remembered: ["create", "tag", "untag", "update"],
  },
  "todos.startTodo": { write: byId(todos.startTodo), remembered: ["start"] },
  "todos.completeTodo": { write: byId(todos.completeTodo), remembered: ["complete"] },
  "todos.cancelTodo": { write: byId(todos.cancelTodo), remembered: ["cancel"] },
  "todos.reopenTodo": { write: byId(todos.reopenTodo, { status: "cancelled" }), remembered: ["reopen"] },
  "todos.deleteTodo": { write: byId(todos.deleteTodo), remembered: ["delete"] },
  "todos.restoreTodo": { write: byId(todos.restoreTodo, { deleted: true }), remembered: ["restore"] },
  "todos.purgeTodo": { write: byId(todos.purgeTodo, { deleted: true }), remembered: ["purge"] },
  "todos.bulkTodos": {
    async write() {
      const ids = [await writeTodo(world.database, world.mia), await writeTodo(world.database, world.mia)];
      // The first try changes them, every other finds them as they shall be.
      return async (scope) => {
        const answer = await todos.bulkTodos(scope, {
          target: { ids },
          change: { action: "tag", tags: ["New"] },
        });
        return answer.ok
          ? ok({ done: answer.data.changed + answer.data.unchanged, rows: answer.data.rows })
          : answer;
      };
    },
    remembered: ["create", "tag", "tag"],
  },
  "todos.bulkTodos by days": {
    async write() {
      const id = await writeTodo(world.database, world.mia, { dueDate: "2030-01-01" });
      const change = { action: "shift", days: 7, key: KEY } as const;
      return async (scope) => {
        const answer = await todos.bulkTodos(scope, { target: { ids: [id] }, change });
        return answer.ok ? ok({ ...answer.data, changed: 0, unchanged: 0 }) : answer;
      };
    },
    commandId: KEY,
    remembered: ["update"],
  },
  "todos.bulkTodos to somebody else": {
    async write() {
      const { write } = await createTeam(world, world.mia, world.noah);
      const ids = [await write(world.mia), await write(world.mia)];
      const change = { action: "transfer", userId: world.noah.userId } as const;
      return async (scope) => {
        const answer = await todos.bulkTodos(scope, { target: { ids }, change });
        return answer.ok ? ok(answer.data.changed + answer.data.unchanged) : answer;
      };
    },
    remembered: ["receive", "receive", "transfer", "transfer"],
  },
  "todos.bulkInsertTodos": {
    write() {
      const rows = [1, 2].map((n) => ({ id: newId(), title: `Write ${n}`, tags: ["New", `tag ${n}`] }));
      // The first try adds them, every other finds them.
      return async (scope) => {
        const answer = await todos.bulkInsertTodos(scope, { rows, onBadRow: "skip" });
        return answer.ok ? ok(answer.data.added + answer.data.known) : answer;
      };
    },
    remembered: ["create", "create", "create", "create", "create", "tag", "tag", "tag", "tag"],
  },
  "todos.transferTodo": {
    async write() {
      const { organizationId, write } = await createTeam(world, world.mia, world.noah);
      const tag = await writeTag(world.database, { organizationId }, "Home");
      const id = await write(world.mia, { tagIds: [tag] });
      return (scope) => todos.transferTodo(scope, { id, userId: world.noah.userId });
    },
    remembered: ["receive", "transfer"],
  },
  "todos.upsertTodo": {
    write() {
      const input = { id: newId(), title: "Write", dueDate: "9999-12-31", tags: ["New", "home"] };
      return (scope) => todos.upsertTodo(scope, input);
    },
    remembered: ["create", "create", "create", "tag", "tag"],
  },
  "todos.upsertTodo of one that is there": {
    async write() {
      const id = await writeTodo(world.database, world.mia);
      return (scope) => todos.upsertTodo(scope, { id, title: "New title", tags: ["New"] });
    },
    remembered: ["create", "tag", "update"],
  },
  "tags.createTag": {
    write() {
      const input = { id: newId(), name: "New", ...LOOK };
      return (scope) => tags.createTag(scope, input);
    },
    remembered: ["create"],
  },
  "tags.updateTag": {
    async write() {
      const id = await writeTag(world.database, world.mia, "Old");
      return (scope) => tags.updateTag(scope, { id, name: "New", ...LOOK });
    },
    remembered: ["update"],
  },
  "tags.deleteTag": {
    async write() {
      const id = await writeTag(world.database, world.mia, "Old");
      await writeTodo(world.database, world.mia, { tagIds: [id] });
      return (scope) => tags.deleteTag(scope, { id });
    },
    remembered: ["delete", "untag"],
  },
  "tags.mergeTags": {
    async write() {
      const [from, into] = [
        await writeTag(world.database, world.mia, "From"),
        await writeTag(world.database, world.mia, "Into"),
      ];
      await writeTodo(world.database, world.mia, { tagIds: [from] });
      return (scope) => tags.mergeTags(scope, { from, into });
    },
    remembered: ["delete", "tag", "untag"],
  },
  "audit.undoCommand": {
    async write() {
      const { id, commandId } = await edited();
      // The first try takes it back, every other says which command did.
      return async (scope) => {
        const answer = await audit.undoCommand(scope, { commandId });
        return answer.ok ? ok({ by: answer.data.commandId, title: answer.data.todos[0]?.title, id }) : answer;
      };
    },
    remembered: ["undo", "update"],
  },
  "audit.revertField": {
    async write() {
      const { id, entryId } = await edited();
      return (scope) => audit.revertField(scope, { id, field: "title", entryId, version: 2 });
    },
    remembered: ["update"],
  },
  "settings.updateSettings": {
    write: () => (scope) =>
      settings.updateSettings(scope, { name: "Mia M", timeZone: "Asia/Tokyo", weekStart: 7, theme: "dark" }),
    remembered: ["update"],
  },
};

describe("a write whose reply was lost", () => {
  it("is tried here for every write that there is", () => {
    const tried = new Set(Object.keys(cases).map((name) => name.split(" ", 1).join()));
    expect(tried).toEqual(new Set(repositoryWrites));
  });

  it.each(Object.entries(cases))("%s has happened once, says so, and is undone as one", async (name, one) => {
    const { database, proxy, mia } = world;
    const write = await one.write();
    const { commandId = newId() } = one;
    const again = () => write(mia.scope({ commandId }));
    const [{ last } = { last: null }] = await database.sql("select max(id::text) as last from audit_logs");

    proxy.setFault(() => ({ kind: "lose-response" }));
    expect(await again()).toMatchObject({ ok: false, code: "unavailable" });
    proxy.setFault(null);
    const happened = unchanging(await everyRow(database));

    const answer = await again();
    expect(answer).toMatchObject({ ok: true });
    expect(await again()).toEqual(answer);
    expect(unchanging(await everyRow(database))).toEqual(happened);

    const rows = await database.sql<{ action: string; command_id: string; user_id: string }>(
      "select action, command_id, user_id from audit_logs where id::text > $1",
      [last],
    );
    expect(rows.map(({ action }) => action).toSorted()).toEqual(one.remembered.toSorted());
    expect(new Set(rows.map((row) => row.command_id)).size).toBe(1);
    // What somebody received stands in their own name.
    const by = rows.filter(({ action }) => action !== "receive").map((row) => row.user_id);
    expect(new Set(by)).toEqual(new Set([mia.userId]));

    const takenBack = { data: { undone: expect.toSatisfy(Boolean), left: [] } };
    const undone = await audit.undoCommand(mia.scope(), { commandId });
    expect(undone).toMatchObject(FINAL.has(name) ? { code: "invalid" } : takenBack);
  });
});

/** What a tag and a person are set to again is written again, with a new time; todos and their log are left alone. */
function unchanging({ tags: tagRows = [], users = [], ...rows }: Record<string, string[]>) {
  return { ...rows, tags: tagRows.map(valuesOf), users: users.map(valuesOf) };
}

function valuesOf(row: string): string {
  return row.replace(/^\d+ /, "").replace(/"updated_at": "[^"]*"/, "");
}

it("a create with the id of another todo of mine gives that one, as it is", async () => {
  const { database, mia } = world;
  const id = await writeTodo(database, mia, { title: "First", description: "kept" });
  const before = await everyRow(database);
  const answer = await todos.createTodo(mia.scope(), { id, title: "Second", tags: ["New"] });
  expect(answer).toMatchObject({ ok: true, data: { id, title: "First", description: "kept", tags: [] } });
  expect(await everyRow(database)).toEqual(before);
});

it("a create with the id of another tag of mine gives that one, as it is", async () => {
  const { database, mia } = world;
  const id = await writeTag(database, mia, "First");
  const before = await everyRow(database);
  expect(await tags.createTag(mia.scope(), { id, name: "Second", ...LOOK })).toMatchObject({
    ok: true,
    data: { id, name: "First" },
  });
  expect(await everyRow(database)).toEqual(before);
});
