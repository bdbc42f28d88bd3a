import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newId } from "@/lib/db/id";
import { newTodoInput } from "@/lib/todos/input";
import { createTodo, getTodo, updateTodo } from "@/lib/todos/repository";
import type { NewTodo } from "@/lib/todos/types";
import { createPerson } from "../helpers/people";
import { writeMembership, writeTag } from "../helpers/rows";
import { countOf, create, done, everythingOf, names, notFound, twoPeople } from "./world";

const world = twoPeople();

const lowered = (list: string[]) => new Set(list.map((name) => name.toLowerCase()));

describe("createTodo", () => {
  it("adds a todo with all it was given, in one request", async () => {
    const todo = await create(world.mia, {
      title: "Buy milk",
      description: "Two bottles",
      priority: 4,
      dueDate: "9999-12-31",
      dueTime: "09:30",
      scheduledFor: "2026-01-01",
      tags: ["Shop", "errands"],
    });
    expect(world.proxy.requests).toHaveLength(1);
    expect(todo).toMatchObject({
      organizationId: world.mia.organizationId,
      title: "Buy milk",
      description: "Two bottles",
      hasDescription: true,
      status: "pending",
      priority: 4,
      dueDate: "9999-12-31",
      dueTime: "09:30",
      scheduledFor: "2026-01-01",
      completedAt: null,
      deletedAt: null,
      version: 1,
    });
    expect(names(todo)).toEqual(["errands", "Shop"]);
    expect(todo.createdAt.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(await getTodo(world.mia.scope(), todo.id)).toEqual(todo);
  });

  it("needs no more than a title", async () => {
    expect(await create(world.mia, { title: "Buy milk" })).toMatchObject({
      description: "",
      hasDescription: false,
      priority: 0,
      dueDate: null,
      dueTime: null,
      tags: [],
    });
  });

  it("finds the tags it knows without regard to case, and makes the others once", async () => {
    const shop = await writeTag(world.database, world.mia, "Shop");
    const todo = await create(world.mia, { title: "x", tags: ["SHOP", "Home", "home", "HOME"] });
    expect(todo.tags).toEqual([
      expect.objectContaining({ name: "Home" }),
      { id: shop, name: "Shop", colour: "#78716c" },
    ]);
    expect(await countOf(world, "tags", world.mia)).toBe(2);
    expect(await countOf(world, "tags", world.noah)).toBe(1);
  });

  it("leaves it to PostgreSQL which names differ in case only", async () => {
    const todo = await create(world.mia, { title: "x", tags: ["ΟΔΟΣ", "οδοσ", "οδος", "ÉTÉ", "été"] });
    // JavaScript would make "οδος" of the first; PostgreSQL's lower() knows no final sigma.
    expect(new Set(names(todo))).toEqual(new Set(["ÉTÉ", "ΟΔΟΣ", "οδος"]));
    expect(todo.tags).toHaveLength(3);
  });

  it("gives the same todo and adds nothing when it is repeated", async () => {
    const input = { id: newId(), title: "Buy milk", tags: ["Shop"] };
    const first = await create(world.mia, input);
    const before = await everythingOf(world, world.mia);
    expect(await create(world.mia, input)).toEqual(first);
    expect(await create(world.mia, { ...input, title: "Something else", tags: ["Other"] })).toEqual(first);
    expect(await everythingOf(world, world.mia)).toEqual(before);
  });

  it("does not bring back what was changed since, when it is repeated", async () => {
    const input = { id: newId(), title: "Buy milk", tags: ["Shop", "Home"] };
    await create(world.mia, input);
    await done(
      updateTodo(world.mia.scope(), { id: input.id, version: 1, title: "Buy oat milk", tags: ["Home"] }),
    );
    expect(await create(world.mia, input)).toMatchObject({ title: "Buy oat milk", version: 2 });
    expect(names(await create(world.mia, input))).toEqual(["Home"]);
  });

  it("makes one todo of the same create sent twice at once", async () => {
    const input = { id: newId(), title: "Buy milk", tags: ["Shop", "Home"] };
    const [one, other] = await Promise.all([create(world.mia, input), create(world.mia, input)]);
    expect(one).toEqual(other);
    expect(await countOf(world, "todos", world.mia)).toBe(1);
    expect(await countOf(world, "todo_tags", world.mia)).toBe(2);
    expect(await countOf(world, "tags", world.mia)).toBe(2);
  });

  it("makes one tag when two todos need it at once", async () => {
    const todos = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        create(world.mia, { title: `${index}`, tags: ["Shop", "Home", `${index}`] }),
      ),
    );
    for (const [index, todo] of todos.entries()) expect(names(todo)).toEqual([`${index}`, "Home", "Shop"]);
    expect(await countOf(world, "tags", world.mia)).toBe(8);
  });

  it("has happened once when its reply was lost and it is tried again", async () => {
    const input = { id: newId(), title: "Buy milk", tags: ["Shop"] };
    world.proxy.setFault((_request, index) => (index === 0 ? { kind: "lose-response" } : null));
    expect(await createTodo(world.mia.scope(), input)).toMatchObject({ ok: false, code: "unavailable" });
    expect(await create(world.mia, input)).toMatchObject({ title: "Buy milk", version: 1 });
    expect(await countOf(world, "todos", world.mia)).toBe(1);
    expect(await countOf(world, "todo_tags", world.mia)).toBe(1);
  });

  it("finds nothing for an id of somebody else's, and touches nothing", async () => {
    const before = [await everythingOf(world, world.noah), await everythingOf(world, world.mia)];
    expect(
      await createTodo(world.mia.scope(), { id: world.foreign, title: "Mine now", tags: ["Home"] }),
    ).toMatchObject(notFound);
    expect([await everythingOf(world, world.noah), await everythingOf(world, world.mia)]).toEqual(before);
    expect(await countOf(world, "tags", world.mia)).toBe(0);
  });

  it("finds nothing for an id of a colleague's todo that they may see", async () => {
    await writeMembership(world.database, world.noah.organizationId, world.mia);
    const before = await everythingOf(world, world.noah);
    expect(
      await createTodo(world.mia.scope(), { id: world.foreign, title: "Mine now", tags: ["Garden"] }),
    ).toMatchObject(notFound);
    expect(await everythingOf(world, world.noah)).toEqual(before);
  });

  it("finds nothing for what is no id, without asking the database", async () => {
    expect(await createTodo(world.mia.scope(), { id: "1 or 1=1", title: "x" })).toMatchObject(notFound);
    expect(world.proxy.requests).toHaveLength(0);
  });

  it("refuses a due date before the person's own today, and takes today", async () => {
    const kiritimati = await createPerson(world.database, {
      preferences: { timeZone: "Pacific/Kiritimati" },
    });
    const now = new Date("2026-11-20T12:00:00Z"); // the 21st, 02:00, there
    const late = await createTodo(kiritimati.scope({ now }), {
      title: "x",
      dueDate: "2026-11-20",
      tags: ["Home"],
    });
    expect(late).toMatchObject({ code: "invalid", fields: { dueDate: ["Choose today or a later day."] } });
    expect(await countOf(world, "todos", kiritimati)).toBe(0);
    expect(await countOf(world, "tags", kiritimati)).toBe(0);
    const onTime = await createTodo(kiritimati.scope({ now }), { title: "x", dueDate: "2026-11-21" });
    expect(onTime.ok).toBe(true);
    // The 20th is still today for somebody in UTC.
    expect((await createTodo(world.mia.scope({ now }), { title: "x", dueDate: "2026-11-20" })).ok).toBe(true);
  });

  it("answers a repeated create also after midnight", async () => {
    const input = { id: newId(), title: "x", dueDate: "2026-11-20" };
    await done(createTodo(world.mia.scope({ now: new Date("2026-11-20T23:59:00Z") }), input));
    const again = await createTodo(world.mia.scope({ now: new Date("2026-11-21T00:01:00Z") }), input);
    expect(again).toMatchObject({ ok: true, data: { id: input.id } });
  });

  it("leaves nothing behind when the database finds a broken rule that the schema let through", async () => {
    const wrong: [Partial<NewTodo>, string][] = [
      [{ title: "x".repeat(201) }, "title"],
      [{ title: "" }, "title"],
      [{ description: "x".repeat(10_001) }, "description"],
      [{ priority: 6 }, "priority"],
      [{ priority: 4 }, "dueDate"],
      [{ dueTime: "10:00" }, "dueTime"],
      [{ scheduledFor: "1969-12-31" }, "scheduledFor"],
    ];
    for (const [fields, field] of wrong) {
      const result = await createTodo(world.mia.scope(), { title: "x", tags: ["Home"], ...fields });
      expect(result).toMatchObject({ ok: false, code: "invalid", fields: { [field]: [expect.any(String)] } });
    }
    expect(await createTodo(world.mia.scope(), { title: "a\u0000b" })).toMatchObject({ code: "invalid" });
    expect(await countOf(world, "todos", world.mia)).toBe(0);
    expect(await countOf(world, "tags", world.mia)).toBe(0);
  });

  it("stores every text exactly as the schema let it through", async () => {
    const line = fc.string({ unit: "binary", minLength: 1, maxLength: 40 });
    const sample = [
      "<script>alert(1)</script>",
      "'; drop table todos; --",
      "שלום \u202eevil\u202c",
      "🪨".repeat(200),
      "e\u0301 \u00e9",
      "\\ % _ \" ' ` $1 :x {{y}}",
    ];
    const property = fc.asyncProperty(
      line,
      line,
      fc.array(line, { maxLength: 4 }),
      async (title, description, tags) => {
        const parsed = newTodoInput.safeParse({ title, description, tags });
        fc.pre(parsed.success);
        const todo = await create(world.mia, parsed.data);
        expect({ title: todo.title, description: todo.description }).toEqual({
          title: parsed.data.title,
          description: parsed.data.description,
        });
        // Tags may have been known in another case already.
        expect(lowered(names(todo))).toEqual(lowered(parsed.data.tags ?? []));
      },
    );
    await fc.assert(property, { numRuns: 60, examples: sample.map((text) => [text, text, [text]]) });
  });
});
