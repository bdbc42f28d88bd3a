import { describe, expect, it } from "vitest";
import { openSystemDatabase } from "@/lib/db/client";
import { newId } from "@/lib/db/id";
import { purge, throughDatabase } from "@/lib/jobs/purge";
import { deleteTag, updateTag } from "@/lib/tags/repository";
import type { BulkChange } from "@/lib/todos/bulk-types";
import {
  bulkInsertTodos,
  bulkTodos,
  deleteTodo,
  getTodo,
  purgeTodo,
  updateTodo,
  upsertTodo,
} from "@/lib/todos/repository";
import { createPerson, type Person } from "../helpers/people";
import { writeTag, writeTodo, type TodoValues } from "../helpers/rows";
import { createTeam } from "../todos/team";
import { done, names, twoPeople } from "../todos/world";
import { actionsOn, codeOf, meet, rowsOf, wholeTable } from "./meetings";

const world = twoPeople();
const LOOK = { colour: "#2f6b4f", icon: null };

const write = (values: TodoValues = {}) => writeTodo(world.database, world.mia, values);
const read = (id: string) => getTodo(world.mia.scope(), id);
const actions = (id: string) => actionsOn(world.database, id);
const bulk = (ids: string[], change: BulkChange) =>
  done(bulkTodos(world.mia.scope(), { target: { ids }, change }));
const three = (values: TodoValues = {}) => Promise.all([write(values), write(values), write(values)]);

describe("commands on many todos that meet", { timeout: 300_000 }, () => {
  it("complete or cancel each of them, and leave it to the other", async () => {
    await meet(
      world.database,
      {
        ground: () => three(),
        one: (ids) => bulk(ids, { action: "complete" }),
        other: (ids) => bulk(ids.toReversed(), { action: "cancel" }),
      },
      async (ids, completed, cancelled) => {
        expect(completed.changed + cancelled.changed).toBe(3);
        expect([completed.leftCount, cancelled.leftCount]).toEqual([cancelled.changed, completed.changed]);
        const logs = await Promise.all(ids.map(actions));
        expect(logs.flat().filter((action) => action === "complete")).toHaveLength(completed.changed);
        expect(logs.map(({ length }) => length)).toEqual([1, 1, 1]);
      },
    );
  });

  it("change a todo before an edit, which is told, or after it", async () => {
    await meet(
      world.database,
      {
        ground: () => write({ title: "x" }),
        one: (id) => bulk([id], { action: "priority", priority: 2 }),
        other: (id) => updateTodo(world.mia.scope(), { id, version: 1, title: "y", priority: 3 }),
        lock: rowsOf("todos"),
      },
      async (id, { changed }, edited) => {
        expect(changed).toBe(1);
        expect(["ok", "conflict"]).toContain(codeOf(edited));
        const wanted = edited.ok ? { title: "y", version: 3 } : { title: "x", version: 2 };
        expect(await read(id)).toMatchObject({ ...wanted, priority: 2 });
      },
    );
  });

  it("hand over all to somebody who is suspended at that moment, or none", async () => {
    await meet(
      world.database,
      {
        ground: async () => {
          const taker = await createPerson(world.database);
          const team = await createTeam(world, world.mia, taker);
          return { taker, ids: await Promise.all([1, 2, 3].map(() => team.write(world.mia))) };
        },
        one: ({ taker, ids }) => bulk(ids, { action: "transfer", userId: taker.userId }),
        other: ({ taker }) =>
          world.database.sql("update users set status = 'suspended' where id = $1", [taker.userId]),
      },
      async ({ taker, ids }, { changed, left }) => {
        const moved = await world.database.sql("select from todos where user_id = $1", [taker.userId]);
        expect(moved).toHaveLength(changed);
        expect([0, 3]).toContain(changed);
        expect(left.map(({ reason }) => reason)).toEqual(changed === 3 ? [] : ids.map(() => "not_member"));
      },
    );
  });

  it("put a tag on all, made again for them when it is deleted at that moment", async () => {
    await meet(
      world.database,
      {
        ground: async (round) => ({
          ids: await three(),
          name: `Go ${round}`,
          tag: await tagCalled(`go ${round}`),
        }),
        one: ({ ids, name }) => bulk(ids, { action: "tag", tags: [name] }),
        other: ({ tag }) => deleteTag(world.mia.scope(), { id: tag }),
        lock: (grounds) => rowsOf("tags")(grounds.map(({ tag }) => tag)),
      },
      async ({ ids }, { changed }, deleted) => {
        expect([changed, codeOf(deleted)]).toEqual([3, "ok"]);
        const carried = await Promise.all(ids.map(async (id) => names((await read(id)) ?? { tags: [] })));
        // All of them lost it again, or all of them carry the new one.
        expect(new Set(carried.map(String)).size).toBe(1);
        expect((await actions(ids[0] ?? "")).length).toBe(carried[0]?.length === 0 ? 2 : 1);
      },
    );
  });

  const purges = {
    "by a person": (ids: string[]) => Promise.all(ids.map((id) => purgeTodo(world.mia.scope(), { id }))),
    "by two runs of the job": () => {
      const transaction = throughDatabase(openSystemDatabase(world.database));
      return Promise.all([purge(transaction), purge(transaction)]);
    },
  };
  it.each(Object.entries(purges))(
    "restore a todo or find that it was deleted for ever, %s",
    async (_by, remove) => {
      await meet(
        world.database,
        {
          ground: async () => {
            const ids = await three({ deleted: true });
            await world.database.sql(
              "update todos set deleted_at = now() - interval '40 days' where id = any ($1)",
              [ids],
            );
            return ids;
          },
          one: (ids) => bulk(ids, { action: "restore" }),
          other: async (ids) => void (await remove(ids)),
        },
        async (ids, { changed, leftCount }) => {
          const left = await world.database.sql<{ deleted_at: Date | null }>(
            "select deleted_at from todos where id = any ($1)",
            [ids],
          );
          expect(left).toEqual(Array.from({ length: changed }, () => ({ deleted_at: null })));
          expect(changed + leftCount).toBe(3);
          const purged = await world.database.sql(
            "select from audit_logs where entity_id = any ($1) and action = 'purge'",
            [ids],
          );
          expect(purged).toHaveLength(leftCount);
        },
      );
    },
  );
});

