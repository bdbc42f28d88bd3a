import { describe, expect, it } from "vitest";
import { newId } from "@/lib/db/id";
import { TAGS_PER_TODO_MAX } from "@/lib/db/limits";
import { createTag, deleteTag, updateTag } from "@/lib/tags/repository";
import {
  completeTodo,
  createTodo,
  deleteTodo,
  getTodo,
  reopenTodo,
  restoreTodo,
  updateTodo,
} from "@/lib/todos/repository";
import { create, done, names, twoPeople } from "../todos/world";
import { command, snapshot, undo } from "./undo-world";

const world = twoPeople();
const LOOK = { colour: "#2f6b4f", icon: "🏠" };

/** Completes and renames a todo in one request, does something else, and undoes the first. */
async function undoAfter(meanwhile: (id: string) => Promise<unknown>) {
  const { mia } = world;
  const { id } = await create(mia, { title: "Buy milk", dueDate: "2030-01-01" });
  const first = await command(mia, async (scope) => {
    await done(updateTodo(scope, { id, version: 1, title: "Buy oat milk", priority: 5, tags: ["Home"] }));
    return completeTodo(scope, { id });
  });
  await meanwhile(id);
  const stands = await snapshot(world.database, mia);
  const undone = await undo(mia, first);
  return { id, first, stands, undone };
}

const later = (id: string, sql: string) => () => world.database.sql(sql, [id]);

const many = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

describe("what changed since", () => {
  it.each([
    ["another title", "update todos set title = 'Buy soy milk' where id = $1", "changed", "Buy soy milk"],
    ["another status", "update todos set status = 'cancelled' where id = $1", "changed", "Buy oat milk"],
    [
      "completed once more, at another time",
      "update todos set completed_at = completed_at + interval '1 hour' where id = $1",
      "changed",
      "Buy oat milk",
    ],
    ["its tag taken off", "delete from todo_tags where todo_id = $1", "changed", "Buy oat milk"],
    ["moved to the trash", "update todos set deleted_at = now() where id = $1", "trashed", "Buy oat milk"],
    ["deleted for ever", "delete from todos where id = $1", "gone", "Buy oat milk"],
  ])("is left whole, and named: %s", async (_what, sql, reason, title) => {
    const { undone, stands, id } = await undoAfter((todo) => later(todo, sql)());
    // Nothing else keeps the tag that came with it, so that one may go.
    const left = undone.left.filter(({ entityType }) => entityType === "todo");
    expect(left).toEqual([{ entityType: "todo", id, title, reason }]);
    expect((await snapshot(world.database, world.mia)).todos).toEqual(stands.todos);
  });

  it("in other fields is kept, and the rest is taken back", async () => {
    const { undone, id } = await undoAfter((todo) =>
      later(todo, "update todos set description = 'Since', scheduled_for = '2030-01-01' where id = $1")(),
    );
    expect(undone.left).toEqual([]);
    expect(await getTodo(world.mia.scope(), id)).toMatchObject({
      title: "Buy milk",
      priority: 0,
      status: "pending",
      completedAt: null,
      description: "Since",
      scheduledFor: "2030-01-01",
      tags: [],
    });
  });

  it("and changed back to what the command left counts as not changed", async () => {
    const { undone } = await undoAfter(async (id) => {
      await later(id, "update todos set title = 'Buy soy milk' where id = $1")();
      await later(id, "update todos set title = 'Buy oat milk' where id = $1")();
    });
    expect(undone.left).toEqual([]);
  });

  it("is named once and can be tried again when nothing at all could be taken back", async () => {
    const { mia, database } = world;
    const { id } = await create(mia, { title: "Buy milk" });
    const first = await command(mia, (scope) => completeTodo(scope, { id }));
    await done(reopenTodo(mia.scope(), { id }));
    const left = [{ entityType: "todo", id, title: "Buy milk", reason: "changed" }];
    for (let tries = 0; tries < 2; tries += 1) {
      expect(await undo(mia, first)).toMatchObject({ undone: 0, leftCount: 1, left });
    }
    expect(
      await database.sql("select from audit_logs where entity_type = 'command' and user_id = $1", [
        mia.userId,
      ]),
    ).toEqual([]);
  });

  it("keeps a new todo out of the trash, also when it only got a tag", async () => {
    const { mia } = world;
    const id = newId();
    const first = await command(mia, (scope) => createTodo(scope, { id, title: "Buy milk", tags: ["A"] }));
    await done(updateTodo(mia.scope(), { id, version: 1, tags: ["A", "B"] }));
    const undone = await undo(mia, first);
    expect(undone).toMatchObject({ undone: 0, leftCount: 2 });
    expect(undone.left).toMatchObject([
      { entityType: "todo", title: "Buy milk", reason: "changed" },
      { entityType: "tag", title: "A", reason: "in_use" },
    ]);
    expect(await getTodo(mia.scope(), id)).toMatchObject({ deletedAt: null, tags: [{}, {}] });
  });

  it("leaves one row, and takes back the others of the same command", async () => {
    const { mia } = world;
    const [one, two] = [await create(mia, { title: "One" }), await create(mia, { title: "Two" })];
    const first = await command(mia, async (scope) => {
      await done(completeTodo(scope, one));
      return completeTodo(scope, two);
    });
    await done(reopenTodo(mia.scope(), two));
    const undone = await undo(mia, first);
    expect(undone).toMatchObject({ undone: 1, leftCount: 1, left: [{ title: "Two", reason: "changed" }] });
    expect(undone.todos.map(({ status }) => status)).toEqual(["pending", "pending"]);
  });
});

