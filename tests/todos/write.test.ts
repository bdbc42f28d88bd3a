import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "@/lib/db/id";
import type { Result } from "@/lib/result";
import { newTodoInput, todoEditInput } from "@/lib/todos/input";
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
import type { NewTodo, Todo, TodoStatus } from "@/lib/todos/types";
import { startCountingProxy, type CountingProxy } from "../helpers/counting-proxy";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { createPerson, type Person } from "../helpers/people";
import { writeMembership, writeTag, writeTodo } from "../helpers/rows";

let database: TestDatabase;
let proxy: CountingProxy;
let mia: Person;
let noah: Person;
/** A todo of Noah's, whom Mia knows nothing of. */
let foreign: string;

beforeAll(async () => {
  const direct = await createTestDatabase();
  proxy = await startCountingProxy(direct.endpoint);
  database = { ...direct, endpoint: proxy.url };
});
afterAll(async () => {
  await proxy.stop();
  await database.drop();
});
beforeEach(async () => {
  [mia, noah] = [
    await createPerson(database, { name: "Mia" }),
    await createPerson(database, { name: "Noah" }),
  ];
  foreign = await writeTodo(database, noah, { tagIds: [await writeTag(database, noah, "Home")] });
  proxy.setFault(null);
  proxy.reset();
});

/** The data of a success; a refusal fails the test with what it says. */
async function done<Data>(result: Promise<Result<Data>>): Promise<Data> {
  const answer = await result;
  if (!answer.ok) throw new Error(JSON.stringify(answer));
  return answer.data;
}

const create = (input: NewTodo, person = mia) => done(createTodo(person.scope(), input));
const names = (todo: Pick<Todo, "tags">) => todo.tags.map((tag) => tag.name);
const lowered = (list: string[]) => new Set(list.map((name) => name.toLowerCase()));
const notFound = { ok: false, code: "not_found" };

/** Everything that an organization holds, as the owner sees it: for "nothing happened". */
async function everythingOf(person: Person) {
  return database.sql(
    `select t.*, t.xmin::text, array(select tag_id from todo_tags l where l.todo_id = t.id order by 1) as tag_ids,
            (select count(*) from tags g where g.organization_id = t.organization_id) as tag_count,
            (select count(*) from audit_logs a where a.organization_id = t.organization_id) as audit_count
       from todos t where organization_id = $1 order by id`,
    [person.organizationId],
  );
}

async function countOf(
  table: "todos" | "tags" | "todo_tags" | "audit_logs",
  person: Person,
): Promise<number> {
  const [row] = await database.sql<{ count: number }>(
    `select count(*)::int as count from ${table} where organization_id = $1`,
    [person.organizationId],
  );
  return row?.count ?? -1;
}

