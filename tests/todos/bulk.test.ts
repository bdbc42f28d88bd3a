import { describe, expect, it } from "vitest";
import { newId } from "@/lib/db/id";
import { BULK_FOUND_MAX, BULK_ROWS_MAX } from "@/lib/db/limits";
import type { BulkChange, BulkOutcome, BulkTarget, LeftReason } from "@/lib/todos/bulk-types";
import { bulkTodos, getTodo } from "@/lib/todos/repository";
import { createPerson, type Person } from "../helpers/people";
import { writeMembership, writeTag, writeTodo, type TodoValues } from "../helpers/rows";
import { createTeam, handsOf } from "./team";
import { countOf, done, everythingOf, names, twoPeople } from "./world";

const world = twoPeople();

const write = (values: TodoValues = {}) =>
  writeTodo(world.database, world.mia, {
    ...(values.status === "completed" ? { completedAt: new Date("2026-02-02T00:00:00Z") } : {}),
    ...values,
  });
const bulk = (person: Person, target: BulkTarget, change: BulkChange) =>
  done(bulkTodos(person.scope(), { target, change }));

/** Runs a change on these and gives what is left, and why, by the id. */
async function leftOf(outcome: Promise<BulkOutcome>): Promise<Record<string, LeftReason>> {
  const { left, leftCount } = await outcome;
  expect(leftCount).toBe(left.length);
  return Object.fromEntries(left.map(({ id, reason }) => [id, reason]));
}

/** What was done with a todo, oldest first. */
async function actionsOn(id: string): Promise<string[]> {
  const rows = await world.database.sql<{ action: string }>(
    "select action from audit_logs where entity_id = $1 order by id",
    [id],
  );
  return rows.map(({ action }) => action);
}

const TODAY = new Date().toISOString().slice(0, 10);

/** Every change, on a todo that it changes and on what it leaves, and why. */
const changes: {
  change: BulkChange;
  from: TodoValues;
  to: object;
  action: string;
  leaves: [LeftReason, TodoValues][];
  same: TodoValues;
}[] = [
  {
    change: { action: "start" },
    from: {},
    to: { status: "in_progress" },
    action: "start",
    leaves: [
      ["closed", { status: "completed" }],
      ["closed", { status: "cancelled" }],
    ],
    same: { status: "in_progress" },
  },
  {
    change: { action: "complete" },
    from: { status: "in_progress" },
    to: { status: "completed", completedAt: expect.any(Date) },
    action: "complete",
    leaves: [["cancelled", { status: "cancelled" }]],
    same: { status: "completed" },
  },
  {
    change: { action: "reopen" },
    from: { status: "completed" },
    to: { status: "pending", completedAt: null },
    action: "reopen",
    leaves: [["open", { status: "in_progress" }]],
    same: {},
  },
  {
    change: { action: "cancel" },
    from: {},
    to: { status: "cancelled" },
    action: "cancel",
    leaves: [["completed", { status: "completed" }]],
    same: { status: "cancelled" },
  },
  {
    change: { action: "delete" },
    from: { status: "completed" },
    to: { deletedAt: expect.any(Date) },
    action: "delete",
    leaves: [],
    same: { deleted: true },
  },
  {
    change: { action: "restore" },
    from: { deleted: true },
    to: { deletedAt: null },
    action: "restore",
    leaves: [],
    same: {},
  },
  {
    change: { action: "priority", priority: 5 },
    from: { dueDate: "2026-01-02", priority: 1 },
    to: { priority: 5, dueDate: "2026-01-02" },
    action: "update",
    leaves: [["needs_due_date", {}]],
    same: { dueDate: "2026-01-02", priority: 5 },
  },
  {
    change: { action: "due", dueDate: "2026-01-05" },
    from: { dueDate: "2026-01-02", dueTime: "09:30" },
    to: { dueDate: "2026-01-05", dueTime: "09:30" },
    action: "update",
    leaves: [
      ["closed", { status: "completed" }],
      ["closed", { status: "cancelled", dueDate: "2026-01-05" }],
    ],
    same: { dueDate: "2026-01-05" },
  },
  {
    change: { action: "due", dueDate: null },
    from: { dueDate: "2026-01-02", dueTime: "09:30", priority: 3 },
    to: { dueDate: null, dueTime: null, priority: 3 },
    action: "update",
    leaves: [["needs_due_date", { dueDate: "2026-01-02", priority: 4 }]],
    same: {},
  },
  {
    change: { action: "shift", days: -3, key: newId() },
    from: { dueDate: "2026-01-02", dueTime: "09:30" },
    to: { dueDate: "2025-12-30", dueTime: "09:30" },
    action: "update",
    leaves: [
      ["closed", { dueDate: "2026-01-02", status: "completed" }],
      ["no_due_date", {}],
      ["out_of_range", { dueDate: "1970-01-02" }],
    ],
    same: {},
  },
];

