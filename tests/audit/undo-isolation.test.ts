import { describe, expect, it } from "vitest";
import { undoCommand } from "@/lib/audit/repository";
import { newId } from "@/lib/db/id";
import { createTag, deleteTag } from "@/lib/tags/repository";
import {
  completeTodo,
  createTodo,
  deleteTodo,
  getTodo,
  transferTodo,
  updateTodo,
} from "@/lib/todos/repository";
import { connectAppUser } from "../helpers/app-user";
import { everyRow } from "../helpers/every-row";
import { atOnce } from "../helpers/gate";
import { createPerson } from "../helpers/people";
import { writeMembership, writeTodo } from "../helpers/rows";
import { create, done, notFound, twoPeople } from "../todos/world";
import { command, undo } from "./undo-world";

const world = twoPeople();
const ROUNDS = 50;

/** An organization in which both have a say, and a todo of Noah's in it. */
async function shared(role: "member" | "viewer" = "member") {
  const { database, mia, noah } = world;
  const organizationId = newId();
  await database.sql("insert into organizations (id, name) values ($1, 'Team')", [organizationId]);
  await writeMembership(database, organizationId, noah, "owner");
  await writeMembership(database, organizationId, mia, role);
  const id = await writeTodo(database, { userId: noah.userId, organizationId }, { title: "Ours" });
  return { organizationId, id };
}

/** A todo of Mia's that she hands to Noah. */
async function handed() {
  const { mia, noah, database } = world;
  const { organizationId } = await shared();
  const id = await writeTodo(database, { userId: mia.userId, organizationId }, { title: "Yours now" });
  const given = await command(mia, (scope) => transferTodo(scope, { id, userId: noah.userId }));
  return { id, given, organizationId };
}

describe("somebody else's command", () => {
  it("is not found, and nothing changes: neither a stranger's nor a colleague's", async () => {
    const { database, mia, noah, foreign } = world;
    const { id } = await shared();
    const commands = [
      await command(noah, (scope) => completeTodo(scope, { id: foreign })),
      await command(noah, (scope) => completeTodo(scope, { id })),
      await command(noah, (scope) => createTag(scope, { name: "New", colour: "#000000", icon: null })),
    ];
    const before = await everyRow(database);
    for (const commandId of commands) {
      expect(await undoCommand(mia.scope(), { commandId })).toMatchObject(notFound);
    }
    expect(await everyRow(database)).toEqual(before);
  });

  it("is told apart from one's own by who did it, not by whose the rows are", async () => {
    const { mia, noah } = world;
    const { id } = await shared();
    const mine = await command(mia, (scope) => completeTodo(scope, { id }));
    expect(await undoCommand(noah.scope(), { commandId: mine })).toMatchObject(notFound);
    expect(await undo(mia, mine)).toMatchObject({ undone: 1 });
    expect((await getTodo(noah.scope(), id))?.status).toBe("pending");
  });
});

describe("a command in an organization", () => {
  it.each([
    ["that the person has left", "delete from memberships where organization_id = $1 and user_id = $2"],
    [
      "in which the person may only look on by now",
      "update memberships set role = 'viewer' where organization_id = $1 and user_id = $2",
    ],
    ["that is deleted", "update organizations set deleted_at = now() where id = $1 and $2::uuid is not null"],
  ])("%s is not found, and nothing changes", async (_which, sql) => {
    const { database, mia } = world;
    const { organizationId, id } = await shared();
    const mine = await command(mia, (scope) => completeTodo(scope, { id }));
    await database.sql(sql, [organizationId, mia.userId]);
    const before = await everyRow(database);
    expect(await undoCommand(mia.scope(), { commandId: mine })).toMatchObject(notFound);
    expect(await everyRow(database)).toEqual(before);
  });

  it("that the person has left is passed over where the command also did something at home", async () => {
    const { database, mia } = world;
    const { organizationId, id } = await shared();
    const own = await create(mia, { title: "Mine" });
    const both = await command(mia, async (scope) => {
      await done(completeTodo(scope, { id }));
      return completeTodo(scope, own);
    });
    await database.sql("delete from memberships where organization_id = $1 and user_id = $2", [
      organizationId,
      mia.userId,
    ]);
    const undone = await undo(mia, both);
    expect(undone).toMatchObject({ undone: 1, left: [], todos: [{ id: own.id, status: "pending" }] });
    expect(await database.sql("select status from todos where id = $1", [id])).toEqual([
      { status: "completed" },
    ]);
  });
});

