import { describe, expect, it } from "vitest";
import { revertField, undoCommand } from "@/lib/audit/repository";
import type { Scope } from "@/lib/db/scope";
import type { Result } from "@/lib/result";
import { mergeTags } from "@/lib/tags/repository";
import { deleteTodo, getTodo, purgeTodo, transferTodo, updateTodo } from "@/lib/todos/repository";
import { createPerson } from "../helpers/people";
import { writeTag, writeTodo } from "../helpers/rows";
import { createTeam } from "../todos/team";
import { done, twoPeople } from "../todos/world";
import { actionsOn, codeOf, meet, rowsOf } from "./meetings";

const world = twoPeople();
const read = (id: string) => getTodo(world.mia.scope(), id);
const actions = (id: string) => actionsOn(world.database, id);

/** Does something as a command, and gives its id. */
async function command<Data>(run: (scope: Scope) => Promise<Result<Data>>): Promise<string> {
  const scope = world.mia.scope();
  await done(run(scope));
  return scope.commandId;
}

/** A todo whose title was changed, with the entry of its history. */
async function edited() {
  const id = await writeTodo(world.database, world.mia, { title: "One" });
  const commandId = await command((scope) => updateTodo(scope, { id, version: 1, title: "Two" }));
  const [entry] = await world.database.sql<{ id: string }>(
    "select id from audit_logs where command_id = $1",
    [commandId],
  );
  return { id, commandId, entryId: String(entry?.id) };
}
const revert = ({ id, entryId }: { id: string; entryId: string }) =>
  revertField(world.mia.scope(), { id, field: "title", entryId, version: 2 });
const locked = (grounds: { id: string }[]) => rowsOf("todos")(grounds.map(({ id }) => id));