describe("bulkTodos", () => {
  it.each(changes.map((one) => [JSON.stringify(one.change), one] as const))(
    "%s changes what the step on one would, in one request and one command, and names the rest",
    async (_name, { change, from, to, action, leaves }) => {
      const { proxy, mia, database } = world;
      const [one, two] = [await write(from), await write(from)];
      const left: Record<string, LeftReason> = {};
      for (const [reason, values] of leaves) left[await write(values)] = reason;
      const trashed = await write({ ...from, deleted: true });
      const strange = newId();
      const named = [one, two, one, ...Object.keys(left), strange, world.foreign, "x"];
      const ids = change.action === "restore" || change.action === "delete" ? named : [...named, trashed];
      const theirs = await everythingOf(world, world.noah);
      const untouched = await database.sql("select *, xmin::text from todos where id = any ($1)", [
        Object.keys(left),
      ]);
      proxy.reset();

      const outcome = await bulk(mia, { ids }, change);
      expect(proxy.requests).toHaveLength(1);
      expect(outcome).toMatchObject({ changed: 2, unchanged: 0 });
      const gone = ids.filter((id) => ![one, two, ...Object.keys(left)].includes(id));
      expect(await leftOf(Promise.resolve(outcome))).toEqual({
        ...left,
        ...Object.fromEntries(gone.map((id) => [id, "not_found"])),
      });
      for (const id of [one, two]) {
        const todo = await getTodo(mia.scope(), id);
        expect(todo).toMatchObject({ ...to, version: 2 });
        expect(outcome.rows).toContainEqual({ ...todo, description: undefined });
        expect((await actionsOn(id)).slice(1)).toEqual([action]);
      }
      expect(
        await database.sql(
          "select count(*)::int, count(distinct entity_id)::int as todos from audit_logs where command_id = $1",
          [outcome.commandId],
        ),
      ).toEqual([{ count: 2, todos: 2 }]);
      expect(
        await database.sql("select *, xmin::text from todos where id = any ($1)", [Object.keys(left)]),
      ).toEqual(untouched);
      expect(await everythingOf(world, world.noah)).toEqual(theirs);
    },
  );

  it.each(changes.map((one) => [JSON.stringify(one.change), one] as const))(
    "%s takes a repeat, whose reply was lost, for done, and leaves what stands so already",
    async (_name, { change: template, from, same, action }) => {
      const { proxy, mia } = world;
      const change = template.action === "shift" ? { ...template, key: newId() } : template;
      const ids = [await write(from), await write(from)];
      if (change.action !== "shift") ids.push(await write(same));
      proxy.reset();
      proxy.setFault((_request, index) => (index === 0 ? { kind: "lose-response" } : null));
      const command = () => bulkTodos(mia.scope(), { target: { ids }, change });
      expect(await command()).toMatchObject({ ok: false, code: "unavailable" });
      const before = await everythingOf(world, mia);
      expect(await command()).toMatchObject({
        ok: true,
        data: { changed: 0, unchanged: ids.length, leftCount: 0 },
      });
      expect(await everythingOf(world, mia)).toEqual(before);
      expect((await actionsOn(ids[0] ?? "")).slice(1)).toEqual([action]);
    },
  );

  it(
    "moves a due date once for a key, also when it is asked twice at once",
    { timeout: 60_000 },
    async () => {
      const { mia } = world;
      for (let round = 0; round < 50; round += 1) {
        const ids = [await write({ dueDate: "2026-01-01" }), await write({ dueDate: "2026-01-02" })];
        const change = { action: "shift", days: 7, key: newId() } as const;
        const target: BulkTarget = round % 2 ? { ids } : { filter: {} };
        const outcomes = await Promise.all([1, 2].map(() => bulk(mia, target, change)));
        expect(outcomes.map(({ changed }) => changed > 0).filter(Boolean)).toHaveLength(1);
        expect(outcomes.map(({ commandId }) => commandId)).toEqual([change.key, change.key]);
        expect(await getTodo(mia.scope(), ids[0] ?? "")).toMatchObject({ dueDate: "2026-01-08", version: 2 });
        await bulk(mia, { filter: {} }, { action: "delete" });
      }
    },
  );
});

