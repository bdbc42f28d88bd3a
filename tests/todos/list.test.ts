import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { countTodos, getCounts, listTodos, listTrash } from "@/lib/todos/repository";
import { TODO_SORTS, type TodoFilter } from "@/lib/todos/types";
import { startCountingProxy, type CountingProxy } from "../helpers/counting-proxy";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { createPerson, type Person } from "../helpers/people";
import { writeMembership, writeTag, writeTodo, type TodoValues } from "../helpers/rows";

let database: TestDatabase;
let proxy: CountingProxy;
let mia: Person;
let noah: Person;

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
  mia = await createPerson(database, { name: "Mia" });
  noah = await createPerson(database, { name: "Noah" });
  // Everything that Mia has, Noah has too: whatever shows it is wrong.
  await writeTodo(database, noah, { title: "Noah's", tagIds: [await writeTag(database, noah, "Home")] });
  await writeTodo(database, noah, { title: "Noah's, high", priority: 5, dueDate: "2026-11-20" });
  await writeTodo(database, noah, { title: "Noah's, deleted", deleted: true });
});

/** Friday morning. */
const now = new Date("2026-11-20T10:30:00Z");
const write = (title: string, values: TodoValues = {}) => writeTodo(database, mia, { title, ...values });

/** The titles that a list of Mia's shows, in its order; it must take one request. */
async function titles(filter: TodoFilter, person = mia): Promise<string[]> {
  proxy.reset();
  const { rows } = await listTodos(person.scope({ now }), filter);
  expect(proxy.requests).toHaveLength(1);
  return rows.map((row) => row.title);
}

/** The same, for lists whose order does not matter here. */
async function shown(filter: TodoFilter): Promise<Set<string>> {
  return new Set(await titles(filter));
}

const shownTagged = (tags: TodoFilter["tags"]) => shown({ tags });

