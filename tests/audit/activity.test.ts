import { describe, expect, it } from "vitest";
import { describeCommand, describeLeft } from "@/lib/audit/describe-command";
import { listActivity } from "@/lib/audit/repository";
import type { Activity } from "@/lib/audit/types";
import { newId } from "@/lib/db/id";
import { COUNT_MAX } from "@/lib/db/limits";
import { createTag, deleteTag, updateTag } from "@/lib/tags/repository";
import {
  completeTodo,
  createTodo,
  deleteTodo,
  purgeTodo,
  reopenTodo,
  startTodo,
} from "@/lib/todos/repository";
import type { Person } from "../helpers/people";
import { writeMembership, writeTodo } from "../helpers/rows";
import { create, done, twoPeople } from "../todos/world";
import { command, undo } from "./undo-world";

const world = twoPeople();
const LOOK = { colour: "#000000", icon: null };

/** Writes entries into the log, as if a person's requests had done so much each; gives the commands, oldest first. */
async function writeCommands(person: Person, sizes: number[], action = "complete"): Promise<string[]> {
  const commands = sizes.map((_, index) => newId(Date.now() - 1_000_000 + index));
  for (const [index, size] of sizes.entries()) {
    await world.database.sql(
      `insert into audit_logs (organization_id, user_id, command_id, entity_type, entity_id, action, changes)
       select $1, $2, $3, 'todo', gen_random_uuid(), $4, '{"status": ["pending", "completed"]}'
         from generate_series(1, $5::int)`,
      [person.organizationId, person.userId, commands[index], action, size],
    );
  }
  return commands;
}

const sentences = (commands: Activity[]) =>
  commands.flatMap((one) => describeCommand(one).map(({ sentence }) => sentence));
const idsOf = (commands: Activity[]) => commands.map(({ id }) => id);