describe("bulkTodos on tags", () => {
  it("puts them on all, made once, found without regard to case, and moves the versions on", async () => {
    const { database, proxy, mia } = world;
    const home = await writeTag(database, mia, "Home");
    const [bare, carrying, full] = [
      await write(),
      await write({ tagIds: [home] }),
      await write({
        tagIds: await Promise.all(Array.from({ length: 49 }, (_, n) => writeTag(database, mia, `t${n}`))),
      }),
    ];
    proxy.reset();
    const ids = [bare, carrying, full, world.foreign];
    const change: BulkChange = { action: "tag", tags: ["HOME", "New", "NEW"] };
    const outcome = await bulk(mia, { ids }, change);
    expect(proxy.requests).toHaveLength(1);
    expect(outcome).toMatchObject({ changed: 2, unchanged: 0 });
    expect(await leftOf(Promise.resolve(outcome))).toEqual({
      [full]: "too_many_tags",
      [world.foreign]: "not_found",
    });
    for (const id of [bare, carrying]) {
      const todo = await getTodo(mia.scope(), id);
      expect(todo).toMatchObject({ version: 2, tags: [{ id: home, name: "Home" }, { name: "New" }] });
      expect(outcome.rows).toContainEqual({ ...todo, description: undefined });
    }
    expect(await actionsOn(bare)).toEqual(["create", "tag", "tag"]);
    expect(await actionsOn(carrying)).toEqual(["create", "tag", "tag"]);
    const before = await everythingOf(world, mia);
    expect(await bulk(mia, { ids: [bare, carrying] }, change)).toMatchObject({ changed: 0, unchanged: 2 });
    expect(await everythingOf(world, mia)).toEqual(before);
  });

  it("takes them off all that carry them, and leaves the tags themselves", async () => {
    const { database, proxy, mia } = world;
    const [home, work] = [await writeTag(database, mia, "Home"), await writeTag(database, mia, "Work")];
    const [both, none] = [await write({ tagIds: [home, work] }), await write()];
    proxy.reset();
    const change: BulkChange = { action: "untag", tags: ["home", "Unheard of"] };
    const outcome = await bulk(mia, { ids: [both, none, world.foreign] }, change);
    expect(proxy.requests).toHaveLength(1);
    expect(outcome).toMatchObject({
      changed: 1,
      unchanged: 1,
      left: [{ id: world.foreign, reason: "not_found" }],
    });
    const todo = await getTodo(mia.scope(), both);
    expect(todo && names(todo)).toEqual(["Work"]);
    expect(todo).toMatchObject({ version: 2 });
    expect(await countOf(world, "tags", mia)).toBe(2);
    expect(await bulk(mia, { ids: [both, none] }, change)).toMatchObject({ changed: 0, unchanged: 2 });
  });

  it("makes a name in each organization whose todos it is put on", async () => {
    const { mia, noah, database } = world;
    const team = await createTeam(world, mia, noah);
    const ids = [await write(), await team.write(mia), await team.write(noah)];
    expect(await bulk(mia, { ids }, { action: "tag", tags: ["Both"] })).toMatchObject({ changed: 3 });
    expect(
      await database.sql(
        "select organization_id from tags where name = 'Both' order by organization_id::text",
        [],
      ),
    ).toEqual(
      [mia.organizationId, team.organizationId].toSorted().map((organization_id) => ({ organization_id })),
    );
  });

  it("puts each on each once, however many put them there at once", { timeout: 60_000 }, async () => {
    const { mia } = world;
    for (let round = 0; round < 50; round += 1) {
      const ids = [await write(), await write(), await write()];
      const lists = [
        [`a ${round}`, `b ${round}`],
        [`B ${round}`, `A ${round}`],
      ];
      const outcomes = await Promise.all(
        lists.map((tags, index) =>
          bulk(mia, { ids: index ? ids.toReversed() : ids }, { action: "tag", tags }),
        ),
      );
      expect(outcomes.map(({ changed }) => changed).toSorted((a, b) => a - b)).toEqual([0, 3]);
      for (const id of ids) expect(await actionsOn(id)).toEqual(["create", "tag", "tag"]);
    }
    expect(await countOf(world, "tags", mia)).toBe(100);
  });
});

