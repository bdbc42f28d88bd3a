import { describe, expect, it } from "vitest";
import { newId } from "@/lib/db/id";
import { IMPORT_BAD_ROWS_MAX, IMPORT_ROWS_MAX } from "@/lib/db/limits";
import type { Scope } from "@/lib/db/scope";
import { ok } from "@/lib/result";
import type { NewTodoRow } from "@/lib/todos/bulk-input";
import { bulkInsertTodos, deleteTodo, getTodo } from "@/lib/todos/repository";
import { atOnce } from "../helpers/gate";
import type { Person } from "../helpers/people";
import { writeTag } from "../helpers/rows";
import { countOf, done, everythingOf, names, twoPeople } from "./world";

const world = twoPeople();

/** So many good rows. */
function rowsOf(count: number, more: (n: number) => Partial<NewTodoRow> = () => ({})): NewTodoRow[] {
  return Array.from({ length: count }, (_, n) => ({ id: newId(), title: `Todo ${n}`, ...more(n) }));
}

const insert = (scope: Scope, rows: NewTodoRow[], onBadRow: "refuse" | "skip" = "refuse") =>
  bulkInsertTodos(scope, { rows, onBadRow });

/** What an import leaves of a person's: nothing, when it was refused. */
async function imported(person: Person) {
  return [await countOf(world, "todos", person), await countOf(world, "tags", person)];
}

