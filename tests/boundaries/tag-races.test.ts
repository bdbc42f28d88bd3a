import { describe, expect, it } from "vitest";
import { newId } from "@/lib/db/id";
import { createTag, deleteTag, listTags, mergeTags, updateTag } from "@/lib/tags/repository";
import { createTodo, getTodo, updateTodo } from "@/lib/todos/repository";
import { atOnce } from "../helpers/gate";
import { writeTag, writeTodo } from "../helpers/rows";
import { done, names, twoPeople } from "../todos/world";
import { actionsOn, codeOf, meet, ROUNDS, rowsOf, wholeTable } from "./meetings";

const world = twoPeople();
const LOOK = { colour: "#2f6b4f", icon: null };

const tagCalled = (name: string) => writeTag(world.database, world.mia, name);
const tagsNow = async () => listTags(world.mia.scope());
/** Ids of Mia's tags of a name, whatever its case. */
const idsOf = async (name: string) =>
  (await tagsNow()).filter((tag) => tag.name.toLowerCase() === name.toLowerCase()).map(({ id }) => id);

/** A todo that carries a tag, which has another beside it. */
async function linked(round: number) {
  const [from, into] = [await tagCalled(`From ${round}`), await tagCalled(`Into ${round}`)];
  const todo = await writeTodo(world.database, world.mia, { tagIds: [from] });
  return { from, into, todo };
}
type Linked = Awaited<ReturnType<typeof linked>>;