describe("bulkTodos by what a filter finds", () => {
  it("changes all of it, and nothing else", async () => {
    const { proxy, mia, noah } = world;
    const team = await createTeam(world, mia, noah);
    const late = [await write({ dueDate: "2020-01-01" }), await team.write(mia, { dueDate: "2020-01-02" })];
    const others = [
      await write(),
      await write({ dueDate: TODAY, status: "completed" }),
      await team.write(noah, { dueDate: "2020-01-01" }),
    ];
    proxy.reset();
    const outcome = await done(
      bulkTodos(mia.scope(), {
        target: { filter: { due: "overdue" } },
        change: { action: "complete" },
        shown: [late[0] ?? "", others[0] ?? "", world.foreign, "x"],
      }),
    );
    expect(proxy.requests).toHaveLength(1);
    expect(outcome).toMatchObject({ changed: 2, unchanged: 0, leftCount: 0, left: [] });
    // What is on the screen comes back fresh, whether it was found or not.
    expect(new Set(outcome.rows.map(({ id }) => id))).toEqual(new Set([late[0], others[0]]));
    for (const id of late) expect(await getTodo(mia.scope(), id)).toMatchObject({ status: "completed" });
    for (const id of others) expect(await actionsOn(id)).toEqual(["create"]);
    expect(await bulk(mia, { filter: { due: "overdue" } }, { action: "complete" })).toMatchObject({
      changed: 0,
    });
  });

  it("names what it leaves of it", async () => {
    const { mia } = world;
    const [dated, bare] = [await write({ dueDate: "2026-01-01" }), await write()];
    const outcome = bulk(mia, { filter: {} }, { action: "priority", priority: 4 });
    expect(await leftOf(outcome)).toEqual({ [bare]: "needs_due_date" });
    expect(await getTodo(mia.scope(), dated)).toMatchObject({ priority: 4 });
  });

  it("empties my trash back into the lists", async () => {
    const { mia, noah } = world;
    const team = await createTeam(world, mia, noah);
    const own = [await write({ deleted: true }), await team.write(mia, { deleted: true })];
    const colleagues = await team.write(noah, { deleted: true });
    expect(await bulk(mia, { trash: true }, { action: "restore" })).toMatchObject({ changed: 2 });
    for (const id of own) expect(await getTodo(mia.scope(), id)).toMatchObject({ deletedAt: null });
    expect(await actionsOn(colleagues)).toEqual(["create"]);
  });

  it("changes nothing when it finds too many, and says so at the filter", { timeout: 60_000 }, async () => {
    const { database, mia } = world;
    await database.sql(
      `insert into todos (id, organization_id, user_id, title)
       select gen_random_uuid(), $1, $2, 'Todo ' || n from generate_series(0, $3::int) n`,
      [mia.organizationId, mia.userId, BULK_FOUND_MAX],
    );
    const some: [BulkChange, string][] = [
      [{ action: "delete" }, "5,000"],
      [{ action: "tag", tags: ["New", "Newer"] }, "2,500"],
      [{ action: "transfer", userId: world.noah.userId }, "5,000"],
    ];
    for (const [change, most] of some) {
      expect(await bulkTodos(mia.scope(), { target: { filter: {} }, change })).toMatchObject({
        code: "invalid",
        fields: { filter: [`These are more than ${most} todos. Narrow the list first.`] },
      });
    }
    expect(await countOf(world, "tags", mia)).toBe(0);
    expect(
      await database.sql("select count(*)::int from todos where organization_id = $1 and version > 1", [
        mia.organizationId,
      ]),
    ).toEqual([{ count: 0 }]);
    await database.sql(
      "delete from todos where ctid in (select ctid from todos where organization_id = $1 limit 1)",
      [mia.organizationId],
    );
    expect(await bulk(mia, { filter: {} }, { action: "complete" })).toMatchObject({
      changed: BULK_FOUND_MAX,
    });
  });
});