describe("listActivity", () => {
  it("tells what a person did, newest first, in one request, and nothing of anyone else", async () => {
    const { database, mia, proxy } = world;
    const id = await writeTodo(database, mia, { title: "Buy milk" });
    await done(completeTodo(mia.scope(), { id }));
    await done(createTag(mia.scope(), { name: "Home", ...LOOK }));
    proxy.reset();
    const { commands, nextCursor } = await listActivity(mia.scope());
    expect(proxy.requests).toHaveLength(1);
    const told = sentences(commands);
    expect(told.slice(0, 2)).toEqual(["Created the tag Home", "Completed “Buy milk”"]);
    // One statement made the person.
    expect(told.slice(2).toSorted()).toEqual([
      "Added a member to “Mia” as owner",
      "Created the account",
      "Created the organization “Mia”",
      "Signed in",
    ]);
    expect(commands.map(({ undo: can }) => can)).toEqual(["possible", "possible", null, null, null, null]);
    expect(nextCursor).toBeNull();
  });

  it("puts what one request did together, in the order in which it happened", async () => {
    const { mia } = world;
    const id = await command(mia, (scope) => createTodo(scope, { title: "Buy milk", tags: ["New"] }));
    const [latest] = (await listActivity(mia.scope())).commands;
    expect(latest).toMatchObject({
      id,
      at: expect.any(Date),
      count: 3,
      undo: "possible",
      undid: null,
      entries: [
        { commandId: id, mine: true, actorName: "Mia", action: "create", title: "Buy milk" },
        { action: "create", entityType: "tag" },
        { action: "tag" },
      ],
    });
    expect(sentences(latest ? [latest] : [])).toEqual([
      "Added “Buy milk”",
      "Created the tag New",
      "Added the tag New to “Buy milk”",
    ]);
  });

  it("says of a command that did much how much it was, and stops counting at a thousand", async () => {
    const { mia } = world;
    await writeCommands(mia, [312, 3, 4, COUNT_MAX, COUNT_MAX + 1, COUNT_MAX + 500]);
    const told = sentences((await listActivity(mia.scope())).commands).filter((one) =>
      one.endsWith(" todos"),
    );
    expect(told).toEqual([
      "Completed 1,000+ todos",
      "Completed 1,000+ todos",
      "Completed 1,000 todos",
      "Completed 4 todos",
      "Completed 312 todos",
    ]);
  });

  it("names what there was one of, also in a command that did much", async () => {
    const { mia } = world;
    await command(mia, (scope) => createTodo(scope, { title: "Buy milk", tags: ["A", "B"] }));
    expect(sentences((await listActivity(mia.scope())).commands).slice(0, 3)).toEqual([
      "Added “Buy milk”",
      "Created 2 tags",
      "Added tags to “Buy milk”",
    ]);
  });

  it("leaves out what a colleague did in a shared organization", async () => {
    const { database, mia, noah } = world;
    await writeMembership(database, mia.organizationId, noah);
    const id = await writeTodo(database, mia);
    const theirs = await command(noah, (scope) => startTodo(scope, { id }));
    expect(idsOf((await listActivity(mia.scope())).commands)).not.toContain(theirs);
    expect(idsOf((await listActivity(noah.scope())).commands)).toContain(theirs);
  });

  it("names a tag that is gone by its last name", async () => {
    const { mia } = world;
    const id = newId();
    await done(createTag(mia.scope(), { id, name: "Home", ...LOOK }));
    await done(updateTag(mia.scope(), { id, name: "House", ...LOOK }));
    await done(deleteTag(mia.scope(), { id }));
    expect(sentences((await listActivity(mia.scope())).commands).slice(0, 3)).toEqual([
      "Deleted the tag House",
      "Renamed the tag Home to House",
      "Created the tag House",
    ]);
  });

  it("does not look a title up in somebody else's entries", async () => {
    const { database, mia, noah } = world;
    const id = newId();
    await done(createTag(noah.scope(), { id, name: "Secret", ...LOOK }));
    await done(deleteTag(noah.scope(), { id }));
    await database.sql(
      `insert into audit_logs (organization_id, user_id, command_id, entity_type, entity_id, action, changes)
       values ($1, $2, $3, 'tag', $4, 'update', '{}')`,
      [mia.organizationId, mia.userId, newId(), id],
    );
    const [latest] = (await listActivity(mia.scope())).commands;
    expect(latest?.entries).toMatchObject([{ entityId: id, title: null }]);
  });

  it("goes through all pages, each command once, while new ones are written", async () => {
    const { mia, proxy } = world;
    await writeCommands(
      mia,
      Array.from({ length: 120 }, (_, index) => (index % 3) + 1),
    );
    const seen: string[] = [];
    const sizes: number[] = [];
    for (let cursor: string | undefined; ;) {
      proxy.reset();
      const page = await listActivity(mia.scope(), { cursor });
      expect(proxy.requests).toHaveLength(1);
      seen.push(...idsOf(page.commands));
      sizes.push(page.commands.length);
      await createTag(mia.scope(), { name: `Tag ${sizes.length}`, ...LOOK });
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    expect(sizes).toEqual([50, 50, 24]);
    expect(new Set(seen).size).toBe(124);
    expect(seen).toEqual(seen.toSorted().toReversed());
  });

  it("begins at the first page when the cursor is none", async () => {
    const { mia } = world;
    const first = await listActivity(mia.scope());
    for (const cursor of ["", "x", "018f3a5e"]) {
      expect(await listActivity(mia.scope(), { cursor })).toEqual(first);
    }
  });

  it("shows nothing of another person's, whatever the cursor", async () => {
    const { mia, noah } = world;
    const theirs = idsOf((await listActivity(noah.scope())).commands);
    for (const cursor of theirs) {
      const { commands } = await listActivity(mia.scope(), { cursor });
      expect(idsOf(commands).filter((id) => theirs.includes(id))).toEqual([]);
    }
  });

  it("says what can be undone, what has been, and what an undo left", async () => {
    const { mia } = world;
    const [one, two] = [await create(mia, { title: "One" }), await create(mia, { title: "Two" })];
    const first = await command(mia, async (scope) => {
      await done(completeTodo(scope, one));
      return completeTodo(scope, two);
    });
    await done(reopenTodo(mia.scope(), two));
    const undone = await undo(mia, first);
    const states = async () =>
      new Map((await listActivity(mia.scope())).commands.map((row) => [row.id, row]));
    const after = await states();
    expect(after.get(first)?.undo).toBe("done");
    const undoing = after.get(undone.commandId);
    expect(undoing).toMatchObject({ undo: "possible", count: 1, undid: { redo: false, leftCount: 1 } });
    expect(undoing?.undid && describeLeft(undoing.undid)).toBe(
      "Left as it is: “Two” (it was changed since).",
    );
    const redone = await undo(mia, undone.commandId);
    const again = await states();
    expect(again.get(first)?.undo).toBe("possible");
    expect(again.get(undone.commandId)?.undo).toBe("done");
    expect(again.get(redone.commandId)).toMatchObject({
      undo: "possible",
      undid: { leftCount: 0, left: [] },
    });
  });

  it("offers no undo of a deletion for ever, nor where the person may only look on by now", async () => {
    const { database, mia, noah } = world;
    const own = await create(mia, { title: "Mine" });
    await done(deleteTodo(mia.scope(), own));
    const purged = await command(mia, (scope) => purgeTodo(scope, own));
    await writeMembership(database, noah.organizationId, mia);
    const id = await writeTodo(database, noah);
    const theirs = await command(mia, (scope) => completeTodo(scope, { id }));
    await database.sql("update memberships set role = 'viewer' where user_id = $1 and organization_id = $2", [
      mia.userId,
      noah.organizationId,
    ]);
    const { commands } = await listActivity(mia.scope());
    const undos = new Map(commands.map((one) => [one.id, one.undo]));
    expect([undos.get(purged), undos.get(theirs)]).toEqual([null, null]);
  });
});

describe("describeLeft", () => {
  it("names what was left, counts the rest, and says nothing of nothing", () => {
    const row = { entityType: "tag", id: newId(), title: "Home", reason: "name_taken" } as const;
    expect(describeLeft({ left: [], leftCount: 0 })).toBeNull();
    expect(describeLeft({ left: [row, { ...row, title: null, reason: "in_use" }], leftCount: 1_234 })).toBe(
      "Left as they are: “Home” (another tag has its name now), a tag (other todos carry it now) and 1,232 more.",
    );
  });
});
