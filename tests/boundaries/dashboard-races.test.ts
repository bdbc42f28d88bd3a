import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { getDashboard } from "@/lib/dashboard/repository";
import { newId } from "@/lib/db/id";
import { updateSettings } from "@/lib/settings/repository";
import { deleteTag, updateTag } from "@/lib/tags/repository";
import { bulkTodos, completeTodo, createTodo, transferTodo, updateTodo } from "@/lib/todos/repository";
import { FOUND_DASHBOARD, expectKeptToBeComputed, keptAndComputed } from "../helpers/dashboard";
import { atOnce } from "../helpers/gate";
import type { Person } from "../helpers/people";
import { writeTag, writeTodo } from "../helpers/rows";
import { createTeam } from "../todos/team";
import { done, twoPeople } from "../todos/world";
import { meet, ROUNDS } from "./meetings";

const world = twoPeople();

/** Two connections of the owner's, for transactions that stay open. */
let one: Client;
let other: Client;
beforeAll(async () => {
  [one, other] = [0, 1].map(() => new Client({ connectionString: world.database.unpooledUrl })) as [
    Client,
    Client,
  ];
  await Promise.all([one.connect(), other.connect()]);
});
afterEach(() => Promise.all([one.query("rollback"), other.query("rollback")]));
afterAll(() => Promise.all([one.end(), other.end()]));

const titles = async (person: Person) =>
  (await expectKeptToBeComputed(person.scope())).list.map(({ title }) => title);
const rename = (id: string, title: string): [string, unknown[]] => [
  "update todos set title = $2 where id = $1",
  [id, title],
];

async function enter(client: Client, { tokenHash }: Person, mode = ""): Promise<void> {
  await client.query(`begin ${mode}`);
  await client.query("select from app.enter($1, '{}')", [tokenHash]);
}
const read = async (client: Client) => {
  const { rows } = await client.query<{ found: { list: [unknown, unknown, string[]] } }>(
    `select ${FOUND_DASHBOARD} as found`,
  );
  return rows[0]?.found.list[2];
};