/** Ids that two people import at once, each with one more. */
const newIds = () => Promise.resolve({ both: [newId(), newId()], mias: newId(), noahs: newId() });
const importRows = (ids: string[]) => ids.map((id) => ({ id, title: "x", tags: ["Shop"] }));
const ownersOf = async (ids: string[]) => {
  const rows = await world.database.sql<{ user_id: string }>(
    "select user_id from todos where id = any ($1)",
    [ids],
  );
  return rows.map(({ user_id }) => user_id);
};
const importAll = (person: Person, ids: string[], onBadRow: "refuse" | "skip") =>
  bulkInsertTodos(person.scope(), { rows: importRows(ids), onBadRow });

describe("imports that meet", { timeout: 300_000 }, () => {
  it("of the same ids by two people are one's, and the other has nothing where one bad row is enough", async () => {
    await meet(
      world.database,
      {
        ground: newIds,
        one: ({ both, mias }) => importAll(world.mia, [mias, ...both], "refuse"),
        other: ({ both, noahs }) => importAll(world.noah, [noahs, ...both], "refuse"),
        lock: wholeTable("todos"),
      },
      async ({ both, mias, noahs }, one, other) => {
        expect([codeOf(one), codeOf(other)].toSorted()).toEqual(["invalid", "ok"]);
        const lost = one.ok ? other : one;
        expect(lost.ok ? {} : lost.fields).toEqual({
          "2.id": ["This id is taken."],
          "3.id": ["This id is taken."],
        });
        const owner = one.ok ? world.mia.userId : world.noah.userId;
        expect(await ownersOf([...both, mias, noahs])).toEqual([owner, owner, owner]);
      },
    );
  });

  it("of the same ids by two people are one's, and the other has the rest where bad rows are skipped", async () => {
    await meet(
      world.database,
      {
        ground: newIds,
        one: ({ both, mias }) => done(importAll(world.mia, [mias, ...both], "skip")),
        other: ({ both, noahs }) => done(importAll(world.noah, [...both.toReversed(), noahs], "skip")),
        lock: wholeTable("todos"),
      },
      async ({ both, mias, noahs }, one, other) => {
        expect([one.added + other.added, one.badCount + other.badCount]).toEqual([4, 2]);
        expect(await ownersOf([mias])).toEqual([world.mia.userId]);
        expect(await ownersOf([noahs])).toEqual([world.noah.userId]);
        expect(await ownersOf(both)).toHaveLength(2);
      },
    );
  });

  const takings = {
    deleted: (id: string) => deleteTag(world.mia.scope(), { id }),
    "called otherwise": (id: string, round: number) =>
      updateTag(world.mia.scope(), { id, name: `Other ${round}`, ...LOOK }),
  };
  it.each(Object.entries(takings))("make a tag again that is %s at that moment", async (_how, take) => {
    await meet(
      world.database,
      {
        ground: async (round) => ({ id: newId(), name: `Go ${round}`, tag: await tagCalled(`go ${round}`) }),
        one: ({ id, name }) =>
          done(
            bulkInsertTodos(world.mia.scope(), {
              rows: [{ id, title: "x", tags: [name] }],
              onBadRow: "skip",
            }),
          ),
        other: ({ tag }, round) => take(tag, round),
        lock: (grounds) => rowsOf("tags")(grounds.map(({ tag }) => tag)),
      },
      async ({ id }, { added }, changed) => {
        expect([added, codeOf(changed)]).toEqual([1, "ok"]);
        const log = await actions(id);
        expect([
          ["create", "tag"],
          ["create", "tag", "untag"],
        ]).toContainEqual(log);
        expect((await read(id))?.tags).toHaveLength(log.length === 2 ? 1 : 0);
      },
    );
  });
});

