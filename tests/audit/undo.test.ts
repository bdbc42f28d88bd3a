import { describe, expect, it } from "vitest";
import { undoCommand } from "@/lib/audit/repository";
import { newId } from "@/lib/db/id";
import type { Scope } from "@/lib/db/scope";
import type { Result } from "@/lib/result";
import { createTag, deleteTag, mergeTags, updateTag } from "@/lib/tags/repository";
import {
  cancelTodo,
  completeTodo,
  createTodo,
  deleteTodo,
  getTodo,
  purgeTodo,
  reopenTodo,
  restoreTodo,
  startTodo,
  updateTodo,
} from "@/lib/todos/repository";
import { writeTag, writeTodo } from "../helpers/rows";
import { create, done, notFound, twoPeople } from "../todos/world";
import { command, snapshot, undo, without, type Snapshot } from "./undo-world";

const world = twoPeople();
const LOOK = { colour: "#2f6b4f", icon: "🏠" };

/**
 * Does something, then undoes and redoes it twice over: all rows, to the last column, as they stood after each, and as
 * they should have.
 */
async function thereAndBack(write: (scope: Scope) => Promise<Result<unknown>>, made: string[] = []) {
  const { database, mia } = world;
  const before = await snapshot(database, mia);
  let latest = await command(mia, write);
  const after = await snapshot(database, mia);
  expect(after).not.toEqual(before);
  const states: Snapshot[] = [];
  for (const back of [before, after, before, after]) {
    const undone = await undo(mia, latest);
    expect(undone).toMatchObject({ leftCount: 0, left: [] });
    const now = await snapshot(database, mia);
    states.push(back === before ? without(now, made) : now);
    latest = undone.commandId;
  }
  return { states, wanted: [before, after, before, after] };
}