describe("a todo that was handed over", () => {
  it("comes back to the giver, and goes again, and each stands in both histories", async () => {
    const { mia, noah, database } = world;
    const { id, given } = await handed();
    const owner = () => database.sql("select user_id from todos where id = $1", [id]);
    const undone = await undo(mia, given);
    expect(undone).toMatchObject({ undone: 1, left: [] });
    expect(await owner()).toEqual([{ user_id: mia.userId }]);
    const entries = await database.sql(
      "select user_id, action from audit_logs where command_id = $1 order by id",
      [undone.commandId],
    );
    expect(entries.slice(0, 2)).toEqual([
      { user_id: mia.userId, action: "transfer" },
      { user_id: noah.userId, action: "release" },
    ]);
    await undo(mia, undone.commandId);
    expect(await owner()).toEqual([{ user_id: noah.userId }]);
  });

  it("is the giver's to take back, not the receiver's to give", async () => {
    const { noah, database } = world;
    const { given } = await handed();
    const before = await everyRow(database);
    expect(await undoCommand(noah.scope(), { commandId: given })).toMatchObject(notFound);
    expect(await everyRow(database)).toEqual(before);
  });

  it("stays where it was handed on to, and is named", async () => {
    const { mia, noah, database } = world;
    const { id, given, organizationId } = await handed();
    const dan = await createPerson(database);
    await writeMembership(database, organizationId, dan);
    await done(transferTodo(noah.scope(), { id, userId: dan.userId }));
    expect(await undo(mia, given)).toMatchObject({ undone: 0, left: [{ id, reason: "changed" }] });
  });

  it.each([
    ["left", "delete from memberships where organization_id = $1 and user_id = $2"],
    ["been suspended", "update users set status = 'suspended' where id = $2 and $1::uuid is not null"],
    [
      "come to only look on",
      "update memberships set role = 'viewer' where organization_id = $1 and user_id = $2",
    ],
  ])("does not go again, by a redo, to somebody who has %s, and is named", async (_what, sql) => {
    const { mia, noah, database } = world;
    const { id, given, organizationId } = await handed();
    const { commandId } = await undo(mia, given);
    await database.sql(sql, [organizationId, noah.userId]);
    expect(await undo(mia, commandId)).toMatchObject({ undone: 0, left: [{ id, reason: "not_member" }] });
    expect(await database.sql("select user_id from todos where id = $1", [id])).toEqual([
      { user_id: mia.userId },
    ]);
  });
});

it("the functions behind it are app_user's only as far as they ask who asks", async () => {
  const { database, mia, noah } = world;
  const app = await connectAppUser(database);
  try {
    const theirs = await command(noah, (scope) => createTodo(scope, { title: "Secret", tags: ["x"] }));
    for (const call of [
      "app.command_entries($1)",
      "app.command_changes($1, 'todo')",
      "app.command_links($1)",
    ]) {
      await expect(app.as(mia, (sql) => sql(`select * from ${call}`, [theirs]))).rejects.toMatchObject({
        code: "42501",
      });
    }
    const undone = await undo(noah, theirs);
    const asked = (person: typeof mia) =>
      app.as(person, (sql) => sql("select app.undone_by($1) as by", [theirs]));
    expect(await asked(noah)).toEqual([{ by: undone.commandId }]);
    expect(await asked(mia)).toEqual([{ by: null }]);
    // Nobody has entered: nothing is anybody's.
    await expect(app.sql("select app.undo_command($1)", [theirs])).rejects.toMatchObject({ code: "CN404" });
  } finally {
    await app.end();
  }
});

describe("two at once", () => {
  it("of one command: exactly one does it, and both say so", { timeout: 60_000 }, async () => {
    const { database, mia } = world;
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id } = await create(mia, { title: "Buy milk", tags: ["Home"] });
      const first = await command(mia, (scope) => deleteTodo(scope, { id }));
      const answers = await atOnce(database, {
        lock: "select from todos where id = $1 for update",
        params: [id],
        waiting: 3,
        start: () => Promise.all([1, 2, 3].map(() => undo(mia, first))),
      });
      expect(answers.filter(({ undone }) => undone === 1)).toHaveLength(1);
      expect(answers.filter(({ undone }) => undone === 0)).toHaveLength(2);
      expect(new Set(answers.map(({ commandId }) => commandId)).size).toBe(1);
      expect(await getTodo(mia.scope(), id)).toMatchObject({ version: 3, deletedAt: null });
    }
  });

  it(
    "an undo and an edit: the edit is kept and the row is named, or it is refused",
    { timeout: 60_000 },
    async () => {
      const { database, mia } = world;
      for (let round = 0; round < ROUNDS; round += 1) {
        const { id } = await create(mia, { title: "One" });
        const first = await command(mia, (scope) => updateTodo(scope, { id, version: 1, title: "Two" }));
        const [undone, edited] = await atOnce(database, {
          lock: "select from todos where id = $1 for update",
          params: [id],
          waiting: 2,
          start: () =>
            Promise.all([undo(mia, first), updateTodo(mia.scope(), { id, version: 2, title: "Three" })]),
        });
        expect(edited.ok).toBe(undone.undone === 0);
        expect(undone.leftCount).toBe(edited.ok ? 1 : 0);
        expect((await getTodo(mia.scope(), id))?.title).toBe(edited.ok ? "Three" : "One");
      }
    },
  );

  it(
    "an undo of a tag's deletion and a new tag of its name: one of the two is told",
    { timeout: 60_000 },
    async () => {
      const { database, mia } = world;
      for (let round = 0; round < ROUNDS; round += 1) {
        const look = { name: `Home ${round}`, colour: "#000000", icon: null };
        const tag = await done(createTag(mia.scope(), look));
        await create(mia, { title: "Buy milk", tags: [look.name] });
        const first = await command(mia, (scope) => deleteTag(scope, { id: tag.id }));
        const [undone, made] = await atOnce(database, {
          lock: "lock table tags in share mode",
          waiting: 2,
          start: () => Promise.all([undo(mia, first), createTag(mia.scope(), look)]),
        });
        expect(made.ok).toBe(undone.undone === 0);
        expect(undone.left.map(({ reason }) => reason)).toEqual(made.ok ? ["name_taken", "tag_gone"] : []);
        expect(made.ok ? "ok" : made.code).toBe(made.ok ? "ok" : "invalid");
      }
    },
  );
});
