import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { revertField, undoCommand } from "@/lib/audit/repository";
import { newId } from "@/lib/db/id";
import type { Scope } from "@/lib/db/scope";
import { listTags, mergeTags } from "@/lib/tags/repository";
import { bulkTodos, getTodo, transferTodo, updateTodo } from "@/lib/todos/repository";
import { createTestDatabase, type TestDatabase } from "../helpers/database";
import { everyRow } from "../helpers/every-row";
import { createPerson, type Person } from "../helpers/people";
import { writeTag, writeTodo } from "../helpers/rows";
import { createTeam } from "../todos/team";

/** Where a function takes several ids: one's own thing beside one of somebody else's. */

/** A todo whose title was changed, a tag, and who changed it. */
type Things = { todo: string; tag: string; command: string; entry: string; userId: string };

let database: TestDatabase;
let mia: Person, noah: Person;
let own: Things, others: Things;
/** Mia's, in a team of hers. */
let shared: string;

beforeAll(async () => {
  database = await createTestDatabase();
  [mia, noah] = [await createPerson(database), await createPerson(database)];
  [own, others] = [await writeThings(mia), await writeThings(noah)];
  shared = await (await createTeam({ database }, mia)).write(mia);
});
afterAll(() => database.drop());

async function writeThings(person: Person): Promise<Things> {
  const tag = await writeTag(database, person, "Home");
  const todo = await writeTodo(database, person, { dueDate: "2030-01-01", tagIds: [tag] });
  const scope = person.scope();
  const edit = { title: "edited", dueDate: "2030-01-02", tags: ["Home", "New"] };
  await updateTodo(scope, { id: todo, version: 1, ...edit });
  const [row] = await database.sql<{ id: string }>(
    "select id from audit_logs where command_id = $1 and action = 'update'",
    [scope.commandId],
  );
  return { todo, tag, command: scope.commandId, entry: String(row?.id), userId: person.userId };
}

const nothing = (): Things => ({
  todo: newId(),
  tag: newId(),
  command: newId(),
  entry: newId(),
  userId: newId(),
});

const calls: Record<string, (scope: Scope, theirs: Things) => Promise<unknown>> = {
  "a todo is not given an earlier value from somebody else's history": (scope, { entry }) =>
    revertField(scope, { id: own.todo, field: "title", entryId: entry, version: 2 }),
  "somebody else's todo is not given an earlier value from one's own": (scope, { todo }) =>
    revertField(scope, { id: todo, field: "title", entryId: own.entry, version: 2 }),
  "a tag is not merged into somebody else's": (scope, { tag }) =>
    mergeTags(scope, { from: own.tag, into: tag }),
  "somebody else's tag is not merged into one's own": (scope, { tag }) =>
    mergeTags(scope, { from: tag, into: own.tag }),
  "a todo does not go to a stranger": (scope, { userId }) => transferTodo(scope, { id: shared, userId }),
  "nor do many": async (scope, { userId }) => {
    const target = { ids: [shared, own.todo] };
    const answer = await bulkTodos(scope, { target, change: { action: "transfer", userId } });
    return answer.ok ? { ...answer.data, commandId: null } : answer;
  },
  "what somebody else's command did to tags is not told": (scope, { command }) =>
    listTags(scope, { madeOrChangedBy: command }),
  "rows of somebody else do not come with an answer": async (scope, { todo }) => {
    const target = { ids: [own.todo] };
    const change = { action: "due" as const, dueDate: "2030-01-02" };
    const answer = await bulkTodos(scope, { target, change, shown: [todo] });
    return answer.ok ? { ...answer.data, commandId: null } : answer;
  },
};

it.each(Object.entries(calls))(
  "%s: it is as if there were none, and nothing changes",
  async (_title, call) => {
    const before = await everyRow(database);
    expect(await call(mia.scope(), others)).toEqual(await call(mia.scope(), nothing()));
    expect(await everyRow(database)).toEqual(before);
    // With one's own it is another answer.
    expect(await call(mia.scope(), own)).not.toEqual(await call(mia.scope(), nothing()));
  },
);

describe("a command that carries the id of somebody else's", () => {
  it("leaves that one theirs to take back, and only that one", async () => {
    const change = { action: "shift" as const, days: 1, key: others.command };
    const answer = await bulkTodos(mia.scope(), { target: { ids: [own.todo, others.todo] }, change });
    expect(answer).toMatchObject({
      ok: true,
      data: { changed: 1, left: [{ id: others.todo, reason: "not_found" }] },
    });
    const moved = await getTodo(mia.scope(), own.todo);
    expect(moved?.dueDate).toBe("2030-01-03");

    expect(await undoCommand(noah.scope(), { commandId: others.command })).toMatchObject({
      ok: true,
      data: { undone: 2, leftCount: 0 },
    });
    expect(await getTodo(noah.scope(), others.todo)).toMatchObject({ dueDate: "2030-01-01" });
    expect(await getTodo(mia.scope(), own.todo)).toEqual(moved);
  });
});