describe("undoing, and undoing that, gives the very rows back", () => {
  it("of a new todo with new and known tags: it lies in the trash meanwhile", async () => {
    const { database, mia } = world;
    await writeTag(database, mia, "Home");
    const id = newId();
    const { states, wanted } = await thereAndBack(
      (scope) => createTodo(scope, { id, title: "Buy milk", tags: ["home", "New"] }),
      [id],
    );
    expect(states).toEqual(wanted);
  });

  it("of an edit of every field and the tags", async () => {
    const { mia } = world;
    const { id, version } = await create(mia, { title: "Buy milk", tags: ["Home", "Work"] });
    const edit = {
      title: "Buy oat milk",
      description: "Two",
      priority: 5,
      dueDate: "2030-01-02",
      dueTime: "08:30",
      scheduledFor: "2030-01-01",
      tags: ["work", "Shop"],
    };
    const { states, wanted } = await thereAndBack((scope) => updateTodo(scope, { id, version, ...edit }));
    expect(states).toEqual(wanted);
  });

  it("of a day put off, and of one moved forward, with how often it was put off", async () => {
    const { mia } = world;
    const { id } = await create(mia, { title: "Pay", dueDate: "2030-01-01" });
    await done(updateTodo(mia.scope(), { id, version: 1, dueDate: "2030-01-02" }));
    const putOff = await thereAndBack((scope) =>
      updateTodo(scope, { id, version: 2, dueDate: "2030-01-03" }),
    );
    expect(putOff.states).toEqual(putOff.wanted);
    expect(putOff.wanted.map(({ todos }) => todos[0]?.postponed)).toEqual([1, 2, 1, 2]);
    const forward = await thereAndBack((scope) =>
      updateTodo(scope, { id, version: 7, dueDate: "2030-01-01" }),
    );
    expect(forward.states).toEqual(forward.wanted);
    expect(forward.wanted.map(({ todos }) => todos[0]?.postponed)).toEqual([2, 2, 2, 2]);
  });

  it.each([
    ["start", [], startTodo],
    ["complete", [], completeTodo],
    ["complete from in progress", [startTodo], completeTodo],
    ["cancel", [startTodo], cancelTodo],
    ["reopen of a completed one, with when it was completed", [completeTodo], reopenTodo],
    ["reopen of a cancelled one", [cancelTodo], reopenTodo],
    ["delete", [], deleteTodo],
    ["restore, with when it was deleted", [deleteTodo], restoreTodo],
  ] as const)("of a %s", async (_kind, steps, step) => {
    const { mia } = world;
    const { id } = await create(mia, { title: "Buy milk", tags: ["Home"] });
    for (const earlier of steps) await done(earlier(mia.scope(), { id }));
    const { states, wanted } = await thereAndBack((scope) => step(scope, { id }));
    expect(states).toEqual(wanted);
  });

  it("of a new tag", async () => {
    const { states, wanted } = await thereAndBack((scope) => createTag(scope, { name: "Home", ...LOOK }));
    expect(states).toEqual(wanted);
  });

  it("of a tag's new name, colour and icon", async () => {
    const id = await writeTag(world.database, world.mia, "Home");
    const { states, wanted } = await thereAndBack((scope) =>
      updateTag(scope, { id, name: "House", ...LOOK }),
    );
    expect(states).toEqual(wanted);
  });

  it("of a tag's deletion, with all that carried it, the trash included", async () => {
    const { database, mia } = world;
    const tag = await writeTag(database, mia, "Home");
    await writeTodo(database, mia, { tagIds: [tag] });
    await writeTodo(database, mia, { tagIds: [tag], deleted: true });
    const { states, wanted } = await thereAndBack((scope) => deleteTag(scope, { id: tag }));
    expect(states).toEqual(wanted);
  });

  it("of a merge: what carried both carries both again", async () => {
    const { database, mia } = world;
    const [from, into] = [await writeTag(database, mia, "From"), await writeTag(database, mia, "Into")];
    for (const tagIds of [[from], [into], [from, into], []]) await writeTodo(database, mia, { tagIds });
    const { states, wanted } = await thereAndBack((scope) => mergeTags(scope, { from, into }));
    expect(states).toEqual(wanted);
  });

  it("of several things that one request did to one row", async () => {
    const { mia } = world;
    const { id } = await create(mia, { title: "Buy milk" });
    const { states, wanted } = await thereAndBack(async (scope) => {
      await done(completeTodo(scope, { id }));
      await done(reopenTodo(scope, { id }));
      await done(startTodo(scope, { id }));
      return updateTodo(scope, { id, version: 4, title: "Buy oat milk", tags: ["Home"] });
    });
    expect(states).toEqual(wanted);
  });
});

describe("what cannot be undone", () => {
  it("is deleting for ever: all that is kept is the title", async () => {
    const { mia } = world;
    const { id } = await create(mia, { title: "Buy milk" });
    await done(deleteTodo(mia.scope(), { id }));
    const purged = await command(mia, (scope) => purgeTodo(scope, { id }));
    expect(await undoCommand(mia.scope(), { commandId: purged })).toMatchObject({
      ok: false,
      code: "invalid",
      message: "This cannot be undone.",
    });
  });

  it("is a deletion for ever inside a command whose rest is taken back", async () => {
    const { mia } = world;
    const gone = await create(mia, { title: "Gone" });
    const { id } = await create(mia, { title: "Buy milk" });
    await done(deleteTodo(mia.scope(), gone));
    const first = await command(mia, async (scope) => {
      await done(purgeTodo(scope, gone));
      return completeTodo(scope, { id });
    });
    expect(await undo(mia, first)).toMatchObject({
      undone: 1,
      left: [{ entityType: "todo", id: gone.id, title: "Gone", reason: "gone" }],
    });
  });

  it("is signing in", async () => {
    const { database, mia } = world;
    const [entry] = await database.sql<{ id: string }>(
      "select id from audit_logs where user_id = $1 and action = 'sign_in'",
      [mia.userId],
    );
    expect(await undoCommand(mia.scope(), { commandId: entry?.id ?? "" })).toMatchObject({ code: "invalid" });
  });

  it("is more than ten thousand changes at once", async () => {
    const { database, mia } = world;
    const commandId = newId();
    await database.sql(
      `insert into audit_logs (organization_id, user_id, command_id, entity_type, entity_id, action, changes)
       select $1, $2, $3, 'todo', gen_random_uuid(), 'complete', '{"status": ["pending", "completed"]}'
         from generate_series(1, 10002)`,
      [mia.organizationId, mia.userId, commandId],
    );
    expect(await undoCommand(mia.scope(), { commandId })).toMatchObject({
      code: "invalid",
      message: "This changed too much at once to be undone.",
    });
  });

  it("is what never was, what did nothing, and what is no id", async () => {
    const { mia } = world;
    const { id } = await create(mia, { title: "Buy milk" });
    const nothing = await command(mia, (scope) => updateTodo(scope, { id, version: 1, title: "Buy milk" }));
    for (const commandId of [nothing, newId(), "", "1' or '1'='1"]) {
      expect(await undoCommand(mia.scope(), { commandId })).toMatchObject(notFound);
    }
  });
});