describe("bulkTodos that hands over", () => {
  it("gives what may go, in one command with both histories, and names why the rest stays", async () => {
    const { database, proxy, mia, noah } = world;
    const team = await createTeam(world, mia, noah);
    const other = await createTeam(world, mia);
    const [one, two, theirs, personal, elsewhere] = [
      await team.write(mia),
      await team.write(mia),
      await team.write(noah),
      await write(),
      await other.write(mia),
    ];
    const vera = await createPerson(database);
    await writeMembership(database, team.organizationId, vera, "viewer");
    const third = await createPerson(database);
    await writeMembership(database, team.organizationId, third);
    const veras = await team.write(third);
    proxy.reset();
    const ids = [one, two, theirs, personal, elsewhere, veras, world.foreign];
    const outcome = await bulk(mia, { ids }, { action: "transfer", userId: noah.userId });
    expect(proxy.requests).toHaveLength(1);
    expect(outcome).toMatchObject({ changed: 2, unchanged: 1 });
    expect(await leftOf(Promise.resolve(outcome))).toEqual({
      [personal]: "personal",
      [elsewhere]: "not_member",
      [veras]: "not_yours",
      [world.foreign]: "not_found",
    });
    // What is somebody else's by now is not for my screen any more.
    expect(new Set(outcome.rows.map(({ id }) => id))).toEqual(new Set([personal, elsewhere]));
    for (const id of [one, two]) {
      expect(await handsOf(world, id)).toMatchObject([
        { action: "transfer", user_id: mia.userId, command_id: outcome.commandId },
        { action: "receive", user_id: noah.userId, command_id: outcome.commandId },
      ]);
    }
    const left = bulk(noah, { ids: [one] }, { action: "transfer", userId: vera.userId });
    expect(await leftOf(left)).toEqual({ [one]: "viewer" });
    expect(
      await bulkTodos(mia.scope(), { target: { ids }, change: { action: "transfer", userId: "x" } }),
    ).toMatchObject({
      code: "invalid",
      fields: { userId: ["Choose an active member of this organization."] },
    });
  });
});

it("a command on many todos finds nothing to change where one may only look on", async () => {
  const { database, mia, noah } = world;
  await writeMembership(database, noah.organizationId, mia, "viewer");
  const before = await everythingOf(world, noah);
  const all: BulkChange[] = [
    ...changes.map(({ change }) => change),
    { action: "tag", tags: ["New"] },
    { action: "untag", tags: ["Home"] },
    { action: "transfer", userId: mia.userId },
  ];
  for (const change of all) {
    const ids = [world.foreign];
    expect(await leftOf(bulk(mia, { ids }, change))).toEqual({ [world.foreign]: "not_found" });
    expect(await bulk(mia, { filter: { owner: "everyone", status: "all" } }, change)).toMatchObject({
      changed: 0,
    });
  }
  expect(await everythingOf(world, noah)).toEqual(before);
});

it("a command on a thousand todos gives back as many rows as a screen shows", async () => {
  const { database, mia } = world;
  const rows = await database.sql<{ id: string }>(
    `insert into todos (id, organization_id, user_id, title)
     select gen_random_uuid(), $1, $2, 'Todo ' || n from generate_series(1, 1000) n returning id`,
    [mia.organizationId, mia.userId],
  );
  const ids = rows.map(({ id }) => id);
  const outcome = await bulk(mia, { ids }, { action: "complete" });
  expect(outcome).toMatchObject({ changed: 1_000, unchanged: 0, leftCount: 0 });
  expect(new Set(outcome.rows.map(({ id }) => id))).toEqual(new Set(ids.slice(0, BULK_ROWS_MAX)));
});

describe("what a command may ask for", () => {
  const refused: [string, BulkTarget, BulkChange, Record<string, string>][] = [
    [
      "more todos than a thousand",
      { ids: Array.from({ length: 1_001 }, () => newId()) },
      { action: "complete" },
      { ids: "Choose at most 1,000 todos at once." },
    ],
    [
      "a priority that there is not",
      { ids: [] },
      { action: "priority", priority: 6 },
      { priority: "Choose a priority from 0 to 5." },
    ],
    [
      "more tags than five",
      { ids: [] },
      { action: "tag", tags: ["a", "b", "c", "d", "e", "f"] },
      { tags: "Choose at most 5 tags at once." },
    ],
    ["no tag", { ids: [] }, { action: "untag", tags: [" "] }, { tags: "Write at least one tag." }],
    [
      "no days to move by",
      { ids: [] },
      { action: "shift", days: 0, key: newId() },
      { days: "Move due dates by 1 to 36,500 days, forward or back." },
    ],
    [
      "a shift without a key",
      { ids: [] },
      { action: "shift", days: 1, key: "once" },
      { key: "It does not say which command this is." },
    ],
  ];

  it.each(refused)("is not %s", async (_what, target, change, fields) => {
    const before = await everythingOf(world, world.mia);
    expect(await bulkTodos(world.mia.scope(), { target, change })).toMatchObject({
      code: "invalid",
      fields: Object.fromEntries(Object.entries(fields).map(([field, sentence]) => [field, [sentence]])),
    });
    expect(await everythingOf(world, world.mia)).toEqual(before);
  });

  it("refuses a day that there is not at the due date", async () => {
    const change = { action: "due", dueDate: "2027-02-30" } as const;
    expect(await bulkTodos(world.mia.scope(), { target: { ids: [] }, change })).toMatchObject({
      code: "invalid",
      fields: { dueDate: [expect.any(String)] },
    });
  });
});