describe("bulkInsertTodos", () => {
  it("adds rows with all that they carry, also what lies in the past", async () => {
    const { mia } = world;
    const id = newId();
    const row: NewTodoRow = {
      id,
      title: "  Pay the rent ",
      description: "To the\r\nnew account",
      priority: 5,
      dueDate: "2019-02-28",
      dueTime: "09:30",
      scheduledFor: "2019-02-27",
      tags: ["Home", "money"],
      status: "completed",
      createdAt: "2019-01-01T10:00:00+02:00",
      completedAt: new Date("2019-02-28T07:00:00Z"),
    };
    expect(await insert(mia.scope(), [row])).toEqual(ok({ added: 1, known: 0, badCount: 0, bad: {} }));
    const todo = await getTodo(mia.scope(), id);
    expect(todo).toMatchObject({
      organizationId: mia.organizationId,
      title: "Pay the rent",
      description: "To the\nnew account",
      priority: 5,
      dueDate: "2019-02-28",
      dueTime: "09:30",
      scheduledFor: "2019-02-27",
      status: "completed",
      createdAt: new Date("2019-01-01T08:00:00Z"),
      completedAt: new Date("2019-02-28T07:00:00Z"),
      deletedAt: null,
      version: 1,
    });
    expect(todo && names(todo)).toEqual(["Home", "money"]);
  });

  it("gives what a row leaves out its default, and a completed one a moment", async () => {
    const { mia } = world;
    const [open, closed, old] = [newId(), newId(), newId()];
    const completedAt = new Date("2020-01-01T00:00:00Z");
    const rows: NewTodoRow[] = [
      { id: open, title: "x", tags: "" },
      { id: closed, title: "y", status: "completed" },
      { id: old, title: "z", status: "completed", completedAt },
    ];
    await done(insert(mia.scope(), rows));
    expect(await getTodo(mia.scope(), open)).toMatchObject({
      description: "",
      status: "pending",
      priority: 0,
      dueDate: null,
      completedAt: null,
      tags: [],
    });
    expect((await getTodo(mia.scope(), closed))?.completedAt?.getTime()).toBeGreaterThan(Date.now() - 60_000);
    // Nothing is completed before it was made.
    expect(await getTodo(mia.scope(), old)).toMatchObject({ createdAt: completedAt, completedAt });
  });

  it("makes each tag once, finds those there are without regard to case, and links them all", async () => {
    const { database, mia } = world;
    const known = await writeTag(database, mia, "Home");
    const rows = rowsOf(300, (n) => ({ tags: ["HOME", "home", n % 2 ? "New" : "NEW", `tag ${n % 3}`] }));
    await done(insert(mia.scope(), rows));
    expect(await countOf(world, "tags", mia)).toBe(5);
    expect(await countOf(world, "todo_tags", mia)).toBe(300 * 3);
    const todo = await getTodo(mia.scope(), rows[4]?.id ?? "");
    expect(todo?.tags).toMatchObject([{ id: known, name: "Home" }, { name: "NEW" }, { name: "tag 1" }]);
  });

  it("sends whole batches, one request each, as one command, and says how far it is", async () => {
    const { database, proxy, mia } = world;
    const rows = rowsOf(12_000);
    const scope = mia.scope();
    const progress: number[] = [];
    proxy.reset();
    const answer = await bulkInsertTodos(scope, { rows, onBadRow: "skip" }, ({ done: count, total }) => {
      expect(total).toBe(12_000);
      progress.push(count);
    });
    expect(answer).toMatchObject(ok({ added: 12_000 }));
    expect(proxy.requests).toHaveLength(3);
    expect(progress).toEqual([5_000, 10_000, 12_000]);
    expect(
      await database.sql(
        `select count(*)::int, action, user_id from audit_logs where command_id = $1 group by action, user_id`,
        [scope.commandId],
      ),
    ).toEqual([{ count: 12_000, action: "create", user_id: mia.userId }]);
  });

  it("keeps requests within what the database's endpoint takes, however long the texts are", async () => {
    const { proxy, mia } = world;
    // A quotation mark takes four bytes as JSON in JSON, which is the most that a character can.
    const rows = rowsOf(600, () => ({ description: '"'.repeat(10_000) }));
    proxy.reset();
    expect(await done(insert(mia.scope(), rows))).toMatchObject({ added: 600 });
    const sizes = proxy.requests.map(({ headers }) => Number(headers["content-length"]));
    expect(Math.max(...sizes)).toBeLessThan(8 * 1024 * 1024);
    expect(sizes.length).toBeLessThan(10);
  });

  it("adds nothing when it is repeated, and says how many are there", async () => {
    const { mia } = world;
    const rows = rowsOf(50, (n) => ({ tags: [`tag ${n % 4}`] }));
    await done(insert(mia.scope(), rows.slice(0, 20)));
    await done(deleteTodo(mia.scope(), { id: rows[0]?.id ?? "" }));
    expect(await done(insert(mia.scope(), rows))).toEqual({ added: 30, known: 20, badCount: 0, bad: {} });
    const before = await everythingOf(world, mia);
    for (const mode of ["refuse", "skip"] as const) {
      expect(await done(insert(mia.scope(), rows, mode))).toMatchObject({ added: 0, known: 50 });
    }
    expect(await everythingOf(world, mia)).toEqual(before);
  });

  it("brings no tag back that went since, but for rows that are new, spelled as theirs", async () => {
    const { database, mia } = world;
    const rows = rowsOf(2, () => ({ tags: ["Old", "gone"] }));
    await done(insert(mia.scope(), rows));
    const tagNames = () =>
      database.sql("select name from tags where organization_id = $1 order by name", [mia.organizationId]);
    await database.sql("delete from tags where organization_id = $1 and name = 'gone'", [mia.organizationId]);
    expect(await done(insert(mia.scope(), rows))).toMatchObject({ added: 0, known: 2 });
    expect(await tagNames()).toEqual([{ name: "Old" }]);
    const more = rowsOf(1, () => ({ tags: ["old", "GONE"] }));
    expect(await done(insert(mia.scope(), [...rows, ...more]))).toMatchObject({ added: 1, known: 2 });
    expect(await tagNames()).toEqual([{ name: "GONE" }, { name: "Old" }]);
  });

  it("is completed by a repeat after the database was lost in the middle, and says how far it came", async () => {
    const { proxy, mia } = world;
    const rows = rowsOf(11_000, () => ({ tags: ["Imported"] }));
    proxy.reset();
    // The first is the look at the ids; of the third, the reply is lost.
    proxy.setFault((_request, index) => (index === 2 ? { kind: "lose-response" } : null));
    const broken = await insert(mia.scope(), rows);
    expect(broken).toMatchObject({ ok: false, code: "unavailable" });
    expect(broken.ok || broken.message).toMatch(/^2,500 of 11,000 rows were done before this happened\./);
    proxy.setFault(null);
    expect(await done(insert(mia.scope(), rows))).toMatchObject({ added: 6_000, known: 5_000 });
    expect(await imported(mia)).toEqual([11_000, 1]);
    expect(await countOf(world, "todo_tags", mia)).toBe(11_000);
  });

  it("adds each todo and tag once when the same import runs twice at once", { timeout: 60_000 }, async () => {
    const { database, mia } = world;
    for (let round = 0; round < 50; round += 1) {
      const before = await imported(mia);
      const rows = rowsOf(20, (n) => ({ tags: [`round ${round}`, `${round} tag ${n % 4}`] }));
      const start = () => Promise.all([1, 2].map(() => done(insert(mia.scope(), rows, "skip"))));
      const answers = await (round < 40
        ? start()
        : atOnce(database, { lock: "lock table todos in share row exclusive mode", waiting: 2, start }));
      expect(answers.map(({ added }) => added).toSorted((a, b) => a - b)).toEqual([0, 20]);
      expect(await imported(mia)).toEqual([(before[0] ?? 0) + 20, (before[1] ?? 0) + 5]);
    }
  });
});