describe("listTodos", () => {
  it("gives rows with everything a list shows, the tags among it", async () => {
    const [home, deep] = [await writeTag(database, mia, "home"), await writeTag(database, mia, "Deep work")];
    const id = await write("Write", {
      description: "A letter",
      status: "in_progress",
      priority: 4,
      dueDate: "2026-12-24",
      dueTime: "09:30",
      createdAt: new Date("2026-11-01T10:00:00.123Z"),
      tagIds: [home, deep],
    });
    const { rows, nextCursor } = await listTodos(mia.scope(), {});
    expect(nextCursor).toBeNull();
    expect(rows).toEqual([
      {
        id,
        organizationId: mia.organizationId,
        title: "Write",
        hasDescription: true,
        status: "in_progress",
        priority: 4,
        dueDate: "2026-12-24",
        dueTime: "09:30",
        scheduledFor: null,
        completedAt: null,
        createdAt: new Date("2026-11-01T10:00:00.123Z"),
        updatedAt: expect.any(Date),
        deletedAt: null,
        version: 1,
        tags: [
          { id: deep, name: "Deep work", colour: "#78716c" },
          { id: home, name: "home", colour: "#78716c" },
        ],
      },
    ]);
  });

  it("is empty for somebody who has nothing", async () => {
    expect(await listTodos(mia.scope(), { status: "all" })).toEqual({
      rows: [],
      nextCursor: null,
      cursorLost: false,
    });
  });

  it("shows the open ones unless asked otherwise", async () => {
    await write("pending");
    await write("in_progress", { status: "in_progress" });
    await write("completed", { status: "completed" });
    await write("cancelled", { status: "cancelled" });
    await write("deleted", { deleted: true });
    expect(await shown({})).toEqual(new Set(["pending", "in_progress"]));
    expect(await shown({ status: "open" })).toEqual(new Set(["pending", "in_progress"]));
    expect(await shown({ status: "done" })).toEqual(new Set(["completed", "cancelled"]));
    expect(await shown({ status: "all" })).toEqual(
      new Set(["pending", "in_progress", "completed", "cancelled"]),
    );
    for (const status of ["pending", "in_progress", "completed", "cancelled"] as const) {
      expect(await shown({ status })).toEqual(new Set([status]));
    }
  });

  it("goes by due dates as its person's own clock says", async () => {
    await write("undated");
    await write("last week", { dueDate: "2026-11-13" });
    await write("this morning", { dueDate: "2026-11-20", dueTime: "10:29" });
    await write("now", { dueDate: "2026-11-20", dueTime: "10:30" });
    await write("today", { dueDate: "2026-11-20" });
    await write("tomorrow", { dueDate: "2026-11-21", dueTime: "00:00" });
    const byDue = (due: NonNullable<TodoFilter["due"]>, person = mia) => titles({ due, sort: "due" }, person);
    expect(await byDue("overdue")).toEqual(["last week", "this morning"]);
    expect(await byDue("today")).toEqual(["now", "today"]);
    expect(await byDue("until_today")).toEqual(["last week", "this morning", "now", "today"]);
    expect(await byDue("upcoming")).toEqual(["tomorrow"]);
    expect(await byDue("none")).toEqual(["undated"]);
    expect(await byDue("any")).toEqual(["last week", "this morning", "now", "today", "tomorrow"]);
    // West of the date line it is still the 19th.
    await database.sql("update users set preferences = $2 where id = $1", [
      mia.userId,
      { timeZone: "Pacific/Pago_Pago" },
    ]);
    expect(await byDue("overdue")).toEqual(["last week"]);
    expect(await byDue("today")).toEqual([]);
    expect(await byDue("upcoming")).toEqual(["this morning", "now", "today", "tomorrow"]);
  });

  it("narrows by days, both ends included", async () => {
    for (const day of ["2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22"])
      await write(day, { dueDate: day });
    await write("undated");
    const order = { sort: "due" } as const;
    expect(await titles({ ...order, from: "2026-11-20", to: "2026-11-21" })).toEqual([
      "2026-11-20",
      "2026-11-21",
    ]);
    expect(await titles({ ...order, from: "2026-11-22" })).toEqual(["2026-11-22"]);
    expect(await titles({ ...order, to: "2026-11-19" })).toEqual(["2026-11-19"]);
    expect(await titles({ ...order, from: "2026-11-22", to: "2026-11-19" })).toEqual([]);
    expect(
      await titles({ from: "2026-11-21", due: "upcoming", sort: "priority", direction: "asc" }),
    ).toHaveLength(2);
  });

  it("narrows by priority, both ends included", async () => {
    for (const priority of [0, 1, 2, 3, 4, 5])
      await write(`${priority}`, { priority, dueDate: "2026-11-20" });
    expect(await titles({ priority: { min: 4, max: 5 } })).toEqual(["5", "4"]);
    expect(await titles({ priority: { min: 0, max: 0 } })).toEqual(["0"]);
    expect(await titles({ priority: { min: 1, max: 3 }, direction: "asc" })).toEqual(["1", "2", "3"]);
  });

  it("narrows by a tag's name without regard to case, and shows all tags of what it finds", async () => {
    const [home, ete] = [await writeTag(database, mia, "Home"), await writeTag(database, mia, "Été")];
    await write("both", { tagIds: [home, ete] });
    await write("home", { tagIds: [home] });
    await write("neither");
    expect(await shown({ tags: { all: ["hOME"] } })).toEqual(new Set(["both", "home"]));
    expect(await titles({ tags: { all: ["ÉTÉ"] } })).toEqual(["both"]);
    expect(await titles({ tags: { all: ["hom"] } })).toEqual([]);
    const { rows } = await listTodos(mia.scope(), { tags: { all: ["été"] } });
    expect(rows[0]?.tags.map((tag) => tag.name)).toEqual(["Home", "Été"]);
  });

  it("narrows by all, any and none of several tags, and by having one at all", async () => {
    const [home, work, one] = [
      await writeTag(database, mia, "Home"),
      await writeTag(database, mia, "work"),
      await writeTag(database, mia, "none"),
    ];
    await write("home", { tagIds: [home] });
    await write("work", { tagIds: [work] });
    await write("both", { tagIds: [home, work] });
    await write("none", { tagIds: [one] });
    await write("nothing");
    expect(await shownTagged({ all: ["home", "WORK"] })).toEqual(new Set(["both"]));
    expect(await shownTagged({ any: ["home", "WORK", "unheard of"] })).toEqual(
      new Set(["home", "work", "both"]),
    );
    expect(await shownTagged({ none: ["home", "unheard of"] })).toEqual(new Set(["work", "none", "nothing"]));
    expect(await shownTagged({ presence: "none" })).toEqual(new Set(["nothing"]));
    expect(await shownTagged({ presence: "any" })).toEqual(new Set(["home", "work", "both", "none"]));
    expect(await shownTagged({ all: ["none"] })).toEqual(new Set(["none"]));
    expect(await shownTagged({ any: ["home", "work"], none: ["Work"] })).toEqual(new Set(["home"]));
    expect(await shownTagged({ all: ["home"], presence: "none" })).toEqual(new Set());
    expect(await shownTagged({ all: [], any: [], none: [] })).toEqual(
      new Set(["home", "work", "both", "none", "nothing"]),
    );
  });

  it("narrows by the planned day, and never finds what has none by a range", async () => {
    for (const day of ["2026-11-19", "2026-11-20"]) await write(day, { scheduledFor: day });
    await write("unplanned");
    expect(await shown({ scheduled: "none" })).toEqual(new Set(["unplanned"]));
    expect(await shown({ scheduled: "any" })).toEqual(new Set(["2026-11-19", "2026-11-20"]));
    expect(await shown({ scheduledFrom: "2026-11-20" })).toEqual(new Set(["2026-11-20"]));
    expect(await shown({ scheduledTo: "2026-11-19" })).toEqual(new Set(["2026-11-19"]));
    expect(await shown({ scheduledFrom: "1970-01-01", scheduledTo: "9999-12-31" })).toHaveLength(2);
    expect(await shown({ scheduled: "none", scheduledFrom: "1970-01-01" })).toHaveLength(0);
  });

  it("goes through mine, a colleague's or everybody's in my organizations, or one of these", async () => {
    const dan = await createPerson(database, { name: "Dan" });
    const at = (owner: Person, organization: Person, title: string) =>
      writeTodo(database, { userId: owner.userId, organizationId: organization.organizationId }, { title });
    await writeMembership(database, mia.organizationId, dan);
    await at(dan, mia, "Dan's at Mia's");
    await at(dan, dan, "Dan's own");
    await at(mia, mia, "Mia's");
    const everyone = new Set(["Dan's at Mia's", "Mia's"]);
    expect(await shown({})).toEqual(new Set(["Mia's"]));
    expect(await shown({ owner: "me" })).toEqual(new Set(["Mia's"]));
    expect(await shown({ owner: { userId: dan.userId } })).toEqual(new Set(["Dan's at Mia's"]));
    expect(await shown({ owner: { userId: noah.userId } })).toEqual(new Set());
    expect(await shown({ owner: "everyone" })).toEqual(everyone);
    expect(await shown({ owner: "everyone", organizationId: mia.organizationId })).toEqual(everyone);
    expect(await shown({ owner: "everyone", organizationId: dan.organizationId })).toEqual(new Set());
    expect(await titles({ owner: "everyone", organizationId: dan.organizationId }, dan)).toEqual([
      "Dan's own",
    ]);
    expect(new Set(await titles({ organizationId: mia.organizationId }, dan))).toEqual(
      new Set(["Dan's at Mia's"]),
    );
  });

  it("sorts titles as people do: accents and case come second, numbers go by their value", async () => {
    const ordered = [
      "1 apple",
      "9 apples",
      "10 apples",
      "apple",
      "Äpfel",
      "Apple pie",
      "été",
      "zebra",
      "Zoo",
    ];
    for (const title of ordered.toReversed()) await write(title);
    const expected = [
      "1 apple",
      "9 apples",
      "10 apples",
      "Äpfel",
      "apple",
      "Apple pie",
      "été",
      "zebra",
      "Zoo",
    ];
    expect(await titles({ sort: "title" })).toEqual(expected);
    expect(await titles({ sort: "title", direction: "desc" })).toEqual(expected.toReversed());
  });

  it("narrows by everything at once", async () => {
    const home = await writeTag(database, mia, "Home");
    const fits = { description: "oat", priority: 4, dueDate: "2026-11-20", tagIds: [home] };
    await write("fits", fits);
    await write("no tag", { ...fits, tagIds: [] });
    await write("too late", { ...fits, dueDate: "2026-11-21" });
    await write("too low", { ...fits, priority: 3 });
    await write("other words", { ...fits, description: "soy" });
    await write("done", { ...fits, status: "completed" });
    const filter: TodoFilter = {
      status: "pending",
      tags: { all: ["home"] },
      due: "until_today",
      from: "2026-11-20",
      to: "2026-11-30",
      priority: { min: 4, max: 5 },
      query: { kind: "word", text: "OAT", prefix: false },
    };
    for (const sort of TODO_SORTS) {
      for (const direction of ["asc", "desc"] as const) {
        expect(await titles({ ...filter, sort, direction })).toEqual(["fits"]);
      }
    }
  });

  it("puts the day's timed todos before those that have until its end, and undated ones last in both directions", async () => {
    await write("undated");
    await write("friday", { dueDate: "2026-11-20" });
    await write("friday 23:59", { dueDate: "2026-11-20", dueTime: "23:59" });
    await write("friday 08:00", { dueDate: "2026-11-20", dueTime: "08:00" });
    await write("saturday 00:00", { dueDate: "2026-11-21", dueTime: "00:00" });
    const dated = ["friday 08:00", "friday 23:59", "friday", "saturday 00:00"];
    expect(await titles({ sort: "due" })).toEqual([...dated, "undated"]);
    expect(await titles({ sort: "due", direction: "desc" })).toEqual([...dated.toReversed(), "undated"]);
  });

  it("shows what is mine in all my organizations, and not what is others' there", async () => {
    await writeMembership(database, noah.organizationId, mia);
    await writeTodo(
      database,
      { userId: mia.userId, organizationId: noah.organizationId },
      { title: "at Noah's" },
    );
    await write("at home");
    expect(await shown({ status: "all" })).toEqual(new Set(["at Noah's", "at home"]));
  });

  it("begins at the beginning for a cursor that it did not write", async () => {
    await write("one");
    expect(await titles({ cursor: "tampered" })).toEqual(["one"]);
  });
});

