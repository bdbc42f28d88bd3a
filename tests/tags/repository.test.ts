import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { undoCommand } from "@/lib/audit/repository";
import { newId } from "@/lib/db/id";
import { createTag, deleteTag, listTags, mergeTags, updateTag } from "@/lib/tags/repository";
import { startCountingProxy, type CountingProxy } from "../helpers/counting-proxy";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { createPerson, type Person } from "../helpers/people";
import { writeMembership, writeTag, writeTodo, type TodoValues } from "../helpers/rows";

let database: TestDatabase;
let proxy: CountingProxy;
beforeAll(async () => {
  const direct = await createTestDatabase();
  proxy = await startCountingProxy(direct.endpoint);
  database = { ...direct, endpoint: proxy.url };
});
afterAll(async () => {
  await proxy.stop();
  await database.drop();
});

const look = { colour: "#2f6b4f", icon: null };

async function twoPeople(): Promise<[Person, Person]> {
  const [mia, noah] = [await createPerson(database, { name: "Mia" }), await createPerson(database)];
  await tagOf(noah, "Home");
  return [mia, noah];
}

const tagOf = (person: Pick<Person, "organizationId">, name: string) => writeTag(database, person, name);
const todoOf = (
  person: Pick<Person, "userId" | "organizationId">,
  tagIds: string[],
  values: TodoValues = {},
) => writeTodo(database, person, { ...values, tagIds });

/** The names of the tags of each todo. */
async function tagNames(...todoIds: string[]): Promise<string[][]> {
  const rows = await database.sql<{ names: string[] }>(
    `select array(select name from todo_tags join tags on tags.id = tag_id
                   where todo_id = wanted.id order by name) as names
       from unnest($1::uuid[]) with ordinality wanted (id, place) order by place`,
    [todoIds],
  );
  return rows.map((row) => row.names);
}

async function tagsIn(person: Person) {
  return database.sql("select id, name, colour, icon from tags where organization_id = $1 order by name", [
    person.organizationId,
  ]);
}

/** Actions of the audit rows that a person's organization has of tags and their links, oldest first. */
async function remembered(person: Person): Promise<string[]> {
  const rows = await database.sql<{ line: string }>(
    `select concat_ws(' ', entity_type, action, changes #>> '{tags,0,name}', changes #>> '{tags,1,name}',
              changes #>> '{name,0}', changes #>> '{name,1}') as line
       from audit_logs where organization_id = $1 and user_id is not null
        and (entity_type = 'tag' or action in ('tag', 'untag')) order by id`,
    [person.organizationId],
  );
  return rows.map((row) => row.line);
}

async function counted<Data>(run: () => Promise<Data>): Promise<Data> {
  proxy.reset();
  const data = await run();
  expect(proxy.requests).toHaveLength(1);
  return data;
}

/** Deletes a tag and takes that back. */
async function deletedAndBack(person: Person, id: string): Promise<void> {
  const scope = person.scope();
  await deleteTag(scope, { id });
  expect(await undoCommand(person.scope(), { commandId: scope.commandId })).toMatchObject({ ok: true });
}

describe("listTags", () => {
  it("counts the open and all of a person's own todos, without those in the trash, in one request", async () => {
    const [mia] = await twoPeople();
    const [home, work] = [await tagOf(mia, "Home"), await tagOf(mia, "Work")];
    await todoOf(mia, [home, work]);
    await todoOf(mia, [home], { status: "in_progress" });
    await todoOf(mia, [home], { status: "completed" });
    await todoOf(mia, [home], { status: "cancelled" });
    await todoOf(mia, [home], { deleted: true });
    expect(await counted(() => listTags(mia.scope()))).toEqual([
      { id: home, name: "Home", colour: "#78716c", icon: null, openCount: 2, totalCount: 4 },
      { id: work, name: "Work", colour: "#78716c", icon: null, openCount: 1, totalCount: 1 },
    ]);
  });

  it("does not count a colleague's todos on a shared tag", async () => {
    const [mia, noah] = await twoPeople();
    const home = await tagOf(mia, "Home");
    await writeMembership(database, mia.organizationId, noah, "member");
    await todoOf({ ...noah, organizationId: mia.organizationId }, [home]);
    expect(await listTags(mia.scope())).toMatchObject([{ id: home, openCount: 0, totalCount: 0 }]);
    expect(await listTags(noah.scope())).toMatchObject([{ name: "Home" }, { name: "Home" }]);
  });

  it("sorts as people do: without regard to accents and case, numbers by value", async () => {
    const [mia] = await twoPeople();
    for (const name of ["Zoo", "10 km", "érable", "9 km", "apple", "Eel"]) await tagOf(mia, name);
    const names = (await listTags(mia.scope())).map((tag) => tag.name);
    expect(names).toEqual(["9 km", "10 km", "apple", "Eel", "érable", "Zoo"]);
  });

  it("is empty for a person without tags", async () => {
    const person = await createPerson(database);
    expect(await listTags(person.scope())).toEqual([]);
  });
});