describe("the rules that hold", () => {
  it("a high priority does not come back without its due date", async () => {
    const { mia } = world;
    const { id } = await create(mia, { title: "Pay", priority: 5, dueDate: "2030-01-01" });
    const lowered = await command(mia, (scope) => updateTodo(scope, { id, version: 1, priority: 1 }));
    await done(updateTodo(mia.scope(), { id, version: 2, dueDate: null }));
    expect(await undo(mia, lowered)).toMatchObject({ undone: 0, left: [{ title: "Pay", reason: "rule" }] });
  });

  it("a tag does not come back, nor to its old name, when that is taken by now", async () => {
    const { mia } = world;
    const home = await done(createTag(mia.scope(), { name: "Home", ...LOOK }));
    const todo = await create(mia, { title: "Buy milk", tags: ["Home"] });
    const renamed = await command(mia, (scope) => updateTag(scope, { ...home, name: "House" }));
    const taken = await done(createTag(mia.scope(), { name: "HOME", ...LOOK }));
    expect((await undo(mia, renamed)).left).toEqual([
      { entityType: "tag", id: home.id, title: "House", reason: "name_taken" },
    ]);
    const deleted = await command(mia, (scope) => deleteTag(scope, { id: home.id }));
    await done(updateTag(mia.scope(), { ...taken, name: "House" }));
    expect((await undo(mia, deleted)).left).toEqual([
      { entityType: "tag", id: home.id, title: "House", reason: "name_taken" },
      { entityType: "todo", id: todo.id, title: "Buy milk", reason: "tag_gone" },
    ]);
  });

  it("a tag that others carry by now is not taken away from them", async () => {
    const { mia } = world;
    const first = await command(mia, (scope) => createTodo(scope, { title: "One", tags: ["New"] }));
    const other = await create(mia, { title: "Two", tags: ["New"] });
    expect(await undo(mia, first)).toMatchObject({ undone: 1, left: [{ title: "New", reason: "in_use" }] });
    expect(names(await done(restoreTodo(mia.scope(), await done(deleteTodo(mia.scope(), other)))))).toEqual([
      "New",
    ]);
  });

  it("no todo gets more tags than it may have", async () => {
    const { database, mia } = world;
    const { id } = await create(mia, { title: "Full", tags: many("a", 30) });
    const emptied = await command(mia, (scope) => updateTodo(scope, { id, version: 1, tags: [] }));
    await done(updateTodo(mia.scope(), { id, version: 2, tags: many("b", TAGS_PER_TODO_MAX - 30 + 1) }));
    expect((await undo(mia, emptied)).left).toMatchObject([{ title: "Full", reason: "too_many_tags" }]);
    await database.sql("delete from tags where organization_id = $1 and name = 'b0'", [mia.organizationId]);
    expect(await undo(mia, emptied)).toMatchObject({ undone: 1, left: [] });
  });
});