/** The second page's cursor of a list that has two. */
async function nextOf(filter: TodoFilter): Promise<string> {
  for (let number = 0; number < 51; number += 1) await write(`Number ${number}`);
  const { nextCursor } = await listTodos(mia.scope({ now }), filter);
  return nextCursor ?? "";
}

describe("a cursor", () => {
  it("is of no use to a colleague, even in the same organization: they see their list's beginning", async () => {
    const filter: TodoFilter = { owner: "everyone", organizationId: mia.organizationId, sort: "title" };
    const cursor = await nextOf(filter);
    await writeMembership(database, mia.organizationId, noah);
    const mine = await listTodos(mia.scope({ now }), { ...filter, cursor });
    expect([mine.rows.map((row) => row.title), mine.cursorLost]).toEqual([["Number 50"], false]);
    const [theirs, first] = [
      await listTodos(noah.scope({ now }), { ...filter, cursor }),
      await listTodos(noah.scope({ now }), filter),
    ];
    expect(theirs).toEqual({ ...first, nextCursor: expect.any(String), cursorLost: true });
    expect(Buffer.from(cursor, "base64url").toString("latin1")).not.toContain("Number");
  });

  it("of another list, or a mangled one, gives the beginning and says so", async () => {
    const cursor = await nextOf({ sort: "created" });
    const asked: TodoFilter[] = [
      { sort: "created", cursor: `${cursor}A` },
      { sort: "created", direction: "asc", cursor },
      { sort: "updated", cursor },
      { sort: "created", status: "all", cursor },
    ];
    for (const filter of asked) {
      const { rows, cursorLost } = await listTodos(mia.scope({ now }), filter);
      expect([rows.length, cursorLost]).toEqual([50, true]);
    }
    expect(await listTodos(mia.scope({ now }), { sort: "created", cursor })).toMatchObject({
      rows: [{ title: "Number 0" }],
      cursorLost: false,
    });
  });
});