describe("tags that two requests meet at", { timeout: 300_000 }, () => {
  it("are made once of a name, in whatever case, and the other is told", async () => {
    const create = (name: string) => (round: number) =>
      createTag(world.mia.scope(), { id: newId(), name: `${name} ${round}`, ...LOOK });
    await meet(
      world.database,
      {
        ground: (round) => Promise.resolve(round),
        one: create("Home"),
        other: create("HOME"),
        lock: wholeTable("tags"),
      },
      async (round, one, other) => {
        expect([codeOf(one), codeOf(other)].toSorted()).toEqual(["invalid", "ok"]);
        const [made] = [one, other].flatMap((answer) => (answer.ok ? [answer.data.id] : []));
        expect(await idsOf(`home ${round}`)).toEqual([made]);
      },
    );
  });

  it("are made once under one id, and both have it", async () => {
    const create = ({ id, round }: { id: string; round: number }) =>
      createTag(world.mia.scope(), { id, name: `Home ${round}`, ...LOOK });
    await meet(
      world.database,
      {
        ground: (round) => Promise.resolve({ id: newId(), round }),
        one: create,
        other: create,
        lock: wholeTable("tags"),
      },
      async ({ id }, one, other) => {
        expect(one).toMatchObject({ ok: true, data: { id } });
        expect(other).toEqual(one);
        expect(await actionsOn(world.database, id)).toEqual(["create"]);
      },
    );
  });

  it("are made once for two todos that need them, and both carry them", async () => {
    const create = (name: string) => (round: number) =>
      createTodo(world.mia.scope(), { title: "x", tags: [`${name} ${round}`, "Common"] });
    await meet(
      world.database,
      {
        ground: (round) => Promise.resolve(round),
        one: create("New"),
        other: create("NEW"),
        lock: wholeTable("tags"),
      },
      async (_round, one, other) => {
        const [ones, others] = [await done(Promise.resolve(one)), await done(Promise.resolve(other))];
        expect(ones.tags).toHaveLength(2);
        expect(others.tags).toEqual(ones.tags);
      },
    );
  });

  it("get one name only once when two are renamed to it", async () => {
    const rename = (id: string, name: string) => updateTag(world.mia.scope(), { id, name, ...LOOK });
    await meet(
      world.database,
      {
        ground: linked,
        one: ({ from }, round) => rename(from, `Same ${round}`),
        other: ({ into }, round) => rename(into, `SAME ${round}`),
        lock: (all) => rowsOf("tags")(all.flatMap(({ from, into }) => [from, into])),
      },
      async ({ from, into }, one, other) => {
        expect([codeOf(one), codeOf(other)].toSorted()).toEqual(["invalid", "ok"]);
        const tags = (await tagsNow()).filter(({ id }) => id === from || id === into);
        expect(new Set(tags.map(({ name }) => name.toLowerCase())).size).toBe(2);
      },
    );
  });

  it("end with one of two new names when one is renamed twice", async () => {
    const rename = (name: string) => (id: string, round: number) =>
      updateTag(world.mia.scope(), { id, name: `${name} ${round}`, ...LOOK });
    await meet(
      world.database,
      {
        ground: (round) => tagCalled(`Old ${round}`),
        one: rename("One"),
        other: rename("Other"),
        lock: rowsOf("tags"),
      },
      async (id, one, other) => {
        expect([codeOf(one), codeOf(other)]).toEqual(["ok", "ok"]);
        const name = (await tagsNow()).find((tag) => tag.id === id)?.name;
        const answers = [one, other].map((answer) => (answer.ok ? answer.data.name : null));
        expect(answers).toContain(name);
        // Both are remembered, the one after the other.
        const log = await world.database.sql<{ changes: { name: [string, string] } }>(
          "select changes from audit_logs where entity_id = $1 and action = 'update' order by id",
          [id],
        );
        expect(log.map(({ changes }) => changes.name[1]).toSorted()).toEqual(answers.toSorted(inOrder));
        expect(log[1]?.changes.name).toEqual([log[0]?.changes.name[1], name]);
      },
    );
  });

  it("leave one of the two when they are merged both ways, and the todo has it", async () => {
    await meet(
      world.database,
      {
        ground: linked,
        one: ({ from, into }) => mergeTags(world.mia.scope(), { from, into }),
        other: ({ from, into }) => mergeTags(world.mia.scope(), { from: into, into: from }),
        lock: (all) => rowsOf("tags")(all.flatMap(({ from, into }) => [from, into])),
      },
      async ({ from, into, todo }, forth, back) => {
        expect([codeOf(forth), codeOf(back)].toSorted()).toEqual(["not_found", "ok"]);
        const left = (await tagsNow()).filter(({ id }) => id === from || id === into);
        expect(left.map(({ id }) => id)).toEqual([forth.ok ? into : from]);
        expect((await getTodo(world.mia.scope(), todo))?.tags.map(({ id }) => id)).toEqual(
          left.map(({ id }) => id),
        );
      },
    );
  });

  it("are merged once, and both say so", async () => {
    const merge = ({ from, into }: Linked) => mergeTags(world.mia.scope(), { from, into });
    await meet(
      world.database,
      {
        ground: linked,
        one: merge,
        other: merge,
        lock: (all) => rowsOf("tags")(all.flatMap(({ from, into }) => [from, into])),
      },
      async ({ from, todo }, one, other) => {
        expect([codeOf(one), codeOf(other)]).toEqual(["ok", "ok"]);
        expect(await actionsOn(world.database, from)).toEqual(["delete"]);
        expect((await actionsOn(world.database, todo)).toSorted()).toEqual(["tag", "untag"]);
      },
    );
  });

  it("leave a todo without either when they are merged while its tags are taken off", async () => {
    await meet(
      world.database,
      {
        ground: linked,
        one: ({ from, into }) => mergeTags(world.mia.scope(), { from, into }),
        other: ({ todo }) => updateTodo(world.mia.scope(), { id: todo, version: 1, tags: [] }),
        lock: (all) => rowsOf("todos")(all.map(({ todo }) => todo)),
      },
      async ({ todo }, merged, saved) => {
        expect([codeOf(merged), codeOf(saved)]).toEqual(["ok", "ok"]);
        expect((await getTodo(world.mia.scope(), todo))?.tags).toEqual([]);
      },
    );
  });

  it("leave a todo with one of the two when they are merged while it takes one", async () => {
    await meet(
      world.database,
      {
        ground: async (round) => ({
          ...(await linked(round)),
          fresh: await writeTodo(world.database, world.mia),
        }),
        one: ({ from, into }) => mergeTags(world.mia.scope(), { from, into }),
        other: ({ fresh }, round) =>
          updateTodo(world.mia.scope(), { id: fresh, version: 1, tags: [`From ${round}`] }),
        lock: wholeTable("todo_tags"),
      },
      async ({ from, fresh }, merged, saved) => {
        expect([codeOf(merged), codeOf(saved)]).toEqual(["ok", "ok"]);
        const todo = await getTodo(world.mia.scope(), fresh);
        expect(todo?.tags).toHaveLength(1);
        // What was merged is gone; what carries its name was made after.
        expect(todo?.tags[0]?.name).toMatch(/^(From|Into) /);
        expect((await tagsNow()).map(({ id }) => id)).not.toContain(from);
      },
    );
  });

  it("are taken off by their deletion or made again for a todo that takes them, but the todo is never lost", async () => {
    await meet(
      world.database,
      {
        ground: (round) => tagCalled(`Going ${round}`),
        one: (id) => deleteTag(world.mia.scope(), { id }),
        other: (_id, round) => createTodo(world.mia.scope(), { title: "Keep me", tags: [`going ${round}`] }),
        lock: wholeTable("todo_tags"),
      },
      async (id, deleted, created) => {
        expect([codeOf(deleted), codeOf(created)]).toEqual(["ok", "ok"]);
        const todo = created.ok ? await getTodo(world.mia.scope(), created.data.id) : null;
        expect(todo?.title).toBe("Keep me");
        expect(todo?.tags.map((tag) => tag.id)).not.toContain(id);
      },
    );
  });

  it("are deleted or merged, whichever came first, and the todo is left with what stands", async () => {
    await meet(
      world.database,
      {
        ground: linked,
        one: ({ from, into }) => mergeTags(world.mia.scope(), { from, into }),
        other: ({ into }) => deleteTag(world.mia.scope(), { id: into }),
        lock: (all) => rowsOf("tags")(all.flatMap(({ from, into }) => [from, into])),
      },
      async ({ from, into, todo }, merged, deleted) => {
        expect(codeOf(deleted)).toBe("ok");
        const left = (await tagsNow()).map(({ id }) => id);
        expect(left).not.toContain(into);
        const carried = (await getTodo(world.mia.scope(), todo))?.tags.map(({ id }) => id);
        // Merged first, both are gone, as both were asked to be.
        expect(carried).toEqual(left.includes(from) ? [from] : []);
        expect(["not_found", left.includes(from) ? "not_found" : "ok"]).toContain(codeOf(merged));
      },
    );
  });

  it("are renamed before they are deleted, or not found", async () => {
    await meet(
      world.database,
      {
        ground: (round) => tagCalled(`Home ${round}`),
        one: (id, round) => updateTag(world.mia.scope(), { id, name: `Work ${round}`, ...LOOK }),
        other: (id) => deleteTag(world.mia.scope(), { id }),
        lock: rowsOf("tags"),
      },
      async (id, renamed, deleted) => {
        expect(codeOf(deleted)).toBe("ok");
        expect(["ok", "not_found"]).toContain(codeOf(renamed));
        expect(await actionsOn(world.database, id)).toEqual(renamed.ok ? ["update", "delete"] : ["delete"]);
      },
    );
  });

  it("are deleted once, and both say so", async () => {
    const remove = (id: string) => deleteTag(world.mia.scope(), { id });
    await meet(
      world.database,
      { ground: (round) => tagCalled(`Home ${round}`), one: remove, other: remove, lock: rowsOf("tags") },
      async (id, one, other) => {
        expect([codeOf(one), codeOf(other)]).toEqual(["ok", "ok"]);
        expect(await actionsOn(world.database, id)).toEqual(["delete"]);
      },
    );
  });

  it("take a name that another is made with at that moment, or are told", async () => {
    await meet(
      world.database,
      {
        ground: async (round) => ({ id: await tagCalled(`Home ${round}`), name: `Work ${round}` }),
        one: ({ id, name }) => updateTag(world.mia.scope(), { id, name, ...LOOK }),
        other: ({ name }) => createTag(world.mia.scope(), { name: name.toUpperCase(), ...LOOK }),
        lock: wholeTable("tags"),
      },
      async (_ground, renamed, made) => {
        expect([codeOf(renamed), codeOf(made)].toSorted()).toEqual(["invalid", "ok"]);
      },
    );
  });
});

