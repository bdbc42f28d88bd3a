import { describe, expect, it } from "vitest";
import { getHistory, revertField } from "@/lib/audit/repository";
import { REVERTIBLE_FIELDS, type RevertibleField } from "@/lib/audit/types";
import { newId } from "@/lib/db/id";
import { deleteTodo, getTodo, updateTodo } from "@/lib/todos/repository";
import type { TodoEdit } from "@/lib/todos/types";
import { everyRow } from "../helpers/every-row";
import { create, done, notFound, twoPeople } from "../todos/world";

const world = twoPeople();

const FIRST = {
  title: "Buy milk",
  description: "One",
  priority: 5,
  dueDate: "2030-01-01",
  dueTime: "08:30",
  scheduledFor: null,
} as const;
const SECOND = {
  title: "Buy oat milk",
  description: "",
  priority: 1,
  dueDate: "2030-02-02",
  dueTime: null,
  scheduledFor: "2030-01-03",
} as const;

/** A todo that was edited once, and the entry of that edit. */
async function edited(edit: Omit<TodoEdit, "id" | "version"> = SECOND) {
  const { mia } = world;
  const { id } = await create(mia, FIRST);
  await done(updateTodo(mia.scope(), { id, version: 1, ...edit }));
  const [entry, first] = await getHistory(mia.scope(), id);
  return { id, entryId: entry?.id ?? "", createdBy: first?.id ?? "", version: 2 };
}

describe("revertField", () => {
  it.each(REVERTIBLE_FIELDS)("gives %s alone its earlier value, in one request", async (field) => {
    const { mia, proxy } = world;
    const { id, entryId, version } = await edited();
    proxy.reset();
    const todo = await done(revertField(mia.scope(), { id, field, entryId, version }));
    expect(proxy.requests).toHaveLength(1);
    expect(todo).toMatchObject({ ...SECOND, [field]: FIRST[field], version: 3 });
    expect(todo).toEqual(await getTodo(mia.scope(), id));
    const [latest] = await getHistory(mia.scope(), id);
    expect(Object.keys(latest?.changes ?? {})).toHaveLength(1);
  });

  it("reaches every earlier value of a field, and back again", async () => {
    const { mia } = world;
    const { id } = await create(mia, { title: "One" });
    for (const [index, title] of ["Two", "Three"].entries()) {
      await done(updateTodo(mia.scope(), { id, version: index + 1, title }));
    }
    const [toThree, toTwo] = (await getHistory(mia.scope(), id)).map((entry) => entry.id);
    const revert = (entryId = "", version = 0) =>
      done(revertField(mia.scope(), { id, field: "title", entryId, version }));
    expect((await revert(toTwo, 3)).title).toBe("One");
    expect((await revert(toThree, 4)).title).toBe("Two");
    const [, back] = await getHistory(mia.scope(), id);
    expect((await revert(back?.id, 5)).title).toBe("Three");
  });

  it("refuses a stale version with the todo as it stands, and changes nothing", async () => {
    const { mia, database } = world;
    const { id, entryId } = await edited();
    await done(updateTodo(mia.scope(), { id, version: 2, title: "Buy soy milk" }));
    const before = await everyRow(database);
    expect(await revertField(mia.scope(), { id, field: "title", entryId, version: 2 })).toMatchObject({
      code: "conflict",
      current: { title: "Buy soy milk", version: 3 },
    });
    expect(await everyRow(database)).toEqual(before);
  });

  it("is a success when it is repeated, and changes nothing then", async () => {
    const { mia } = world;
    const { id, entryId, version } = await edited();
    const input = { id, field: "title", entryId, version } as const;
    const todo = await done(revertField(mia.scope(), input));
    expect(await done(revertField(mia.scope(), input))).toEqual(todo);
  });

  it.each([
    ["priority", { dueDate: ["Priority 4 and 5 need a due date."] }],
    ["dueTime", { dueTime: ["A time needs a due date."] }],
  ] as const)("keeps the rules between fields: no %s without a due date", async (field, fields) => {
    const { mia } = world;
    const { id, entryId, version } = await edited({ dueDate: null, dueTime: null, priority: 1 });
    expect(await revertField(mia.scope(), { id, field, entryId, version })).toMatchObject({
      code: "invalid",
      fields,
    });
    expect((await getTodo(mia.scope(), id))?.version).toBe(version);
  });

  it("finds no field that the entry did not change, no first value before there was one, no other todo's entry", async () => {
    const { mia } = world;
    const { id, entryId, createdBy, version } = await edited({ title: "Buy oat milk" });
    const other = await edited();
    const tries: [RevertibleField, string][] = [
      ["priority", entryId],
      ["title", createdBy],
      ["title", other.entryId],
      ["title", newId()],
      ["title", "x"],
    ];
    for (const [field, entry] of tries) {
      expect(await revertField(mia.scope(), { id, field, entryId: entry, version })).toMatchObject(notFound);
    }
  });

  it("finds nothing in the trash, and nothing of others", async () => {
    const { mia, noah } = world;
    const { id, entryId, version } = await edited();
    const input = { id, field: "title", entryId, version } as const;
    expect(await revertField(noah.scope(), input)).toMatchObject(notFound);
    await done(deleteTodo(mia.scope(), { id }));
    expect(await revertField(mia.scope(), { ...input, version: 3 })).toMatchObject(notFound);
  });
});
