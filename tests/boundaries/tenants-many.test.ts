import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newId } from "@/lib/db/id";
import type { BulkChange, BulkTarget } from "@/lib/todos/bulk-types";
import { bulkInsertTodos, bulkTodos, countTodos, listTodos, listTrash } from "@/lib/todos/repository";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { everyRow } from "../helpers/every-row";
import { createPerson, type Person } from "../helpers/people";
import { writeMembership, writeTag, writeTodo } from "../helpers/rows";

let database: TestDatabase;
/** Mia has nothing to do with Noah; Dan may look on in a team of Noah's. */
let mia: Person, noah: Person, dan: Person;
let teamId: string;
/** Noah's own todos, of each status and in the trash, and the same in the team. */
let own: string[], teams: string[];

beforeAll(async () => {
  database = await createTestDatabase();
  [mia, noah, dan] = [
    await createPerson(database),
    await createPerson(database),
    await createPerson(database),
  ];
  teamId = newId();
  await database.sql("insert into organizations (id, name) values ($1, 'Team')", [teamId]);
  await writeMembership(database, teamId, noah, "owner");
  await writeMembership(database, teamId, dan, "viewer");
  own = await writeTodos(noah);
  teams = await writeTodos({ userId: noah.userId, organizationId: teamId });
  await writeTodo(database, mia, { title: "Mine" });
  // More than a page, so that there are cursors.
  await database.sql(
    `insert into todos (id, organization_id, user_id, title, deleted_at)
     select gen_random_uuid(), $1, $2, 'many', case when n % 2 = 0 then now() end from generate_series(1, 120) n`,
    [noah.organizationId, noah.userId],
  );
});
afterAll(() => database.drop());

async function writeTodos(owner: { userId: string; organizationId: string }): Promise<string[]> {
  const values = { dueDate: "2030-01-01", tagIds: [await writeTag(database, owner, "Home")] };
  return [
    await writeTodo(database, owner, values),
    await writeTodo(database, owner, { ...values, status: "in_progress" }),
    await writeTodo(database, owner, { ...values, status: "completed", completedAt: new Date() }),
    await writeTodo(database, owner, { ...values, status: "cancelled" }),
    await writeTodo(database, owner, { ...values, deleted: true }),
  ];
}

const changes: [string, () => BulkChange][] = [
  ["start", () => ({ action: "start" })],
  ["complete", () => ({ action: "complete" })],
  ["reopen", () => ({ action: "reopen" })],
  ["cancel", () => ({ action: "cancel" })],
  ["delete", () => ({ action: "delete" })],
  ["restore", () => ({ action: "restore" })],
  ["priority", () => ({ action: "priority", priority: 3 })],
  ["due", () => ({ action: "due", dueDate: "2031-01-01" })],
  ["shift", () => ({ action: "shift", days: 1, key: newId() })],
  ["tag", () => ({ action: "tag", tags: ["New", "home"] })],
  ["untag", () => ({ action: "untag", tags: ["home"] })],
  ["transfer to me", () => ({ action: "transfer", userId: mia.userId })],
  ["transfer to its owner's colleague", () => ({ action: "transfer", userId: dan.userId })],
];

describe.each(changes)("to %s many todos", (_name, change) => {
  it("finds none of others', named one by one, and changes nothing", async () => {
    const before = await everyRow(database);
    for (const [person, ids] of [
      [mia, own],
      [mia, teams],
      [dan, teams],
    ] as const) {
      const answer = await bulkTodos(person.scope(), { target: { ids }, change: change() });
      expect(answer).toMatchObject({ ok: true, data: { changed: 0, unchanged: 0, leftCount: ids.length } });
      const left = answer.ok ? answer.data.left : [];
      expect(left.map(({ reason }) => reason)).toEqual(ids.map(() => "not_found"));
    }
    expect(await everyRow(database)).toEqual(before);
  });

  it("finds none of others' by a filter, and changes nothing", async () => {
    const filters: BulkTarget[] = [
      { filter: { status: "all", organizationId: noah.organizationId, owner: "everyone" } },
      { filter: { status: "all", organizationId: teamId, owner: "everyone" } },
      { filter: { status: "all", owner: { userId: noah.userId } } },
      { trash: true },
    ];
    const before = await everyRow(database);
    for (const target of filters) {
      for (const person of [mia, dan]) {
        const answer = await bulkTodos(person.scope(), {
          target,
          change: change(),
          shown: [...own, ...teams],
        });
        expect(answer).toMatchObject({ ok: true, data: { changed: 0, unchanged: 0 } });
        const rows = answer.ok ? answer.data.rows.map(({ id }) => id) : [];
        // What Dan may see he is shown, and no more.
        expect(rows.filter((id) => own.includes(id) || person === mia)).toEqual([]);
      }
    }
    expect(await everyRow(database)).toEqual(before);
  });
});

it.each(["refuse", "skip"] as const)(
  "an import takes no id of others', and changes nothing (%s)",
  async (onBadRow) => {
    const before = await everyRow(database);
    for (const ids of [own, teams]) {
      const rows = ids.map((id) => ({ id, title: "mine", tags: ["home"] }));
      const answer = await bulkInsertTodos(mia.scope(), { rows, onBadRow });
      const bad = answer.ok ? answer.data.bad : answer.fields;
      expect(Object.keys(bad ?? {}).toSorted()).toEqual(ids.map((_, index) => `${index + 1}.id`));
      expect(answer.ok ? answer.data : answer).toMatchObject(
        onBadRow === "skip" ? { added: 0, known: 0, badCount: ids.length } : { code: "invalid" },
      );
    }
    expect(await everyRow(database)).toEqual(before);
  },
);

describe("lists", () => {
  it("by others' organizations and by who has nothing to do with one are empty", async () => {
    for (const filter of [
      { organizationId: noah.organizationId },
      { organizationId: teamId },
      { owner: { userId: noah.userId } },
      { owner: { userId: noah.userId }, organizationId: teamId },
    ]) {
      const wanted = { status: "all" as const, owner: "everyone" as const, ...filter };
      expect((await listTodos(mia.scope(), wanted)).rows).toEqual([]);
      expect(await countTodos(mia.scope(), wanted)).toEqual(
        await countTodos(mia.scope(), { ...wanted, organizationId: newId() }),
      );
    }
  });

  it("take no cursor of others' for one, and begin at their own beginning", async () => {
    const theirs = (await listTodos(noah.scope(), { status: "all" })).nextCursor ?? "";
    const trashed = (await listTrash(noah.scope(), {})).nextCursor ?? "";
    expect([theirs, trashed].map((cursor) => cursor.length > 20)).toEqual([true, true]);
    expect(await listTodos(mia.scope(), { status: "all", cursor: theirs })).toEqual({
      ...(await listTodos(mia.scope(), { status: "all" })),
      cursorLost: true,
    });
    expect(await listTrash(mia.scope(), { cursor: trashed })).toEqual({
      ...(await listTrash(mia.scope(), {})),
      cursorLost: true,
    });
  });
});