describe("upserts that meet", { timeout: 300_000 }, () => {
  it("of one id by two people are one's, and not found by the other", async () => {
    await meet(
      world.database,
      {
        ground: () => Promise.resolve(newId()),
        one: (id) => upsertTodo(world.mia.scope(), { id, title: "x", tags: ["Shop"] }),
        other: (id) => upsertTodo(world.noah.scope(), { id, title: "x", tags: ["Shop"] }),
        lock: wholeTable("todos"),
      },
      async (id, one, other) => {
        expect([codeOf(one), codeOf(other)].toSorted()).toEqual(["not_found", "ok"]);
        expect((await read(id)) !== null).toBe(one.ok);
        expect((await actions(id)).toSorted()).toEqual(["create", "tag"]);
      },
    );
  });

  it("change a todo before it is deleted, or find it in the trash", async () => {
    await meet(
      world.database,
      {
        ground: () => write({ title: "x" }),
        one: (id) => upsertTodo(world.mia.scope(), { id, title: "y", tags: ["New"] }),
        other: (id) => deleteTodo(world.mia.scope(), { id }),
        lock: rowsOf("todos"),
      },
      async (id, upserted, deleted) => {
        expect(codeOf(deleted)).toBe("ok");
        expect(["ok", "not_found"]).toContain(codeOf(upserted));
        const todo = await read(id);
        expect(todo).toMatchObject({ title: upserted.ok ? "y" : "x", deletedAt: expect.any(Date) });
        expect(todo?.tags).toHaveLength(upserted.ok ? 1 : 0);
      },
    );
  });
});

const tagCalled = (name: string) => writeTag(world.database, world.mia, name);
