import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newId } from "@/lib/db/id";
import { todoEditInput } from "@/lib/todos/input";
import { completeTodo, deleteTodo, getTodo, updateTodo } from "@/lib/todos/repository";
import { writeMembership } from "../helpers/rows";
import { countOf, create, done, everythingOf, names, notFound, twoPeople } from "./world";

const world = twoPeople();

describe("updateTodo", () => {
  it("saves all fields and exactly the given tags, in one request", async () => {
    const { id } = await create(world.mia, { title: "Buy milk", tags: ["Shop", "Home"] });
    world.proxy.reset();
    const edit = {
      title: "Buy oat milk",
      description: "One bottle",
      priority: 5,
      dueDate: "2020-01-01",
      dueTime: "23:59",
      scheduledFor: "2019-12-31",
    };
    const saved = await done(
      updateTodo(world.mia.scope(), { id, version: 1, ...edit, tags: ["HOME", "Vegan"] }),
    );
    expect(world.proxy.requests).toHaveLength(1);
    expect(saved).toMatchObject({ ...edit, version: 2, status: "pending" });
    expect(names(saved)).toEqual(["Home", "Vegan"]);
    expect(await getTodo(world.mia.scope(), id)).toEqual(saved);

    const emptied = { description: "", priority: 0, dueDate: null, dueTime: null, scheduledFor: null };
    expect(await done(updateTodo(world.mia.scope(), { id, version: 2, ...emptied, tags: [] }))).toMatchObject(
      {
        ...emptied,
        title: "Buy oat milk",
        version: 3,
        tags: [],
      },
    );
  });

  it("leaves what is left out as it is", async () => {
    const before = await create(world.mia, {
      title: "x",
      description: "y",
      priority: 4,
      dueDate: "9999-01-01",
      tags: ["Home"],
    });
    const saved = await done(updateTodo(world.mia.scope(), { id: before.id, version: 1, priority: 5 }));
    expect(saved).toEqual({ ...before, priority: 5, version: 2, updatedAt: saved.updatedAt });
    const tagged = await done(updateTodo(world.mia.scope(), { id: before.id, version: 2, tags: ["Garden"] }));
    expect(tagged).toEqual({ ...saved, version: 3, updatedAt: tagged.updatedAt, tags: tagged.tags });
    expect(names(tagged)).toEqual(["Garden"]);
  });

  it("refuses a stale version, shows how the todo stands, and changes nothing, tags included", async () => {
    const { id } = await create(world.mia, { title: "Buy milk", tags: ["Shop"] });
    const current = await done(updateTodo(world.mia.scope(), { id, version: 1, title: "Buy bread" }));
    const before = await everythingOf(world, world.mia);
    const stale = await updateTodo(world.mia.scope(), {
      id,
      version: 1,
      title: "Buy butter",
      tags: ["Other"],
    });
    expect(stale).toMatchObject({ ok: false, code: "conflict", current });
    expect(await everythingOf(world, world.mia)).toEqual(before);
  });

  it("lets one of two edits of the same version win", async () => {
    const { id } = await create(world.mia, { title: "x" });
    const edits = ["left", "right"].map((word) =>
      updateTodo(world.mia.scope(), { id, version: 1, title: word, tags: [word] }),
    );
    const results = await Promise.all(edits);
    expect(results.filter((result) => result.ok)).toHaveLength(1);
    const todo = await getTodo(world.mia.scope(), id);
    expect(todo).toMatchObject({ version: 2, tags: [{ name: todo?.title }] });
  });

  it("takes a repeated save, whose reply was lost, for done", async () => {
    const { id } = await create(world.mia, { title: "x", tags: ["Shop"] });
    const edit = {
      id,
      version: 1,
      title: "y",
      priority: 0,
      dueDate: null,
      dueTime: null,
      tags: ["ΟΔΟΣ", "home", "HOME"],
    };
    world.proxy.reset();
    world.proxy.setFault((_request, index) => (index === 0 ? { kind: "lose-response" } : null));
    expect(await updateTodo(world.mia.scope(), edit)).toMatchObject({ ok: false, code: "unavailable" });
    const before = await everythingOf(world, world.mia);
    expect(await updateTodo(world.mia.scope(), edit)).toMatchObject({
      ok: true,
      data: { title: "y", version: 2 },
    });
    expect(await everythingOf(world, world.mia)).toEqual(before);
    // One tag more or less is another edit.
    for (const tags of [["ΟΔΟΣ"], ["ΟΔΟΣ", "home", "more"], []]) {
      expect(await updateTodo(world.mia.scope(), { ...edit, tags })).toMatchObject({ code: "conflict" });
    }
    expect(await updateTodo(world.mia.scope(), { ...edit, dueDate: "2030-01-01" })).toMatchObject({
      code: "conflict",
    });
  });

  it("takes a due date that is past: it may have been late already", async () => {
    const { id } = await create(world.mia, { title: "x" });
    expect((await updateTodo(world.mia.scope(), { id, version: 1, dueDate: "2001-01-01" })).ok).toBe(true);
  });

  it("refuses what the row as a whole does not allow", async () => {
    const { id } = await create(world.mia, { title: "x", tags: ["Home"] });
    const high = await updateTodo(world.mia.scope(), { id, version: 1, priority: 4, tags: [] });
    expect(high).toMatchObject({
      code: "invalid",
      fields: { dueDate: ["Priority 4 and 5 need a due date."] },
    });
    const timed = await updateTodo(world.mia.scope(), { id, version: 1, dueTime: "10:00" });
    expect(timed).toMatchObject({ code: "invalid", fields: { dueTime: ["A time needs a due date."] } });
    expect(await getTodo(world.mia.scope(), id)).toMatchObject({ version: 1, tags: [{ name: "Home" }] });
  });

  it("leaves the status and the owner alone, whatever an edit carries", async () => {
    const { id } = await create(world.mia, { title: "x" });
    const wicked = {
      id,
      version: 1,
      title: "y",
      status: "completed",
      userId: world.noah.userId,
      deletedAt: new Date(),
    };
    expect(await done(updateTodo(world.mia.scope(), wicked))).toMatchObject({
      status: "pending",
      deletedAt: null,
    });
    const [row] = await world.database.sql("select user_id from todos where id = $1", [id]);
    expect(row).toEqual({ user_id: world.mia.userId });
  });

  it("finds nothing in the trash, of others, or under what is no id", async () => {
    const { id } = await create(world.mia, { title: "x" });
    await done(deleteTodo(world.mia.scope(), { id }));
    expect(await updateTodo(world.mia.scope(), { id, version: 2, title: "y" })).toMatchObject(notFound);
    const before = await everythingOf(world, world.noah);
    expect(
      await updateTodo(world.mia.scope(), { id: world.foreign, version: 1, title: "y", tags: ["z"] }),
    ).toMatchObject(notFound);
    expect(await everythingOf(world, world.noah)).toEqual(before);
    for (const bad of [newId(), "x", ""]) {
      expect(await updateTodo(world.mia.scope(), { id: bad, version: 1, title: "y" })).toMatchObject(
        notFound,
      );
    }
  });

  it("finds nothing to change for those who may only see it", async () => {
    await writeMembership(world.database, world.noah.organizationId, world.mia, "viewer");
    expect(await getTodo(world.mia.scope(), world.foreign)).not.toBeNull();
    const before = await everythingOf(world, world.noah);
    expect(
      await updateTodo(world.mia.scope(), { id: world.foreign, version: 1, title: "y", tags: [] }),
    ).toMatchObject(notFound);
    expect(await completeTodo(world.mia.scope(), { id: world.foreign })).toMatchObject(notFound);
    expect(await deleteTodo(world.mia.scope(), { id: world.foreign })).toMatchObject(notFound);
    expect(await everythingOf(world, world.noah)).toEqual(before);
  });

  it("makes the tags of a colleague's todo in their organization", async () => {
    await writeMembership(world.database, world.noah.organizationId, world.mia);
    const saved = await done(
      updateTodo(world.mia.scope(), { id: world.foreign, version: 1, tags: ["HOME", "Garden"] }),
    );
    expect(names(saved)).toEqual(["Garden", "Home"]);
    expect(await countOf(world, "tags", world.noah)).toBe(2);
    expect(await countOf(world, "tags", world.mia)).toBe(0);
  });

  it("stores every edit that the schema lets through exactly", async () => {
    const { id } = await create(world.mia, { title: "x" });
    let version = 1;
    const text = fc.string({ unit: "binary", minLength: 1, maxLength: 30 });
    const property = fc.asyncProperty(text, text, async (title, description) => {
      const parsed = todoEditInput.safeParse({ id, version, title, description });
      fc.pre(parsed.success);
      const saved = await done(updateTodo(world.mia.scope(), parsed.data));
      version = saved.version;
      expect(saved).toMatchObject({ title: parsed.data.title, description: parsed.data.description });
    });
    await fc.assert(property, { numRuns: 30 });
  });
});