describe("a bad row", () => {
  const bad: [string, Partial<NewTodoRow> | null, Record<string, string[]>][] = [
    ["without a title", { title: " " }, { "2.title": ["Enter a title."] }],
    [
      "with two mistakes",
      { priority: 9, dueDate: "2026-02-30" },
      { "2.priority": ["Choose a priority from 0 to 5."], "2.dueDate": ["2026-02-30 is not a day."] },
    ],
    [
      "of high priority without a date",
      { priority: 4 },
      { "2.dueDate": ["Priority 4 and 5 need a due date."] },
    ],
    ["with a time without a date", { dueTime: "10:00" }, { "2.dueTime": ["A time needs a due date."] }],
    [
      "with a status that there is not",
      { status: "done" as "pending" },
      { "2.status": ["Choose one of pending, in_progress, completed, cancelled."] },
    ],
    [
      "completed without being so",
      { completedAt: "2020-01-01T00:00:00Z" },
      { "2.completedAt": ["Only a completed todo has a moment of completion."] },
    ],
    [
      "completed before it was made",
      { status: "completed", createdAt: "2020-01-02T00:00:00Z", completedAt: "2020-01-01T00:00:00Z" },
      { "2.completedAt": ["Choose a moment that is not before the todo was made."] },
    ],
    [
      "made in the future",
      { createdAt: "9999-01-01T00:00:00Z" },
      { "2.createdAt": ["Choose a moment between 1970 and now."] },
    ],
    ["without an id", { id: undefined as unknown as string }, { "2.id": ["Give the row an id."] }],
    ["with an id that is none", { id: "7" }, { "2.id": ["This is no id."] }],
    [
      "with a character that cannot be stored",
      { title: "a\u0000b" },
      { "2.title": [expect.stringContaining("cannot be stored")] },
    ],
    [
      "with too many tags",
      { tags: Array.from({ length: 51 }, (_, n) => `t${n}`) },
      { "2.tags": ["Use at most 50 tags; there are 51."] },
    ],
    ["that is none at all", null, { "2": [expect.stringContaining("expected object")] }],
  ];

  it.each(bad)(
    "%s is reported by its number and field; nothing is written",
    async (_what, values, fields) => {
      const { proxy, mia } = world;
      const rows = rowsOf(3, () => ({ tags: ["New"] }));
      rows[1] = values === null ? (null as unknown as NewTodoRow) : { id: newId(), title: "x", ...values };
      const before = await everythingOf(world, mia);
      proxy.reset();
      expect(await insert(mia.scope(), rows)).toEqual({
        ok: false,
        code: "invalid",
        message: "1 of 3 rows cannot be taken as they are, so nothing was added.",
        fields,
      });
      expect(proxy.requests).toHaveLength(0);
      expect(await everythingOf(world, mia)).toEqual(before);

      expect(await done(insert(mia.scope(), rows, "skip"))).toEqual({
        added: 2,
        known: 0,
        badCount: 1,
        bad: fields,
      });
      expect(await imported(mia)).toEqual([2, 1]);
    },
  );

  it("is one with the id of a row before it", async () => {
    const { mia } = world;
    const [first] = rowsOf(1);
    const rows = [...rowsOf(2), { id: first?.id ?? "", title: "x" }, { id: first?.id ?? "", title: "y" }];
    const answer = { badCount: 1, bad: { "4.id": ["Row 3 has this id."] } };
    expect(await done(insert(mia.scope(), rows, "skip"))).toMatchObject({ added: 3, ...answer });
    expect(await getTodo(mia.scope(), first?.id ?? "")).toMatchObject({ title: "x" });
  });

  it("is one whose id somebody else's todo has: it is told before anything is written, and theirs is left", async () => {
    const { proxy, mia, noah } = world;
    const rows = rowsOf(5_100, () => ({ tags: ["New"] }));
    rows[5_050] = { id: world.foreign, title: "mine now", tags: ["New"] };
    const theirs = await everythingOf(world, noah);
    proxy.reset();
    expect(await insert(mia.scope(), rows)).toMatchObject({
      code: "invalid",
      fields: { "5051.id": ["This id is taken."] },
    });
    expect(proxy.requests).toHaveLength(1);
    expect(await imported(mia)).toEqual([0, 0]);

    expect(await done(insert(mia.scope(), rows, "skip"))).toEqual({
      added: 5_099,
      known: 0,
      badCount: 1,
      bad: { "5051.id": ["This id is taken."] },
    });
    expect(await everythingOf(world, noah)).toEqual(theirs);
  });

  it("is counted, however many there are, and named up to a limit", async () => {
    const answer = await done(
      insert(
        world.mia.scope(),
        rowsOf(IMPORT_BAD_ROWS_MAX + 5, () => ({ title: "" })),
        "skip",
      ),
    );
    expect(answer).toMatchObject({ added: 0, badCount: IMPORT_BAD_ROWS_MAX + 5 });
    expect(Object.keys(answer.bad)).toHaveLength(IMPORT_BAD_ROWS_MAX);
  });

  it("is not looked for in more rows than one import may have", async () => {
    const rows = rowsOf(IMPORT_ROWS_MAX + 1);
    expect(await insert(world.mia.scope(), rows)).toMatchObject({
      code: "invalid",
      message: "Import at most 100,000 todos at once; these are 100,001.",
    });
  });
});

it("a tag that is deleted while an import takes it is made again, not left out without a word", async () => {
  const { database, mia } = world;
  const tag = await writeTag(database, mia, "Going");
  const rows = rowsOf(3, () => ({ tags: ["going", "Other"] }));
  await atOnce(database, {
    lock: "select from tags where id = $1 for update",
    params: [tag],
    waiting: 1,
    meanwhile: { sql: "delete from tags where id = $1", params: [tag] },
    start: () => done(insert(mia.scope(), rows, "skip")),
  });
  const todo = await getTodo(mia.scope(), rows[0]?.id ?? "");
  expect(todo && names(todo)).toEqual(["going", "Other"]);
});

it("an import goes to nobody else's lists, whatever its rows carry", async () => {
  const { database, mia, noah } = world;
  const id = newId();
  const wicked = {
    id,
    title: "x",
    userId: noah.userId,
    organizationId: noah.organizationId,
    deletedAt: new Date(),
    version: 9,
  };
  await done(insert(mia.scope(), [wicked]));
  expect(
    await database.sql("select user_id, organization_id, deleted_at, version from todos where id = $1", [id]),
  ).toEqual([{ user_id: mia.userId, organization_id: mia.organizationId, deleted_at: null, version: 1 }]);
});