const meanwhile = (sql: string, params: unknown[]) => ({
  lock: "lock table todo_tags in share mode",
  waiting: 1,
  meanwhile: { sql, params },
});

const inOrder = (a: string | null, b: string | null) => String(a).localeCompare(String(b));

describe("a tag that goes at the moment when a todo takes it", { timeout: 300_000 }, () => {
  it("is made again for the todo, not left out without a word", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const tag = await tagCalled(`Going ${round}`);
      const todo = await atOnce(world.database, {
        ...meanwhile("delete from tags where id = $1", [tag]),
        start: () => done(createTodo(world.mia.scope(), { title: "x", tags: [`going ${round}`, "Other"] })),
      });
      expect(names(todo)).toEqual([`going ${round}`, "Other"]);
    }
  });

  it("is made again when it gets another name", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const tag = await tagCalled(`Going ${round}`);
      const todo = await atOnce(world.database, {
        ...meanwhile("update tags set name = $2 where id = $1", [tag, `Gone ${round}`]),
        start: () => done(createTodo(world.mia.scope(), { title: "x", tags: [`Going ${round}`] })),
      });
      expect(names(todo)).toEqual([`Going ${round}`]);
      expect((await tagsNow()).find(({ id }) => id === tag)?.name).toBe(`Gone ${round}`);
    }
  });
});