describe("what takes back, and meets", { timeout: 300_000 }, () => {
  it("a field is reverted or edited, and the other is told", async () => {
    await meet(
      world.database,
      {
        ground: edited,
        one: revert,
        other: ({ id }) => updateTodo(world.mia.scope(), { id, version: 2, title: "Three" }),
        lock: locked,
      },
      async ({ id }, reverted, changed) => {
        expect([codeOf(reverted), codeOf(changed)].toSorted()).toEqual(["conflict", "ok"]);
        expect(await read(id)).toMatchObject({ title: reverted.ok ? "One" : "Three", version: 3 });
      },
    );
  });

  it("a field is reverted once when it is asked twice, and both say so", async () => {
    await meet(
      world.database,
      { ground: edited, one: revert, other: revert, lock: locked },
      async ({ id }, one, other) => {
        for (const answer of [one, other]) expect(answer).toMatchObject({ ok: true, data: { title: "One" } });
        expect(await actions(id)).toEqual(["update", "update"]);
      },
    );
  });

  it("a field is reverted before the todo is deleted, or not at all", async () => {
    await meet(
      world.database,
      {
        ground: edited,
        one: revert,
        other: ({ id }) => deleteTodo(world.mia.scope(), { id }),
        lock: locked,
      },
      async ({ id }, reverted, deleted) => {
        expect(codeOf(deleted)).toBe("ok");
        expect(["ok", "not_found"]).toContain(codeOf(reverted));
        expect((await read(id))?.title).toBe(reverted.ok ? "One" : "Two");
      },
    );
  });

  it("a deletion is taken back or the todo purged, never both", async () => {
    await meet(
      world.database,
      {
        ground: async () => {
          const id = await writeTodo(world.database, world.mia);
          return { id, commandId: await command((scope) => deleteTodo(scope, { id })) };
        },
        one: ({ commandId }) => done(undoCommand(world.mia.scope(), { commandId })),
        other: ({ id }) => purgeTodo(world.mia.scope(), { id }),
        lock: locked,
      },
      async ({ id }, { undone, left }, purged) => {
        expect(codeOf(purged)).toBe(undone === 1 ? "invalid" : "ok");
        expect(left.map(({ reason }) => reason)).toEqual(undone === 1 ? [] : ["gone"]);
        expect(await actions(id)).toEqual(["delete", undone === 1 ? "restore" : "purge"]);
      },
    );
  });

  it("a merge of tags is taken back while its todo's tags are taken off, and they stay off or that is told", async () => {
    await meet(
      world.database,
      {
        ground: async (round) => {
          const [from, into] = [
            await writeTag(world.database, world.mia, `From ${round}`),
            await writeTag(world.database, world.mia, `Into ${round}`),
          ];
          const id = await writeTodo(world.database, world.mia, { tagIds: [from] });
          const commandId = await command((scope) => mergeTags(scope, { from, into }));
          return { id, from, commandId, version: (await read(id))?.version ?? 0 };
        },
        one: ({ commandId }) => done(undoCommand(world.mia.scope(), { commandId })),
        other: ({ id, version }) => updateTodo(world.mia.scope(), { id, version, tags: [] }),
        lock: locked,
      },
      async ({ id, from }, { undone, left }, saved) => {
        // The tag comes back either way.
        expect([undone, codeOf(saved)]).toEqual(left.length === 0 ? [2, "conflict"] : [1, "ok"]);
        expect(left.map(({ reason }) => reason)).toEqual(saved.ok ? ["changed"] : []);
        expect((await read(id))?.tags.map((tag) => tag.id)).toEqual(saved.ok ? [] : [from]);
      },
    );
  });

  it("a transfer is taken back or handed on, and the other is told", async () => {
    await meet(
      world.database,
      {
        ground: async () => {
          const [taker, third] = [await createPerson(world.database), await createPerson(world.database)];
          const team = await createTeam(world, world.mia, taker, third);
          const id = await team.write(world.mia);
          const { userId } = taker;
          return {
            id,
            taker,
            third,
            commandId: await command((scope) => transferTodo(scope, { id, userId })),
          };
        },
        one: ({ commandId }) => done(undoCommand(world.mia.scope(), { commandId })),
        other: ({ id, taker, third }) => transferTodo(taker.scope(), { id, userId: third.userId }),
        lock: locked,
      },
      async ({ id, third }, { undone, left }, handedOn) => {
        expect(codeOf(handedOn)).toBe(undone === 1 ? "invalid" : "ok");
        expect(left.map(({ reason }) => reason)).toEqual(undone === 1 ? [] : ["changed"]);
        const [row] = await world.database.sql<{ user_id: string }>(
          "select user_id from todos where id = $1",
          [id],
        );
        expect(row?.user_id).toBe(undone === 1 ? world.mia.userId : third.userId);
      },
    );
  });

  it("a transfer is taken back by somebody who leaves at that moment, or stays as it is", async () => {
    await meet(
      world.database,
      {
        ground: async () => {
          const [giver, taker] = [await createPerson(world.database), await createPerson(world.database)];
          const team = await createTeam(world, giver, taker);
          const id = await team.write(giver);
          const scope = giver.scope();
          await done(transferTodo(scope, { id, userId: taker.userId }));
          return { id, giver, commandId: scope.commandId, organizationId: team.organizationId };
        },
        one: ({ giver, commandId }) => undoCommand(giver.scope(), { commandId }),
        other: ({ giver, organizationId }) =>
          world.database.sql("delete from memberships where user_id = $1 and organization_id = $2", [
            giver.userId,
            organizationId,
          ]),
      },
      async ({ id, giver }, undone) => {
        const isBack = undone.ok && undone.data.undone === 1;
        const [row] = await world.database.sql<{ user_id: string }>(
          "select user_id from todos where id = $1",
          [id],
        );
        expect(row?.user_id === giver.userId).toBe(isBack);
        // Gone before it was asked, there is no command of theirs any more.
        const left = undone.ok ? undone.data.left.map(({ reason }) => reason) : [undone.code];
        expect([[], ["not_member"], ["not_found"]]).toContainEqual(left);
        expect(left.length === 0).toBe(isBack);
      },
    );
  });
});