describe("createTag", () => {
  it("makes a tag in the person's own organization, in one request", async () => {
    const [mia] = await twoPeople();
    const result = await counted(() =>
      createTag(mia.scope(), { name: "Home", colour: "#2f6b4f", icon: "🏠" }),
    );
    const tag = { id: expect.any(String), name: "Home", colour: "#2f6b4f", icon: "🏠" };
    expect(result).toEqual({ ok: true, data: tag });
    expect(await tagsIn(mia)).toEqual([tag]);
  });

  it("is the same tag when a lost reply makes it happen again", async () => {
    const [mia] = await twoPeople();
    const tag = { id: newId(), name: "Home", ...look };
    expect(await createTag(mia.scope(), tag)).toEqual({ ok: true, data: tag });
    expect(await createTag(mia.scope(), tag)).toEqual({ ok: true, data: tag });
    expect(await tagsIn(mia)).toHaveLength(1);
    expect(await remembered(mia)).toEqual(["tag create Home"]);
  });

  it.each([["HOME"], ["home"], ["Home"]])(
    "refuses %s beside Home at its name, and keeps Home",
    async (name) => {
      const [mia] = await twoPeople();
      const home = await tagOf(mia, "Home");
      expect(await createTag(mia.scope(), { name, ...look })).toMatchObject({
        ok: false,
        code: "invalid",
        fields: { name: ["There is already a tag with this name."] },
      });
      expect(await tagsIn(mia)).toMatchObject([{ id: home }]);
    },
  );

  it("knows upper and lower case beyond ASCII", async () => {
    const [mia] = await twoPeople();
    await tagOf(mia, "ÉCOLE");
    expect(await createTag(mia.scope(), { name: "école", ...look })).toMatchObject({ code: "invalid" });
  });

  it("does not take over another person's tag by its id", async () => {
    const [mia, noah] = await twoPeople();
    const theirs = await tagOf(noah, "Secret");
    expect(await createTag(mia.scope(), { id: theirs, name: "Mine", ...look })).toMatchObject({
      code: "not_found",
    });
    expect(await tagsIn(noah)).toMatchObject([{ name: "Home" }, { id: theirs, name: "Secret" }]);
    expect(await tagsIn(mia)).toEqual([]);
  });
});

describe("updateTag", () => {
  it("renames a tag, keeps its links, and answers with it, in one request", async () => {
    const [mia] = await twoPeople();
    const home = await tagOf(mia, "Home");
    const todo = await todoOf(mia, [home]);
    const edit = { id: home, name: "House", colour: "#ff0000", icon: "🏠" };
    expect(await counted(() => updateTag(mia.scope(), edit))).toEqual({ ok: true, data: edit });
    expect(await tagNames(todo)).toEqual([["House"]]);
  });

  it("changes only the case of a name", async () => {
    const [mia] = await twoPeople();
    const home = await tagOf(mia, "home");
    expect(await updateTag(mia.scope(), { id: home, name: "HOME", ...look })).toMatchObject({ ok: true });
  });

  it("keeps the icon when none is given", async () => {
    const [mia] = await twoPeople();
    const scope = mia.scope();
    const made = await createTag(scope, { name: "Home", colour: "#000000", icon: "🏠" });
    const id = made.ok ? made.data.id : "";
    expect(await updateTag(mia.scope(), { id, name: "Home", colour: "#ffffff" })).toMatchObject({
      data: { icon: "🏠", colour: "#ffffff" },
    });
  });

  it("remembers nothing when it is repeated", async () => {
    const [mia] = await twoPeople();
    const home = await tagOf(mia, "Home");
    await updateTag(mia.scope(), { id: home, name: "House", ...look });
    await updateTag(mia.scope(), { id: home, name: "House", ...look });
    expect(await remembered(mia)).toEqual(["tag update Home House"]);
  });

  it("refuses another tag's name at its name, and changes nothing", async () => {
    const [mia] = await twoPeople();
    const home = await tagOf(mia, "Home");
    await tagOf(mia, "Work");
    expect(await updateTag(mia.scope(), { id: home, name: "WORK", ...look })).toMatchObject({
      code: "invalid",
      fields: { name: ["There is already a tag with this name."] },
    });
    expect(await tagsIn(mia)).toMatchObject([{ name: "Home" }, { name: "Work" }]);
  });

  it("does not find another person's tag, nor what is no id", async () => {
    const [mia, noah] = await twoPeople();
    const theirs = await tagOf(noah, "Secret");
    for (const id of [theirs, newId(), "", "1 or 1=1", theirs.toUpperCase()]) {
      expect(await updateTag(mia.scope(), { id, name: "Mine", ...look })).toMatchObject({
        code: "not_found",
      });
    }
    expect(await tagsIn(noah)).toMatchObject([{ name: "Home" }, { name: "Secret", colour: "#78716c" }]);
  });
});