describe("a dashboard that is read while something is written", () => {
  it("is as it was before, waits for nobody, and is void once the write is committed", async () => {
    const { database, mia } = world;
    const id = await writeTodo(database, mia, { title: "Milk" });
    for (const isKept of [false, true]) {
      if (isKept) await getDashboard(mia.scope());
      await one.query("begin");
      await one.query(...rename(id, "Bread"));
      expect(await titles(mia)).toEqual(["Milk"]);
      expect(await titles(mia)).toEqual(["Milk"]);
      await one.query("commit");
      expect(await titles(mia)).toEqual(["Bread"]);
      await one.query(...rename(id, "Milk"));
    }
  });

  it("is not kept when the write is committed while it is computed", async () => {
    const { database, mia } = world;
    const id = await writeTodo(database, mia, { title: "Milk" });
    // Its snapshot is taken when it comes to the tags.
    const [text, params] = rename(id, "Bread");
    const computed = await atOnce(database, {
      lock: "lock table tags in access exclusive mode",
      waiting: 1,
      meanwhile: { sql: text, params },
      start: () => getDashboard(mia.scope()),
    });
    expect(computed.list.map(({ title }) => title)).toEqual(["Milk"]);
    expect(await titles(mia)).toEqual(["Bread"]);
  });

  it("is as it was when the write is taken back, whoever read it in between", async () => {
    const { database, mia } = world;
    const id = await writeTodo(database, mia, { title: "Milk" });
    await enter(one, mia);
    await one.query(...rename(id, "Bread"));
    expect(await read(one)).toEqual(["Bread"]);
    expect(await titles(mia)).toEqual(["Milk"]);
    await one.query("rollback");
    expect(await titles(mia)).toEqual(["Milk"]);

    await enter(one, mia);
    await one.query("savepoint before");
    await one.query(...rename(id, "Bread"));
    expect(await read(one)).toEqual(["Bread"]);
    await one.query("rollback to before");
    expect(await read(one)).toEqual(["Milk"]);
    await one.query("commit");
    expect(await titles(mia)).toEqual(["Milk"]);
  });

  it("shows a write of its own transaction, before and after that is committed, and not another's in between", async () => {
    const { database, mia } = world;
    const [mine, theirs] = [
      await writeTodo(database, mia, { title: "Milk" }),
      await writeTodo(database, mia, { title: "Tea" }),
    ];
    await enter(one, mia);
    await one.query(...rename(mine, "Bread"));
    expect(await read(one)).toEqual(["Bread", "Tea"]);
    // As many changes, but others: one that is not committed, and one that is.
    await database.sql(...rename(theirs, "Coffee"));
    expect(await titles(mia)).toEqual(["Milk", "Coffee"]);
    expect(await read(one)).toEqual(["Bread", "Coffee"]);
    await one.query("commit");
    expect(await titles(mia)).toEqual(["Bread", "Coffee"]);
  });

  it("is read by several at once, none of whom waits for another", async () => {
    const { database, mia } = world;
    await writeTodo(database, mia, { title: "Milk" });
    await enter(one, mia);
    await enter(other, mia);
    expect([await read(one), await read(other)]).toEqual([["Milk"], ["Milk"]]);
    expect(await titles(mia)).toEqual(["Milk"]);
    await other.query("commit");
    await one.query("commit");
    expect(await titles(mia)).toEqual(["Milk"]);
  });

  it("keeps nobody from writing, nor a writer of one snapshot from committing", async () => {
    const { database, mia } = world;
    const [id, second] = [
      await writeTodo(database, mia, { title: "Milk" }),
      await writeTodo(database, mia, { title: "Tea" }),
    ];
    for (const mode of ["", "isolation level repeatable read", "isolation level serializable"]) {
      await writeTodo(database, mia, { deleted: true }); // So that it has to be computed.
      await enter(one, mia, mode);
      await enter(other, mia);
      expect(await read(other)).toEqual(["Milk", "Tea"]);
      await one.query(...rename(id, "Milk"));
      await other.query("commit");
      expect(await read(one)).toEqual(["Milk", "Tea"]);
      await one.query(...rename(second, "Tea"));
      await one.query("commit");
      expect(await titles(mia)).toEqual(["Milk", "Tea"]);
    }
  });

  it("lets two of one person's todos be written at once, and is void after each", async () => {
    const { database, mia } = world;
    const [id, second] = [
      await writeTodo(database, mia, { title: "Milk" }),
      await writeTodo(database, mia, { title: "Tea" }),
    ];
    await one.query("begin");
    await other.query("begin");
    await one.query(...rename(id, "Bread"));
    await other.query(...rename(second, "Coffee"));
    await other.query("commit");
    expect(await titles(mia)).toEqual(["Milk", "Coffee"]);
    await one.query("commit");
    expect(await titles(mia)).toEqual(["Bread", "Coffee"]);
    // The second did not wait for the first one's.
    const marks = await database.sql("select from dashboard_changes where user_id = $1", [mia.userId]);
    expect(marks).toHaveLength(2);
  });

  it("is void for whoever gets a tag at the moment at which it is renamed", async () => {
    const { database, mia } = world;
    const id = await writeTodo(database, mia, { title: "Milk" });
    const tag = await writeTag(database, mia, "Home");
    await one.query("begin");
    await one.query("insert into todo_tags (organization_id, todo_id, tag_id) values ($1, $2, $3)", [
      mia.organizationId,
      id,
      tag,
    ]);
    await other.query("begin");
    const renaming = other.query("update tags set name = 'House' where id = $1", [tag]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await one.query("commit");
    await renaming;
    // It has the tag by now, and the new name is not committed yet.
    const { list: before } = await expectKeptToBeComputed(mia.scope());
    expect(before[0]?.tags.map(({ name }) => name)).toEqual(["Home"]);
    await other.query("commit");
    const { list } = await expectKeptToBeComputed(mia.scope());
    expect(list[0]?.tags.map(({ name }) => name)).toEqual(["House"]);
  });
});

/** What somebody does to a todo with a tag of a team's. */
type Ground = { id: string; tag: string; members: [Person, Person] };
const LOOK = { colour: "#2f6b4f", icon: null };
const WRITES: Record<string, (ground: Ground, round: number) => Promise<unknown>> = {
  "an edit": ({ id }, round) => updateTodo(world.mia.scope(), { id, version: 1, title: `Edited ${round}` }),
  "a completion": ({ id }) => completeTodo(world.mia.scope(), { id }),
  "a new todo with a tag": (_, round) =>
    createTodo(world.mia.scope(), { id: newId(), title: "x", tags: [`tag ${round % 7}`] }),
  "a colleague's edit": ({ id }) => updateTodo(world.noah.scope(), { id, version: 1, title: "By Noah" }),
  "a transfer": ({ id }) => transferTodo(world.mia.scope(), { id, userId: world.noah.userId }),
  "a bulk change": ({ id }) =>
    bulkTodos(world.mia.scope(), { target: { ids: [id] }, change: { action: "tag", tags: ["bulk"] } }),
  "a new name of a tag": ({ tag }, round) =>
    updateTag(world.noah.scope(), { id: tag, name: `Renamed ${round}`, ...LOOK }),
  "a tag's deletion": ({ tag }) => deleteTag(world.noah.scope(), { id: tag }),
  "another time zone": (_, round) =>
    updateSettings(world.mia.scope(), {
      name: "Mia",
      weekStart: 1,
      theme: "system",
      timeZone: round % 2 ? "Asia/Kathmandu" : "Pacific/Auckland",
    }),
};

describe("a dashboard that meets a write", { timeout: 300_000 }, () => {
  it.each(Object.keys(WRITES))("is never kept from before it: %s", async (name) => {
    const team = await createTeam(world, world.mia, world.noah);
    await meet(
      world.database,
      {
        ground: async (round): Promise<Ground> => {
          const tag = await writeTag(world.database, team, `Team ${round}`);
          const id = await team.write(world.mia, { title: "Ours", tagIds: [tag] });
          return { id, tag, members: [world.mia, world.noah] };
        },
        one: (ground, round) => WRITES[name]?.(ground, round) ?? Promise.reject(new Error(name)),
        other: ({ members }) => Promise.all(members.map((member) => getDashboard(member.scope()))),
      },
      async ({ members }) => {
        for (const member of members) {
          const { kept, computed } = await keptAndComputed(member.scope());
          expect(kept).toEqual(computed);
        }
      },
    );
  });

  it("is void after many that write at once, each of which leaves its mark", async () => {
    const { database, mia } = world;
    const ids = await Promise.all(Array.from({ length: ROUNDS }, () => writeTodo(database, mia)));
    await getDashboard(mia.scope());
    await database.sql("create sequence marked");
    await database.sql(`create function count_mark() returns trigger language plpgsql security definer as $$
      begin perform nextval('public.marked'); return null; end $$`);
    await database.sql(
      "create trigger count_mark after insert or update on dashboard_changes for each row execute function count_mark()",
    );
    await Promise.all(
      ids.map((id) => done(updateTodo(mia.scope(), { id, version: 1, title: "Written at once" }))),
    );
    expect(await database.sql("select last_value::int as marks from marked")).toEqual([{ marks: ROUNDS }]);
    const { list } = await expectKeptToBeComputed(mia.scope());
    expect(new Set(list.map(({ title }) => title))).toEqual(new Set(["Written at once"]));
  });
});
