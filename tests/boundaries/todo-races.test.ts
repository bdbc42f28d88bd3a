import { describe, expect, it } from "vitest";
import { newId } from "@/lib/db/id";
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
import type { Todo } from "@/lib/todos/types";
import type { TodoValues } from "../helpers/rows";
import { writeTodo } from "../helpers/rows";
import { names, twoPeople } from "../todos/world";
import { actionsOn, codeOf, meet, rowsOf, wholeTable } from "./meetings";

const world = twoPeople();

const todoOf = (values: TodoValues = {}) => ({
  ground: () => writeTodo(world.database, world.mia, values),
  lock: rowsOf("todos"),
});
const read = (id: string) => getTodo(world.mia.scope(), id);
const done = (id: string) => actionsOn(world.database, id);

describe("a todo that two requests meet at", { timeout: 300_000 }, () => {
  it("is created once under one id, and both have it", async () => {
    const create = (id: string) =>
      createTodo(world.mia.scope(), { id, title: "Buy milk", tags: ["Shop", "home"] });
    await meet(
      world.database,
      {
        ground: () => Promise.resolve(newId()),
        one: create,
        other: create,
        lock: wholeTable("todos"),
      },
      async (id, one, other) => {
        expect(one).toMatchObject({ ok: true, data: { id, version: 1 } });
        expect(other).toEqual(one);
        expect((await done(id)).toSorted()).toEqual(["create", "tag", "tag"]);
      },
    );
  });

  it("is one person's when two create under one id, and not found by the other", async () => {
    await meet(
      world.database,
      {
        ground: () => Promise.resolve(newId()),
        one: (id) => createTodo(world.mia.scope(), { id, title: "Mia's" }),
        other: (id) => createTodo(world.noah.scope(), { id, title: "Noah's" }),
        lock: wholeTable("todos"),
      },
      async (id, mias, noahs) => {
        expect([codeOf(mias), codeOf(noahs)].toSorted()).toEqual(["not_found", "ok"]);
        expect((await read(id))?.title).toBe(mias.ok ? "Mia's" : undefined);
        expect(await done(id)).toEqual(["create"]);
      },
    );
  });

  it("takes one of two edits of one version, with its tags, and shows it to the other", async () => {
    const edit = (title: string) => (id: string) =>
      updateTodo(world.mia.scope(), { id, version: 1, title, tags: [`tag ${title}`] });
    await meet(
      world.database,
      {
        ...todoOf(),
        one: edit("one"),
        other: edit("other"),
      },
      async (id, one, other) => {
        expect([codeOf(one), codeOf(other)].toSorted()).toEqual(["conflict", "ok"]);
        const [won, lost] = one.ok ? [one, other] : [other, one];
        const todo = won.ok ? won.data : null;
        expect(lost).toMatchObject({ current: todo });
        expect(await read(id)).toEqual(todo);
        expect(todo).toMatchObject({ version: 2, tags: [{ name: `tag ${todo?.title}` }] });
      },
    );
  });

  it("takes one of an edit and a status, or both, but never half of one", async () => {
    await meet(
      world.database,
      {
        ...todoOf({ title: "x" }),
        one: (id) => updateTodo(world.mia.scope(), { id, version: 1, title: "y", tags: ["New"] }),
        other: (id) => completeTodo(world.mia.scope(), { id }),
      },
      async (id, edited, completed) => {
        expect(codeOf(completed)).toBe("ok");
        expect(["ok", "conflict"]).toContain(codeOf(edited));
        const todo = (await read(id)) as Todo;
        expect([todo.title, names(todo), todo.version]).toEqual(edited.ok ? ["y", ["New"], 3] : ["x", [], 2]);
        expect(todo.status).toBe("completed");
      },
    );
  });

  it("is completed once, however often at once", async () => {
    const complete = (id: string) => completeTodo(world.mia.scope(), { id });
    await meet(
      world.database,
      {
        ...todoOf(),
        one: complete,
        other: complete,
      },
      async (id, one, other) => {
        for (const answer of [one, other]) expect(answer).toMatchObject({ ok: true, data: { version: 2 } });
        expect(await done(id)).toEqual(["complete"]);
      },
    );
  });

  it("is completed or cancelled, and whoever is late is refused", async () => {
    await meet(
      world.database,
      {
        ...todoOf(),
        one: (id) => completeTodo(world.mia.scope(), { id }),
        other: (id) => cancelTodo(world.mia.scope(), { id }),
      },
      async (id, completed, cancelled) => {
        expect([codeOf(completed), codeOf(cancelled)].toSorted()).toEqual(["invalid", "ok"]);
        expect((await read(id))?.status).toBe(completed.ok ? "completed" : "cancelled");
        expect(await done(id)).toEqual([completed.ok ? "complete" : "cancel"]);
      },
    );
  });

  it("is completed after it was started, or instead", async () => {
    await meet(
      world.database,
      {
        ...todoOf(),
        one: (id) => startTodo(world.mia.scope(), { id }),
        other: (id) => completeTodo(world.mia.scope(), { id }),
      },
      async (id, started, completed) => {
        expect(codeOf(completed)).toBe("ok");
        expect(["ok", "invalid"]).toContain(codeOf(started));
        expect((await read(id))?.status).toBe("completed");
        expect(await done(id)).toEqual(started.ok ? ["start", "complete"] : ["complete"]);
      },
    );
  });

  it("ends as its last write left it when it is completed and reopened", async () => {
    await meet(
      world.database,
      {
        ...todoOf(),
        one: (id) => completeTodo(world.mia.scope(), { id }),
        other: (id) => reopenTodo(world.mia.scope(), { id }),
        waiting: 1, // Reopening finds nothing to wait for in a pending todo.
      },
      async (id, completed, reopened) => {
        expect(codeOf(completed)).toBe("ok");
        const actions = await done(id);
        expect([["complete"], ["complete", "reopen"]]).toContainEqual(actions);
        expect((await read(id))?.status).toBe(actions.includes("reopen") ? "pending" : "completed");
        // Before the other it is pending still, which is what is wanted; or it is refused as too early.
        expect(["ok", "invalid", "conflict"]).toContain(codeOf(reopened));
      },
    );
  });

  it("is deleted, and completed if that came first", async () => {
    await meet(
      world.database,
      {
        ...todoOf(),
        one: (id) => completeTodo(world.mia.scope(), { id }),
        other: (id) => deleteTodo(world.mia.scope(), { id }),
      },
      async (id, completed, deleted) => {
        expect(codeOf(deleted)).toBe("ok");
        expect(["ok", "not_found"]).toContain(codeOf(completed));
        expect(await read(id)).toMatchObject({
          deletedAt: expect.any(Date),
          status: completed.ok ? "completed" : "pending",
        });
        expect(await done(id)).toEqual(completed.ok ? ["complete", "delete"] : ["delete"]);
      },
    );
  });

  it("is not edited in the trash", async () => {
    await meet(
      world.database,
      {
        ...todoOf({ title: "x" }),
        one: (id) => updateTodo(world.mia.scope(), { id, version: 1, title: "y" }),
        other: (id) => deleteTodo(world.mia.scope(), { id }),
      },
      async (id, edited, deleted) => {
        expect(codeOf(deleted)).toBe("ok");
        expect(["ok", "not_found"]).toContain(codeOf(edited));
        expect((await read(id))?.title).toBe(edited.ok ? "y" : "x");
        expect(await done(id)).toEqual(edited.ok ? ["update", "delete"] : ["delete"]);
      },
    );
  });

  it("is deleted and restored once each at most, and lies where the last of them put it", async () => {
    await meet(
      world.database,
      {
        ...todoOf({ deleted: true }),
        one: (id) => restoreTodo(world.mia.scope(), { id }),
        other: (id) => deleteTodo(world.mia.scope(), { id }),
        waiting: 1, // Deleting finds nothing to wait for in the trash.
      },
      async (id, restored) => {
        expect(codeOf(restored)).toBe("ok");
        const actions = await done(id);
        expect([["restore"], ["restore", "delete"]]).toContainEqual(actions);
        expect((await read(id))?.deletedAt === null).toBe(actions.at(-1) === "restore");
      },
    );
  });

  it("is either back or gone when it is restored and purged", async () => {
    await meet(
      world.database,
      {
        ...todoOf({ deleted: true }),
        one: (id) => restoreTodo(world.mia.scope(), { id }),
        other: (id) => purgeTodo(world.mia.scope(), { id }),
      },
      async (id, restored, purged) => {
        expect([restored.ok, purged.ok].filter(Boolean)).toHaveLength(1);
        const left = await read(id);
        expect(left === null ? "gone" : left.deletedAt).toBe(purged.ok ? "gone" : null);
        expect(await done(id)).toEqual([purged.ok ? "purge" : "restore"]);
      },
    );
  });

  it("is purged once, and both say so", async () => {
    const purge = (id: string) => purgeTodo(world.mia.scope(), { id });
    await meet(
      world.database,
      {
        ...todoOf({ deleted: true }),
        one: purge,
        other: purge,
      },
      async (id, one, other) => {
        expect([codeOf(one), codeOf(other)]).toEqual(["ok", "ok"]);
        expect(await done(id)).toEqual(["purge"]);
      },
    );
  });
});