describe("deleteTag", () => {
  it("takes the tag off its todos, which stay, and remembers it by name, in one request", async () => {
    const [mia] = await twoPeople();
    const [home, work] = [await tagOf(mia, "Home"), await tagOf(mia, "Work")];
    const todo = await todoOf(mia, [home, work]);
    expect(await counted(() => deleteTag(mia.scope(), { id: home }))).toEqual({
      ok: true,
      data: { id: home },
    });
    expect(await tagNames(todo)).toEqual([["Work"]]);
    expect(await remembered(mia)).toEqual(["todo untag Home", "tag delete Home"]);
  });

  it("answers the same when it is repeated, and remembers it once", async () => {
    const [mia] = await twoPeople();
    const home = await tagOf(mia, "Home");
    const first = await deleteTag(mia.scope(), { id: home });
    expect(await deleteTag(mia.scope(), { id: home })).toEqual(first);
    expect(await remembered(mia)).toEqual(["tag delete Home"]);
  });

  it("does not find another person's tag, standing or deleted, nor what is no id", async () => {
    const [mia, noah] = await twoPeople();
    const [standing, deleted] = [await tagOf(noah, "Standing"), await tagOf(noah, "Deleted")];
    await deleteTag(noah.scope(), { id: deleted });
    for (const id of [standing, deleted, newId(), "", "x"]) {
      expect(await deleteTag(mia.scope(), { id })).toMatchObject({ code: "not_found" });
    }
    expect(await tagsIn(noah)).toMatchObject([{ name: "Home" }, { id: standing }]);
  });

  it("is not for viewers", async () => {
    const [mia, noah] = await twoPeople();
    const home = await tagOf(mia, "Home");
    await writeMembership(database, mia.organizationId, noah, "viewer");
    expect(await deleteTag(noah.scope(), { id: home })).toMatchObject({ code: "not_found" });
    expect(await tagsIn(mia)).toHaveLength(1);
  });

  it("is not said to be done because it was once: a tag that came back stands, for viewers", async () => {
    const [mia, noah] = await twoPeople();
    const home = await tagOf(mia, "Home");
    await deletedAndBack(mia, home);
    await writeMembership(database, mia.organizationId, noah, "viewer");
    expect(await deleteTag(noah.scope(), { id: home })).toMatchObject({ code: "not_found" });
    expect(await tagsIn(mia)).toHaveLength(1);
  });
});