describe("countTodos", () => {
  it("counts what a list would show, stops at a thousand, and shares the request of what is read beside it", async () => {
    for (const title of ["a", "b", "c"]) await write(title, { priority: 2 });
    await write("d", { status: "completed", priority: 2 });
    proxy.reset();
    const scope = mia.scope({ now });
    const counted = await Promise.all([
      countTodos(scope, {}),
      countTodos(scope, { status: "all", priority: { min: 2, max: 2 } }),
      countTodos(scope, { due: "any" }),
      listTodos(scope, {}).then(({ rows }) => rows.length),
    ]);
    expect(counted).toEqual([3, 4, 0, 3]);
    expect(proxy.requests).toHaveLength(1);
    await database.sql(
      `insert into todos (id, organization_id, user_id, title)
       select gen_random_uuid(), $1, $2, 'x' from generate_series(1, 1200) i`,
      [mia.organizationId, mia.userId],
    );
    expect(await countTodos(mia.scope({ now }), {})).toBe(1000);
  });
});

describe("listTrash", () => {
  it("shows what I deleted, the latest first", async () => {
    await write("kept");
    for (const title of ["first", "second", "third"]) {
      const id = await write(title, { deleted: true });
      await database.sql("update todos set deleted_at = now() + $2 where id = $1", [
        id,
        `${["first", "second", "third"].indexOf(title)} seconds`,
      ]);
    }
    proxy.reset();
    const { rows, nextCursor } = await listTrash(mia.scope(), {});
    expect(proxy.requests).toHaveLength(1);
    expect(rows.map((row) => row.title)).toEqual(["third", "second", "first"]);
    expect(rows.every((row) => row.deletedAt !== null)).toBe(true);
    expect(nextCursor).toBeNull();
    expect((await listTrash(mia.scope(), { cursor: "tampered" })).rows).toHaveLength(3);
  });
});