describe("createTodo", () => {
  it("adds a todo with all it was given, in one request", async () => {
    const todo = await create({
      title: "Buy milk",
      description: "Two bottles",
      priority: 4,
      dueDate: "9999-12-31",
      dueTime: "09:30",
      scheduledFor: "2026-01-01",
      tags: ["Shop", "errands"],
    });
    expect(proxy.requests).toHaveLength(1);
    expect(todo).toMatchObject({
      organizationId: mia.organizationId,
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
    expect(await getTodo(mia.scope(), todo.id)).toEqual(todo);
  });

  it("needs no more than a title", async () => {
    expect(await create({ title: "Buy milk" })).toMatchObject({
      description: "",
      hasDescription: false,
      priority: 0,
      dueDate: null,
      dueTime: null,
      tags: [],
    });
  });

  it("finds the tags it knows without regard to case, and makes the others once", async () => {
    const shop = await writeTag(database, mia, "Shop");
    const todo = await create({ title: "x", tags: ["SHOP", "Home", "home", "HOME"] });
    expect(todo.tags).toEqual([
      expect.objectContaining({ name: "Home" }),
      { id: shop, name: "Shop", colour: "#78716c" },
    ]);
    expect(await countOf("tags", mia)).toBe(2);
    expect(await countOf("tags", noah)).toBe(1);
  });

  it("leaves it to PostgreSQL which names differ in case only", async () => {
    const todo = await create({ title: "x", tags: ["ΟΔΟΣ", "οδοσ", "οδος", "ÉTÉ", "été"] });
    // JavaScript would make "οδος" of the first; PostgreSQL's lower() knows no final sigma.
    expect(new Set(names(todo))).toEqual(new Set(["ÉTÉ", "ΟΔΟΣ", "οδος"]));
    expect(todo.tags).toHaveLength(3);
  });

  it("gives the same todo and adds nothing when it is repeated", async () => {
    const input = { id: newId(), title: "Buy milk", tags: ["Shop"] };
    const first = await create(input);
    const before = await everythingOf(mia);
    expect(await create(input)).toEqual(first);
    expect(await create({ ...input, title: "Something else", tags: ["Other"] })).toEqual(first);
    expect(await everythingOf(mia)).toEqual(before);
  });

  it("does not bring back what was changed since, when it is repeated", async () => {
    const input = { id: newId(), title: "Buy milk", tags: ["Shop", "Home"] };
    await create(input);
    await done(updateTodo(mia.scope(), { id: input.id, version: 1, title: "Buy oat milk", tags: ["Home"] }));
    expect(await create(input)).toMatchObject({ title: "Buy oat milk", version: 2 });
    expect(names(await create(input))).toEqual(["Home"]);
  });

  it("makes one todo of the same create sent twice at once", async () => {
    const input = { id: newId(), title: "Buy milk", tags: ["Shop", "Home"] };
    const [one, other] = await Promise.all([create(input), create(input)]);
    expect(one).toEqual(other);
    expect(await countOf("todos", mia)).toBe(1);
    expect(await countOf("todo_tags", mia)).toBe(2);
    expect(await countOf("tags", mia)).toBe(2);
  });

  it("makes one tag when two todos need it at once", async () => {
    const todos = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        create({ title: `${index}`, tags: ["Shop", "Home", `${index}`] }),
      ),
    );
    for (const [index, todo] of todos.entries()) expect(names(todo)).toEqual([`${index}`, "Home", "Shop"]);
    expect(await countOf("tags", mia)).toBe(8);
  });

  it("has happened once when its reply was lost and it is tried again", async () => {
    const input = { id: newId(), title: "Buy milk", tags: ["Shop"] };
    proxy.setFault((_request, index) => (index === 0 ? { kind: "lose-response" } : null));
    expect(await createTodo(mia.scope(), input)).toMatchObject({ ok: false, code: "unavailable" });
    expect(await create(input)).toMatchObject({ title: "Buy milk", version: 1 });
    expect(await countOf("todos", mia)).toBe(1);
    expect(await countOf("todo_tags", mia)).toBe(1);
  });

  it("finds nothing for an id of somebody else's, and touches nothing", async () => {
    const before = [await everythingOf(noah), await everythingOf(mia)];
    expect(await createTodo(mia.scope(), { id: foreign, title: "Mine now", tags: ["Home"] })).toMatchObject(
      notFound,
    );
    expect([await everythingOf(noah), await everythingOf(mia)]).toEqual(before);
    expect(await countOf("tags", mia)).toBe(0);
  });

  it("finds nothing for an id of a colleague's todo that they may see", async () => {
    await writeMembership(database, noah.organizationId, mia);
    const before = await everythingOf(noah);
    expect(await createTodo(mia.scope(), { id: foreign, title: "Mine now", tags: ["Garden"] })).toMatchObject(
      notFound,
    );
    expect(await everythingOf(noah)).toEqual(before);
  });

  it("finds nothing for what is no id, without asking the database", async () => {
    expect(await createTodo(mia.scope(), { id: "1 or 1=1", title: "x" })).toMatchObject(notFound);
    expect(proxy.requests).toHaveLength(0);
  });

  it("refuses a due date before the person's own today, and takes today", async () => {
    const kiritimati = await createPerson(database, { preferences: { timeZone: "Pacific/Kiritimati" } });
    const now = new Date("2026-11-20T12:00:00Z"); // the 21st, 02:00, there
    const late = await createTodo(kiritimati.scope({ now }), {
      title: "x",
      dueDate: "2026-11-20",
      tags: ["Home"],
    });
    expect(late).toMatchObject({ code: "invalid", fields: { dueDate: ["Choose today or a later day."] } });
    expect(await countOf("todos", kiritimati)).toBe(0);
    expect(await countOf("tags", kiritimati)).toBe(0);
    const onTime = await createTodo(kiritimati.scope({ now }), { title: "x", dueDate: "2026-11-21" });
    expect(onTime.ok).toBe(true);
    // The 20th is still today for somebody in UTC.
    expect((await createTodo(mia.scope({ now }), { title: "x", dueDate: "2026-11-20" })).ok).toBe(true);
  });

  it("answers a repeated create also after midnight", async () => {
    const input = { id: newId(), title: "x", dueDate: "2026-11-20" };
    await done(createTodo(mia.scope({ now: new Date("2026-11-20T23:59:00Z") }), input));
    const again = await createTodo(mia.scope({ now: new Date("2026-11-21T00:01:00Z") }), input);
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
      const result = await createTodo(mia.scope(), { title: "x", tags: ["Home"], ...fields });
      expect(result).toMatchObject({ ok: false, code: "invalid", fields: { [field]: [expect.any(String)] } });
    }
    expect(await createTodo(mia.scope(), { title: "a\u0000b" })).toMatchObject({ code: "invalid" });
    expect(await countOf("todos", mia)).toBe(0);
    expect(await countOf("tags", mia)).toBe(0);
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
        const todo = await create(parsed.data);
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

describe("updateTodo", () => {
  it("saves all fields and exactly the given tags, in one request", async () => {
    const { id } = await create({ title: "Buy milk", tags: ["Shop", "Home"] });
    proxy.reset();
    const edit = {
      title: "Buy oat milk",
      description: "One bottle",
      priority: 5,
      dueDate: "2020-01-01",
      dueTime: "23:59",
      scheduledFor: "2019-12-31",
    };
    const saved = await done(updateTodo(mia.scope(), { id, version: 1, ...edit, tags: ["HOME", "Vegan"] }));
    expect(proxy.requests).toHaveLength(1);
    expect(saved).toMatchObject({ ...edit, version: 2, status: "pending" });
    expect(names(saved)).toEqual(["Home", "Vegan"]);
    expect(await getTodo(mia.scope(), id)).toEqual(saved);

    const emptied = { description: "", priority: 0, dueDate: null, dueTime: null, scheduledFor: null };
    expect(await done(updateTodo(mia.scope(), { id, version: 2, ...emptied, tags: [] }))).toMatchObject({
      ...emptied,
      title: "Buy oat milk",
      version: 3,
      tags: [],
    });
  });

  it("leaves what is left out as it is", async () => {
    const before = await create({
      title: "x",
      description: "y",
      priority: 4,
      dueDate: "9999-01-01",
      tags: ["Home"],
    });
    const saved = await done(updateTodo(mia.scope(), { id: before.id, version: 1, priority: 5 }));
    expect(saved).toEqual({ ...before, priority: 5, version: 2, updatedAt: saved.updatedAt });
    const tagged = await done(updateTodo(mia.scope(), { id: before.id, version: 2, tags: ["Garden"] }));
    expect(tagged).toEqual({ ...saved, version: 3, updatedAt: tagged.updatedAt, tags: tagged.tags });
    expect(names(tagged)).toEqual(["Garden"]);
  });

  it("refuses a stale version, shows how the todo stands, and changes nothing, tags included", async () => {
    const { id } = await create({ title: "Buy milk", tags: ["Shop"] });
    const current = await done(updateTodo(mia.scope(), { id, version: 1, title: "Buy bread" }));
    const before = await everythingOf(mia);
    const stale = await updateTodo(mia.scope(), { id, version: 1, title: "Buy butter", tags: ["Other"] });
    expect(stale).toMatchObject({ ok: false, code: "conflict", current });
    expect(await everythingOf(mia)).toEqual(before);
  });

  it("lets one of two edits of the same version win", async () => {
    const { id } = await create({ title: "x" });
    const edits = ["left", "right"].map((word) =>
      updateTodo(mia.scope(), { id, version: 1, title: word, tags: [word] }),
    );
    const results = await Promise.all(edits);
    expect(results.filter((result) => result.ok)).toHaveLength(1);
    const todo = await getTodo(mia.scope(), id);
    expect(todo).toMatchObject({ version: 2, tags: [{ name: todo?.title }] });
  });

  it("takes a repeated save, whose reply was lost, for done", async () => {
    const { id } = await create({ title: "x", tags: ["Shop"] });
    const edit = {
      id,
      version: 1,
      title: "y",
      priority: 0,
      dueDate: null,
      dueTime: null,
      tags: ["ΟΔΟΣ", "home"],
    };
    proxy.reset();
    proxy.setFault((_request, index) => (index === 0 ? { kind: "lose-response" } : null));
    expect(await updateTodo(mia.scope(), edit)).toMatchObject({ ok: false, code: "unavailable" });
    const before = await everythingOf(mia);
    expect(await updateTodo(mia.scope(), edit)).toMatchObject({ ok: true, data: { title: "y", version: 2 } });
    expect(await everythingOf(mia)).toEqual(before);
    // One tag more or less is another edit.
    for (const tags of [["ΟΔΟΣ"], ["ΟΔΟΣ", "home", "more"], []]) {
      expect(await updateTodo(mia.scope(), { ...edit, tags })).toMatchObject({ code: "conflict" });
    }
    expect(await updateTodo(mia.scope(), { ...edit, dueDate: "2030-01-01" })).toMatchObject({
      code: "conflict",
    });
  });

  it("takes a due date that is past: it may have been late already", async () => {
    const { id } = await create({ title: "x" });
    expect((await updateTodo(mia.scope(), { id, version: 1, dueDate: "2001-01-01" })).ok).toBe(true);
  });

  it("refuses what the row as a whole does not allow", async () => {
    const { id } = await create({ title: "x", tags: ["Home"] });
    const high = await updateTodo(mia.scope(), { id, version: 1, priority: 4, tags: [] });
    expect(high).toMatchObject({
      code: "invalid",
      fields: { dueDate: ["Priority 4 and 5 need a due date."] },
    });
    const timed = await updateTodo(mia.scope(), { id, version: 1, dueTime: "10:00" });
    expect(timed).toMatchObject({ code: "invalid", fields: { dueTime: ["A time needs a due date."] } });
    expect(await getTodo(mia.scope(), id)).toMatchObject({ version: 1, tags: [{ name: "Home" }] });
  });

  it("leaves the status and the owner alone, whatever an edit carries", async () => {
    const { id } = await create({ title: "x" });
    const wicked = {
      id,
      version: 1,
      title: "y",
      status: "completed",
      userId: noah.userId,
      deletedAt: new Date(),
    };
    expect(await done(updateTodo(mia.scope(), wicked))).toMatchObject({ status: "pending", deletedAt: null });
    const [row] = await database.sql("select user_id from todos where id = $1", [id]);
    expect(row).toEqual({ user_id: mia.userId });
  });

  it("finds nothing in the trash, of others, or under what is no id", async () => {
    const { id } = await create({ title: "x" });
    await done(deleteTodo(mia.scope(), { id }));
    expect(await updateTodo(mia.scope(), { id, version: 2, title: "y" })).toMatchObject(notFound);
    const before = await everythingOf(noah);
    expect(await updateTodo(mia.scope(), { id: foreign, version: 1, title: "y", tags: ["z"] })).toMatchObject(
      notFound,
    );
    expect(await everythingOf(noah)).toEqual(before);
    for (const bad of [newId(), "x", ""]) {
      expect(await updateTodo(mia.scope(), { id: bad, version: 1, title: "y" })).toMatchObject(notFound);
    }
  });

  it("finds nothing to change for those who may only see it", async () => {
    await writeMembership(database, noah.organizationId, mia, "viewer");
    expect(await getTodo(mia.scope(), foreign)).not.toBeNull();
    const before = await everythingOf(noah);
    expect(await updateTodo(mia.scope(), { id: foreign, version: 1, title: "y", tags: [] })).toMatchObject(
      notFound,
    );
    expect(await completeTodo(mia.scope(), { id: foreign })).toMatchObject(notFound);
    expect(await deleteTodo(mia.scope(), { id: foreign })).toMatchObject(notFound);
    expect(await everythingOf(noah)).toEqual(before);
  });

  it("makes the tags of a colleague's todo in their organization", async () => {
    await writeMembership(database, noah.organizationId, mia);
    const saved = await done(updateTodo(mia.scope(), { id: foreign, version: 1, tags: ["HOME", "Garden"] }));
    expect(names(saved)).toEqual(["Garden", "Home"]);
    expect(await countOf("tags", noah)).toBe(2);
    expect(await countOf("tags", mia)).toBe(0);
  });

  it("stores every edit that the schema lets through exactly", async () => {
    const { id } = await create({ title: "x" });
    let version = 1;
    const text = fc.string({ unit: "binary", minLength: 1, maxLength: 30 });
    const property = fc.asyncProperty(text, text, async (title, description) => {
      const parsed = todoEditInput.safeParse({ id, version, title, description });
      fc.pre(parsed.success);
      const saved = await done(updateTodo(mia.scope(), parsed.data));
      version = saved.version;
      expect(saved).toMatchObject({ title: parsed.data.title, description: parsed.data.description });
    });
    await fc.assert(property, { numRuns: 30 });
  });
});

/** A todo of Mia's in this status. */
function writeOne(status: TodoStatus): Promise<string> {
  const completedAt = status === "completed" ? new Date("2026-02-02T00:00:00Z") : null;
  return writeTodo(database, mia, { status, completedAt });
}

describe("the status", () => {
  const steps = { start: startTodo, complete: completeTodo, reopen: reopenTodo, cancel: cancelTodo };
  const targets = {
    start: "in_progress",
    complete: "completed",
    reopen: "pending",
    cancel: "cancelled",
  } as const;
  const legal: Record<keyof typeof steps, TodoStatus[]> = {
    start: ["pending"],
    complete: ["pending", "in_progress"],
    reopen: ["completed", "cancelled"],
    cancel: ["pending", "in_progress"],
  };
  const sentences = {
    start: "Only a pending todo can be started.",
    complete: "A cancelled todo cannot be completed. Reopen it first.",
    reopen: "Only a completed or cancelled todo can be reopened.",
    cancel: "A completed todo cannot be cancelled. Reopen it first.",
  };
  const statuses = ["pending", "in_progress", "completed", "cancelled"] as const;
  const cases = (["start", "complete", "reopen", "cancel"] as const).flatMap((name) =>
    statuses.map((from) => ({ name, from, to: targets[name], isLegal: legal[name].includes(from) })),
  );
  it.each(cases.filter((one) => one.isLegal))("goes from $from by $name to $to, once", async (step) => {
    const id = await writeOne(step.from);
    proxy.reset();
    const result = await steps[step.name](mia.scope(), { id });
    expect(proxy.requests).toHaveLength(1);
    expect(result).toMatchObject({ ok: true, data: { id, status: step.to, version: 2 } });
    expect((await done(Promise.resolve(result))).completedAt !== null).toBe(step.to === "completed");
    // Once more, for a reply that was lost.
    const after = await everythingOf(mia);
    expect(await steps[step.name](mia.scope(), { id })).toEqual(result);
    expect(await everythingOf(mia)).toEqual(after);
  });

  it.each(cases.filter((one) => one.from === one.to))("stays $to by $name", async ({ name, from }) => {
    const id = await writeOne(from);
    const before = await everythingOf(mia);
    expect(await steps[name](mia.scope(), { id })).toMatchObject({
      ok: true,
      data: { status: from, version: 1 },
    });
    expect(await everythingOf(mia)).toEqual(before);
  });

  it.each(cases.filter((one) => !one.isLegal && one.from !== one.to))(
    "does not go from $from by $name, and says why",
    async ({ name, from }) => {
      const id = await writeOne(from);
      const before = await everythingOf(mia);
      const result = await steps[name](mia.scope(), { id });
      expect(result).toEqual({ ok: false, code: "invalid", message: sentences[name] });
      expect(await everythingOf(mia)).toEqual(before);
    },
  );

  it("cannot change in the trash, for others, or for what is no id", async () => {
    const { id } = await create({ title: "x" });
    await done(deleteTodo(mia.scope(), { id }));
    const before = [await everythingOf(mia), await everythingOf(noah)];
    for (const step of Object.values(steps)) {
      for (const wrong of [id, foreign, newId(), "x"]) {
        expect(await step(mia.scope(), { id: wrong })).toMatchObject(notFound);
      }
    }
    expect([await everythingOf(mia), await everythingOf(noah)]).toEqual(before);
  });

  it("is remembered once per change, by whom and in which request", async () => {
    const { id } = await create({ title: "x" });
    const scope = mia.scope();
    await done(completeTodo(scope, { id }));
    await done(completeTodo(mia.scope(), { id }));
    const rows = await database.sql(
      "select user_id, command_id, changes -> 'status' as status from audit_logs where entity_id = $1 and action = 'complete'",
      [id],
    );
    expect(rows).toEqual([
      { user_id: mia.userId, command_id: scope.commandId, status: ["pending", "completed"] },
    ]);
  });
});

describe("the trash", () => {
  it("takes a todo and gives it back as it was, in one request each", async () => {
    const before = await create({ title: "x", description: "y", tags: ["Home"] });
    const { id } = before;
    proxy.reset();
    const deleted = await done(deleteTodo(mia.scope(), { id }));
    expect(proxy.requests).toHaveLength(1);
    expect(deleted).toEqual({
      ...before,
      version: 2,
      updatedAt: deleted.updatedAt,
      deletedAt: expect.any(Date),
    });
    expect(await getTodo(mia.scope(), id)).toEqual(deleted);
    expect(await done(deleteTodo(mia.scope(), { id }))).toEqual(deleted);

    proxy.reset();
    const restored = await done(restoreTodo(mia.scope(), { id }));
    expect(proxy.requests).toHaveLength(1);
    expect(restored).toEqual({ ...before, version: 3, updatedAt: restored.updatedAt });
    expect(await done(restoreTodo(mia.scope(), { id }))).toEqual(restored);
  });

  it("lets go of a todo for ever, and says so again when asked again", async () => {
    const { id } = await create({ title: "x", description: "secret", tags: ["Home"] });
    await done(deleteTodo(mia.scope(), { id }));
    proxy.reset();
    expect(await done(purgeTodo(mia.scope(), { id }))).toEqual({ id });
    expect(proxy.requests).toHaveLength(1);
    expect(await getTodo(mia.scope(), id)).toBeNull();
    expect(await countOf("todos", mia)).toBe(0);
    expect(await countOf("todo_tags", mia)).toBe(0);
    expect(await countOf("tags", mia)).toBe(1);
    const audits = await countOf("audit_logs", mia);
    expect(await done(purgeTodo(mia.scope(), { id }))).toEqual({ id });
    expect(await countOf("audit_logs", mia)).toBe(audits);
    // Of somebody else's purge there is nothing to say.
    expect(await purgeTodo(noah.scope(), { id })).toMatchObject(notFound);
  });

  it("only lets go for ever of what lies in it", async () => {
    const { id } = await create({ title: "x" });
    expect(await purgeTodo(mia.scope(), { id })).toEqual({
      ok: false,
      code: "invalid",
      message: "Only what lies in the trash can be deleted for ever.",
    });
    expect(await getTodo(mia.scope(), id)).not.toBeNull();
  });

  it("holds nothing of others", async () => {
    const trashed = await writeTodo(database, noah, { deleted: true });
    const before = await everythingOf(noah);
    for (const write of [deleteTodo, restoreTodo, purgeTodo]) {
      for (const wrong of [foreign, trashed, newId(), "x"]) {
        expect(await write(mia.scope(), { id: wrong })).toMatchObject(notFound);
      }
    }
    expect(await everythingOf(noah)).toEqual(before);
  });
});

describe("getTodo", () => {
  it("gives one of mine with its tags in one request, and nothing else", async () => {
    const todo = await create({ title: "x", tags: ["b", "A", "c"] });
    proxy.reset();
    const found = await getTodo(mia.scope(), todo.id);
    expect(proxy.requests).toHaveLength(1);
    expect(found).toEqual(todo);
    expect(names(todo)).toEqual(["A", "b", "c"]);
    for (const wrong of [foreign, newId(), "x", "", todo.id.toUpperCase(), `${todo.id} `]) {
      expect(await getTodo(mia.scope(), wrong)).toBeNull();
    }
  });
});
