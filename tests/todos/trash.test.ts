import { describe, expect, it } from "vitest";
import { newId } from "@/lib/db/id";
import { deleteTodo, getTodo, purgeTodo, restoreTodo } from "@/lib/todos/repository";
import { writeTodo } from "../helpers/rows";
import { countOf, create, done, everythingOf, names, notFound, twoPeople } from "./world";

const world = twoPeople();

describe("getTodo", () => {
  it("gives one of mine with its tags in one request, and nothing else", async () => {
    const todo = await create(world.mia, { title: "x", tags: ["b", "A", "c"] });
    world.proxy.reset();
    const found = await getTodo(world.mia.scope(), todo.id);
    expect(world.proxy.requests).toHaveLength(1);
    expect(found).toEqual(todo);
    expect(names(todo)).toEqual(["A", "b", "c"]);
    for (const wrong of [world.foreign, newId(), "x", "", todo.id.toUpperCase(), `${todo.id} `]) {
      expect(await getTodo(world.mia.scope(), wrong)).toBeNull();
    }
  });
});

describe("the trash", () => {
  it("takes a todo and gives it back as it was, in one request each", async () => {
    const before = await create(world.mia, { title: "x", description: "y", tags: ["Home"] });
    const { id } = before;
    world.proxy.reset();
    const deleted = await done(deleteTodo(world.mia.scope(), { id }));
    expect(world.proxy.requests).toHaveLength(1);
    expect(deleted).toEqual({
      ...before,
      version: 2,
      updatedAt: deleted.updatedAt,
      deletedAt: expect.any(Date),
    });
    expect(await getTodo(world.mia.scope(), id)).toEqual(deleted);
    expect(await done(deleteTodo(world.mia.scope(), { id }))).toEqual(deleted);

    world.proxy.reset();
    const restored = await done(restoreTodo(world.mia.scope(), { id }));
    expect(world.proxy.requests).toHaveLength(1);
    expect(restored).toEqual({ ...before, version: 3, updatedAt: restored.updatedAt });
    expect(await done(restoreTodo(world.mia.scope(), { id }))).toEqual(restored);
  });

  it("lets go of a todo for ever, and says so again when asked again", async () => {
    const { id } = await create(world.mia, { title: "x", description: "secret", tags: ["Home"] });
    await done(deleteTodo(world.mia.scope(), { id }));
    world.proxy.reset();
    expect(await done(purgeTodo(world.mia.scope(), { id }))).toEqual({ id });
    expect(world.proxy.requests).toHaveLength(1);
    expect(await getTodo(world.mia.scope(), id)).toBeNull();
    expect(await countOf(world, "todos", world.mia)).toBe(0);
    expect(await countOf(world, "todo_tags", world.mia)).toBe(0);
    expect(await countOf(world, "tags", world.mia)).toBe(1);
    const audits = await countOf(world, "audit_logs", world.mia);
    expect(await done(purgeTodo(world.mia.scope(), { id }))).toEqual({ id });
    expect(await countOf(world, "audit_logs", world.mia)).toBe(audits);
    // Of somebody else's purge there is nothing to say.
    expect(await purgeTodo(world.noah.scope(), { id })).toMatchObject(notFound);
  });

  it("only lets go for ever of what lies in it", async () => {
    const { id } = await create(world.mia, { title: "x" });
    expect(await purgeTodo(world.mia.scope(), { id })).toEqual({
      ok: false,
      code: "invalid",
      message: "Only what lies in the trash can be deleted for ever.",
    });
    expect(await getTodo(world.mia.scope(), id)).not.toBeNull();
  });

  it("holds nothing of others", async () => {
    const trashed = await writeTodo(world.database, world.noah, { deleted: true });
    const before = await everythingOf(world, world.noah);
    for (const write of [deleteTodo, restoreTodo, purgeTodo]) {
      for (const wrong of [world.foreign, trashed, newId(), "x"]) {
        expect(await write(world.mia.scope(), { id: wrong })).toMatchObject(notFound);
      }
    }
    expect(await everythingOf(world, world.noah)).toEqual(before);
  });
});
