import { beforeEach, describe, expect, it } from "vitest";
import { getHistory, listActivity } from "@/lib/audit/repository";
import { newId } from "@/lib/db/id";
import { deleteTodo, listTodos, transferTodo } from "@/lib/todos/repository";
import { everyRow } from "../helpers/every-row";
import { createPerson, type Person } from "../helpers/people";
import { writeMembership, writeTag, writeTodo } from "../helpers/rows";
import { createTeam, handsOf, type Team } from "./team";
import { done, notFound, twoPeople } from "./world";

const world = twoPeople();
let team: Team;
/** A third member, who only looks on. */
let vera: Person;

beforeEach(async () => {
  team = await createTeam(world, world.mia, world.noah);
  vera = await createPerson(world.database, { name: "Vera" });
  await writeMembership(world.database, team.organizationId, vera, "viewer");
});

const refused = (sentence: string) => ({
  ok: false,
  code: "invalid",
  message: "Please check the marked fields.",
  fields: { userId: [sentence] },
});
const NOT_MEMBER = refused("Choose an active member of this organization.");

describe("transferTodo", () => {
  it("hands a todo to a colleague with all that is on it, in one request", async () => {
    const { database, proxy, mia, noah } = world;
    const tag = await writeTag(database, { organizationId: team.organizationId }, "Home");
    const id = await team.write(mia, { title: "Water the plants", priority: 3, tagIds: [tag] });
    proxy.reset();
    const todo = await done(transferTodo(mia.scope(), { id, userId: noah.userId }));
    expect(proxy.requests).toHaveLength(1);
    expect(todo).toMatchObject({
      id,
      title: "Water the plants",
      priority: 3,
      version: 2,
      tags: [{ id: tag }],
    });
    expect((await listTodos(mia.scope(), {})).rows).toEqual([]);
    expect((await listTodos(noah.scope(), {})).rows.map((row) => row.id)).toContain(id);
  });

  it("is remembered in both histories, by one command, and says to nobody but the giver from where", async () => {
    const { mia, noah } = world;
    const id = await team.write(mia);
    const scope = mia.scope();
    await done(transferTodo(scope, { id, userId: noah.userId }));
    const command_id = scope.commandId;
    expect(await handsOf(world, id)).toEqual([
      { action: "transfer", user_id: mia.userId, command_id, told: true },
      { action: "receive", user_id: noah.userId, command_id, told: false },
    ]);
    const changes = { user_id: [mia.userId, noah.userId] };
    const [given] = (await listActivity(mia.scope())).commands;
    const [got] = (await listActivity(noah.scope())).commands;
    const entries = (action: string) => [{ entityId: id, action, changes }];
    expect(given).toMatchObject({ undo: "possible", entries: entries("transfer") });
    expect(got).toMatchObject({ undo: null, entries: entries("receive") });
    expect((await getHistory(noah.scope(), id)).map(({ action }) => action)).toEqual([
      "receive",
      "transfer",
      "create",
    ]);
  });

  it("is remembered for the one who had it when somebody else moves it", async () => {
    const { database, mia, noah } = world;
    const id = await team.write(mia);
    await database.sql("update todos set user_id = $2 where id = $1", [id, noah.userId]);
    expect(await handsOf(world, id)).toMatchObject([
      { action: "transfer", user_id: null },
      { action: "receive", user_id: noah.userId },
      { action: "release", user_id: mia.userId },
    ]);
  });

  it("takes a repeat, whose reply was lost, for done", async () => {
    const { database, proxy, mia, noah } = world;
    const id = await team.write(mia);
    proxy.setFault((_request, index) => (index === 0 ? { kind: "lose-response" } : null));
    const move = () => transferTodo(mia.scope(), { id, userId: noah.userId });
    proxy.reset();
    expect(await move()).toMatchObject({ ok: false, code: "unavailable" });
    const before = await everyRow(database);
    expect(await move()).toMatchObject({ ok: true, data: { id, version: 2 } });
    expect(await everyRow(database)).toEqual(before);
  });

  it("keeps a todo that is handed to whoever has it", async () => {
    const { database, mia } = world;
    const personal = await writeTodo(database, mia);
    const id = await team.write(mia);
    const before = await everyRow(database);
    for (const one of [id, personal]) {
      expect(await transferTodo(mia.scope(), { id: one, userId: mia.userId })).toMatchObject({ ok: true });
    }
    expect(await everyRow(database)).toEqual(before);
  });

  const outsiders: [string, () => Promise<string> | string, object][] = [
    ["who is not in the organization", async () => (await createPerson(world.database)).userId, NOT_MEMBER],
    ["who does not exist", () => newId(), NOT_MEMBER],
    ["whose id is none", () => "x", NOT_MEMBER],
    [
      "who may only look on",
      () => vera.userId,
      refused("This person may only look on. Choose someone who can change todos."),
    ],
    ...(["suspended", "pending", "deleted"] as const).map(
      (status): [string, () => Promise<string>, object] => [
        `who is ${status}`,
        async () => {
          await world.database.sql(
            "update users set status = $2::user_status, deleted_at = case when $2 = 'deleted' then now() end where id = $1",
            [world.noah.userId, status],
          );
          return world.noah.userId;
        },
        NOT_MEMBER,
      ],
    ),
  ];
  it.each(outsiders)("refuses someone %s, at the field", async (_who, target, refusal) => {
    const id = await team.write(world.mia);
    const userId = await target();
    const before = await everyRow(world.database);
    expect(await transferTodo(world.mia.scope(), { id, userId })).toEqual(refusal);
    expect(await everyRow(world.database)).toEqual(before);
  });

  it("refuses a personal todo, even where the target has been let in", async () => {
    const { database, mia, noah } = world;
    const id = await writeTodo(database, mia);
    await writeMembership(database, mia.organizationId, noah);
    const before = await everyRow(database);
    expect(await transferTodo(mia.scope(), { id, userId: noah.userId })).toEqual(
      refused(
        "Your personal todos have nobody to go to. Only those of a shared organization can be handed over.",
      ),
    );
    expect(await everyRow(database)).toEqual(before);
  });

  it("refuses a colleague's todo: only whose it is hands it over", async () => {
    const { database, mia, noah } = world;
    const id = await team.write(noah);
    const before = await everyRow(database);
    expect(await transferTodo(mia.scope(), { id, userId: mia.userId })).toEqual({
      ok: false,
      code: "invalid",
      message: "This todo belongs to someone else; only they can hand it over.",
    });
    expect(await everyRow(database)).toEqual(before);
  });

  it("finds nothing in the trash, of others, under what is no id, or where one may only look on", async () => {
    const { database, mia, noah } = world;
    const trashed = await team.write(mia);
    await done(deleteTodo(mia.scope(), { id: trashed }));
    const seen = await team.write(vera);
    const before = await everyRow(database);
    for (const id of [trashed, world.foreign, newId(), "x"]) {
      expect(await transferTodo(mia.scope(), { id, userId: noah.userId })).toMatchObject(notFound);
    }
    expect(await transferTodo(vera.scope(), { id: seen, userId: noah.userId })).toMatchObject(notFound);
    expect(await everyRow(database)).toEqual(before);
  });
});