describe("getCounts", () => {
  it("counts mine by what they want of me today, in one request", async () => {
    await write("last week", { dueDate: "2026-11-13" });
    await write("this morning", { dueDate: "2026-11-20", dueTime: "10:29" });
    await write("today", { dueDate: "2026-11-20", status: "in_progress" });
    await write("today, done", { dueDate: "2026-11-20", status: "completed" });
    await write("last week, cancelled", { dueDate: "2026-11-13", status: "cancelled" });
    await write("tomorrow", { dueDate: "2026-11-21" });
    await write("next year", { dueDate: "2027-11-21" });
    await write("undated");
    await write("deleted", { dueDate: "2026-11-20", deleted: true });
    proxy.reset();
    expect(await getCounts(mia.scope({ now }))).toEqual({
      overdue: 2,
      today: 1,
      upcoming: 2,
      open: 6,
      trash: 1,
    });
    expect(proxy.requests).toHaveLength(1);
  });

  it("stops at a thousand", async () => {
    await database.sql(
      `insert into todos (id, organization_id, user_id, title, due_date, deleted_at)
       select gen_random_uuid(), $1, $2, 'x', date '2026-11-13' + (i % 3) * 7, case when i > 3100 then now() end
         from generate_series(1, 4200) i`,
      [mia.organizationId, mia.userId],
    );
    expect(await getCounts(mia.scope({ now }))).toEqual({
      overdue: 1000,
      today: 1000,
      upcoming: 1000,
      open: 1000,
      trash: 1000,
    });
    expect(await getCounts(noah.scope({ now }))).toEqual({
      overdue: 0,
      today: 1,
      upcoming: 0,
      open: 2,
      trash: 1,
    });
  });

  it("is all zeros for somebody who has nothing", async () => {
    expect(await getCounts(mia.scope())).toEqual({ overdue: 0, today: 0, upcoming: 0, open: 0, trash: 0 });
  });
});