describe("mergeTags", () => {
  it("moves the links without doubling any, deletes the source, in one request", async () => {
    const [mia] = await twoPeople();
    const [home, house, work] = [
      await tagOf(mia, "Home"),
      await tagOf(mia, "House"),
      await tagOf(mia, "Work"),
    ];
    const todos = [
      await todoOf(mia, [house, work]),
      await todoOf(mia, [house, home]),
      await todoOf(mia, [house], { deleted: true }),
      await todoOf(mia, [work]),
    ];
    const result = await counted(() => mergeTags(mia.scope(), { from: house, into: home }));
    expect(result).toMatchObject({ ok: true, data: { id: home, name: "Home" } });
    expect(await tagNames(...todos)).toEqual([["Home", "Work"], ["Home"], ["Home"], ["Work"]]);
    expect((await tagsIn(mia)).map(({ id }) => id)).toEqual([home, work]);
    expect((await remembered(mia)).toSorted()).toEqual([
      "tag delete House",
      "todo tag Home",
      "todo tag Home",
      "todo untag House",
      "todo untag House",
      "todo untag House",
    ]);
  });

  it("answers the same when it is repeated, and changes nothing more", async () => {
    const [mia] = await twoPeople();
    const [home, house] = [await tagOf(mia, "Home"), await tagOf(mia, "House")];
    await todoOf(mia, [house]);
    const first = await mergeTags(mia.scope(), { from: house, into: home });
    const rows = await remembered(mia);
    expect(await mergeTags(mia.scope(), { from: house, into: home })).toEqual(first);
    expect(await remembered(mia)).toEqual(rows);
  });

  it("refuses to merge a tag into itself, and keeps it", async () => {
    const [mia] = await twoPeople();
    const home = await tagOf(mia, "Home");
    expect(await mergeTags(mia.scope(), { from: home, into: home })).toMatchObject({
      code: "invalid",
      fields: { into: [expect.stringContaining("another tag")] },
    });
    expect(await tagsIn(mia)).toHaveLength(1);
  });

  it("does not merge across organizations, even the person's own two", async () => {
    const [mia] = await twoPeople();
    const home = await tagOf(mia, "Home");
    const team = newId();
    await database.sql("insert into organizations (id, name) values ($1, 'Team')", [team]);
    await writeMembership(database, team, mia, "owner");
    const shared = await tagOf({ ...mia, organizationId: team }, "Shared");
    const todo = await todoOf({ ...mia, organizationId: team }, [shared]);
    expect(await mergeTags(mia.scope(), { from: shared, into: home })).toMatchObject({ code: "not_found" });
    expect(await tagNames(todo)).toEqual([["Shared"]]);

    // Nor says that it did, of one that carries nothing and was deleted once.
    const unused = await tagOf({ ...mia, organizationId: team }, "Unused");
    await deletedAndBack(mia, unused);
    expect(await mergeTags(mia.scope(), { from: unused, into: home })).toMatchObject({ code: "not_found" });
  });

  it("does not find another person's tag on either side, nor what is no id", async () => {
    const [mia, noah] = await twoPeople();
    const home = await tagOf(mia, "Home");
    const theirs = await tagOf(noah, "Secret");
    const [todo, foreign] = [await todoOf(mia, [home]), await todoOf(noah, [theirs])];
    for (const [from, into] of [
      [theirs, home],
      [home, theirs],
      [home, newId()],
      [newId(), home],
      ["x", home],
      [home, ""],
    ] as const) {
      expect(await mergeTags(mia.scope(), { from, into })).toMatchObject({ code: "not_found" });
    }
    expect(await tagNames(todo, foreign)).toEqual([["Home"], ["Secret"]]);
  });

  it("moves a link that somebody is making at that moment", async () => {
    const [mia] = await twoPeople();
    const [home, house] = [await tagOf(mia, "Home"), await tagOf(mia, "House")];
    const todo = await todoOf(mia, []);
    const other = new Client({ connectionString: database.unpooledUrl });
    await other.connect();
    await other.query("begin");
    await other.query("insert into todo_tags (organization_id, todo_id, tag_id) values ($1, $2, $3)", [
      mia.organizationId,
      todo,
      house,
    ]);
    const merging = mergeTags(mia.scope(), { from: house, into: home });
    await expect
      .poll(() =>
        database.sql("select from pg_stat_activity where datname = $1 and wait_event_type = 'Lock'", [
          database.name,
        ]),
      )
      .toHaveLength(1);
    await other.query("commit");
    await other.end();
    expect(await merging).toMatchObject({ ok: true });
    expect(await tagNames(todo)).toEqual([["Home"]]);
  });

  it("leaves one of two when they are merged into each other at once", async () => {
    const [mia] = await twoPeople();
    const [home, house] = [await tagOf(mia, "Home"), await tagOf(mia, "House")];
    const todos = [await todoOf(mia, [home]), await todoOf(mia, [house])];
    await Promise.all([
      mergeTags(mia.scope(), { from: house, into: home }),
      mergeTags(mia.scope(), { from: home, into: house }),
    ]);
    const [left, ...others] = await tagsIn(mia);
    expect(others).toEqual([]);
    expect(await tagNames(...todos)).toEqual([[left?.name], [left?.name]]);
  });
});

describe("a write and the list asked for beside it", () => {
  it("are one request, and the list sees what was written", async () => {
    const [mia] = await twoPeople();
    const scope = mia.scope();
    const [made, list] = await counted(() =>
      Promise.all([createTag(scope, { name: "Home", ...look }), listTags(scope)]),
    );
    expect(made.ok && list).toMatchObject([{ name: "Home", openCount: 0 }]);
  });

  it("are refused together", async () => {
    const [mia] = await twoPeople();
    await tagOf(mia, "Home");
    const scope = mia.scope();
    const [made, list] = await counted(() =>
      Promise.allSettled([createTag(scope, { name: "home", ...look }), listTags(scope)]),
    );
    const refusal = { code: "invalid", fields: { name: ["There is already a tag with this name."] } };
    expect(made).toMatchObject({ status: "fulfilled", value: refusal });
    expect(list).toMatchObject({ status: "rejected", reason: { failure: refusal } });
  });
});