describe("an undo", () => {
  it("is one request, answers the fresh todos, and is repeated without a second effect", async () => {
    const { database, mia, proxy } = world;
    const todo = await create(mia, { title: "Buy milk", tags: ["Home"] });
    const first = await command(mia, (scope) => completeTodo(scope, todo));
    proxy.reset();
    const undone = await undo(mia, first);
    expect(proxy.requests).toHaveLength(1);
    expect(undone.todos).toEqual([{ ...todo, version: 3, updatedAt: expect.any(Date) }]);
    expect(undone).toMatchObject({ undone: 1, tags: false });
    const before = await snapshot(database, mia);
    expect(await undo(mia, first)).toEqual({ ...undone, undone: 0 });
    expect(await snapshot(database, mia)).toEqual(before);
    expect((await getTodo(mia.scope(), todo.id))?.version).toBe(3);
  });

  it("survives the loss of its reply: tried again it answers with what it did", async () => {
    const { mia, proxy } = world;
    const { id } = await create(mia, { title: "Buy milk" });
    const first = await command(mia, (scope) => deleteTodo(scope, { id }));
    proxy.setFault(() => ({ kind: "lose-response" }));
    const lost = mia.scope();
    expect(await undoCommand(lost, { commandId: first })).toMatchObject({ code: "unavailable" });
    proxy.setFault(null);
    expect(await undo(mia, first)).toMatchObject({ commandId: lost.commandId, undone: 0, left: [] });
    expect(await getTodo(mia.scope(), id)).toMatchObject({ version: 3, deletedAt: null });
  });

  it("can be made again after a redo, and so on", async () => {
    const { mia } = world;
    const { id } = await create(mia, { title: "Buy milk" });
    const first = await command(mia, (scope) => completeTodo(scope, { id }));
    for (let round = 0; round < 3; round += 1) {
      const undone = await undo(mia, first);
      expect(undone.undone).toBe(1);
      expect((await getTodo(mia.scope(), id))?.status).toBe("pending");
      await undo(mia, undone.commandId);
      expect((await getTodo(mia.scope(), id))?.status).toBe("completed");
    }
  });

  it("is remembered by whose it is, and by the rows that it changed", async () => {
    const { database, mia } = world;
    const { id } = await create(mia, { title: "Buy milk" });
    const first = await command(mia, (scope) => completeTodo(scope, { id }));
    const { commandId } = await undo(mia, first);
    expect(
      await database.sql(
        "select user_id, entity_type, entity_id, action, ip from audit_logs where command_id = $1 order by id",
        [commandId],
      ),
    ).toEqual([
      { user_id: mia.userId, entity_type: "todo", entity_id: id, action: "reopen", ip: "192.0.2.1" },
      { user_id: mia.userId, entity_type: "command", entity_id: first, action: "undo", ip: "192.0.2.1" },
    ]);
  });
});
