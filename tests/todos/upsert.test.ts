import { describe, expect, it } from "vitest";
import { newId } from "@/lib/db/id";
import { deleteTodo, getTodo, upsertTodo } from "@/lib/todos/repository";
import { everyRow } from "../helpers/every-row";
import { atOnce } from "../helpers/gate";
import { writeTodo } from "../helpers/rows";
import { createTeam } from "./team";
import { countOf, create, done, names, notFound, twoPeople } from "./world";

const world = twoPeople();

/** What was done with a todo, oldest first. */
async function actionsOn(id: string): Promise<string[]> {
  const rows = await world.database.sql<{ action: string }>(
    "select action from audit_logs where entity_id = $1 order by id",
    [id],
  );
  return rows.map(({ action }) => action);
}

describe("upsertTodo", () => {
  it("adds what is not there, in one request, once", async () => {
    const { database, proxy, mia } = world;
    const input = {
      id: newId(),
      title: "Buy milk",
      dueDate: "9999-12-31",
      priority: 5,
      tags: ["Shop", "home"],
    };
    proxy.reset();
    const todo = await done(upsertTodo(mia.scope(), input));
    expect(proxy.requests).toHaveLength(1);
    expect(todo).toMatchObject({ id: input.id, title: "Buy milk", priority: 5, version: 1 });
    expect(names(todo)).toEqual(["home", "Shop"]);
    const before = await everyRow(database);
    expect(await done(upsertTodo(mia.scope(), input))).toEqual(todo);
    expect(await everyRow(database)).toEqual(before);
  });

  it("brings what is there to the given values, in one request, once, and leaves the rest", async () => {
    const { database, proxy, mia } = world;
    const { id } = await create(mia, { title: "x", description: "kept", priority: 2, tags: ["Old", "Home"] });
    const input = { id, title: "y", priority: 1, tags: ["HOME", "New"] };
    proxy.reset();
    const todo = await done(upsertTodo(mia.scope(), input));
    expect(proxy.requests).toHaveLength(1);
    expect(todo).toMatchObject({ title: "y", description: "kept", priority: 1, version: 2 });
    expect(names(todo)).toEqual(["Home", "New"]);
    const before = await everyRow(database);
    expect(await done(upsertTodo(mia.scope(), input))).toEqual(todo);
    expect(await everyRow(database)).toEqual(before);
    expect(await done(upsertTodo(mia.scope(), { id, title: "y", tags: [] }))).toMatchObject({
      version: 3,
      tags: [],
    });
  });

  it("lets what is left out keep the rules of what is there", async () => {
    const { mia } = world;
    const { id } = await create(mia, { title: "x", dueDate: "9999-12-31" });
    expect(
      await done(upsertTodo(mia.scope(), { id, title: "x", priority: 5, dueTime: "08:30" })),
    ).toMatchObject({ priority: 5, dueDate: "9999-12-31", dueTime: "08:30" });
  });

  it("takes a past due date for what is there, and refuses it for what is new", async () => {
    const { mia } = world;
    const { id } = await create(mia, { title: "x" });
    expect(await done(upsertTodo(mia.scope(), { id, title: "x", dueDate: "2001-01-01" }))).toMatchObject({
      dueDate: "2001-01-01",
    });
    const fresh = newId();
    expect(await upsertTodo(mia.scope(), { id: fresh, title: "x", dueDate: "2001-01-01" })).toMatchObject({
      code: "invalid",
      fields: { dueDate: ["Choose today or a later day."] },
    });
    expect(await getTodo(mia.scope(), fresh)).toBeNull();
  });

  it("lets the last one win without a version, and refuses a stale one", async () => {
    const { mia } = world;
    const { id } = await create(mia, { title: "x" });
    await done(upsertTodo(mia.scope(), { id, title: "one", version: 1 }));
    expect(await done(upsertTodo(mia.scope(), { id, title: "two" }))).toMatchObject({ version: 3 });
    expect(await upsertTodo(mia.scope(), { id, title: "three", version: 2 })).toMatchObject({
      code: "conflict",
      current: { title: "two", version: 3 },
    });
    expect(await upsertTodo(mia.scope(), { id: newId(), title: "x", version: 1 })).toMatchObject(notFound);
  });

  it("refuses what the row as a whole does not allow, and changes nothing", async () => {
    const { database, mia } = world;
    const { id } = await create(mia, { title: "x", dueDate: "9999-12-31", priority: 4 });
    const before = await everyRow(database);
    expect(await upsertTodo(mia.scope(), { id, title: "y", dueDate: null, tags: ["New"] })).toMatchObject({
      code: "invalid",
      fields: { dueDate: ["Priority 4 and 5 need a due date."] },
    });
    expect(await everyRow(database)).toEqual(before);
  });

  it("finds nothing in the trash, of others, of colleagues, or under what is no id", async () => {
    const { database, mia, noah } = world;
    const { id } = await create(mia, { title: "x" });
    await done(deleteTodo(mia.scope(), { id }));
    const team = await createTeam(world, mia, noah);
    const colleagues = await team.write(noah);
    const before = await everyRow(database);
    for (const one of [id, world.foreign, colleagues, "x", ""]) {
      expect(await upsertTodo(mia.scope(), { id: one, title: "y", tags: ["New"] })).toMatchObject(notFound);
    }
    expect(await everyRow(database)).toEqual(before);
  });

  it("finds nothing to change in an organization where one may only look on by now", async () => {
    const { database, mia } = world;
    const team = await createTeam(world, mia);
    const id = await team.write(mia, { title: "x" });
    await database.sql("update memberships set role = 'viewer' where organization_id = $1", [
      team.organizationId,
    ]);
    const before = await everyRow(database);
    expect(await upsertTodo(mia.scope(), { id, title: "y", tags: ["New"] })).toMatchObject(notFound);
    expect(await everyRow(database)).toEqual(before);
  });

  it(
    "makes one todo of two at once, which stands as the last of them wants it",
    { timeout: 60_000 },
    async () => {
      const { database, mia } = world;
      for (let round = 0; round < 50; round += 1) {
        const id = newId();
        const inputs = ["one", "two"].map((title) => ({ id, title, tags: [`tag ${title}`] }));
        const start = () => Promise.all(inputs.map((input) => done(upsertTodo(mia.scope(), input))));
        await (round < 40
          ? start()
          : atOnce(database, { lock: "lock table todos in share row exclusive mode", waiting: 2, start }));
        const todo = await getTodo(mia.scope(), id);
        expect(inputs).toContainEqual({ id, title: todo?.title, tags: todo && names(todo) });
        expect((await actionsOn(id)).filter((action) => action === "create")).toHaveLength(1);
      }
      expect(await countOf(world, "todos", mia)).toBe(50);
    },
  );

  it("is done once when it is sent twice at once, tags included", { timeout: 60_000 }, async () => {
    const { database, mia } = world;
    for (let round = 0; round < 50; round += 1) {
      const id = await writeTodo(database, mia, { title: "x" });
      const send = () => done(upsertTodo(mia.scope(), { id, title: "x", tags: ["Home"] }));
      await atOnce(database, {
        lock: "select from todos where id = $1 for update",
        params: [id],
        waiting: 2,
        start: () => Promise.all([send(), send()]),
      });
      expect(await getTodo(mia.scope(), id)).toMatchObject({ version: 2, tags: [{ name: "Home" }] });
    }
  });

  it("leaves what a colleague's request carries alone: whose it is, and where", async () => {
    const { database, mia, noah } = world;
    const id = await writeTodo(database, mia);
    const wicked = {
      id,
      title: "y",
      userId: noah.userId,
      organizationId: noah.organizationId,
      status: "completed",
    };
    expect(await done(upsertTodo(mia.scope(), wicked))).toMatchObject({ title: "y", status: "pending" });
    expect(await database.sql("select user_id from todos where id = $1", [id])).toEqual([
      { user_id: mia.userId },
    ]);
  });
});
