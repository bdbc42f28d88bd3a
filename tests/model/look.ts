import { expect } from "vitest";
import { getHistory, listActivity } from "@/lib/audit/repository";
import { getDashboard } from "@/lib/dashboard/repository";
import { searchTodos } from "@/lib/search/repository";
import { listTags } from "@/lib/tags/repository";
import { getCounts, getTodo, listTodos, listTrash } from "@/lib/todos/repository";
import type { Line } from "./line";
import { isFound } from "./matching";
import { TODAY } from "./todo-writes";
import { A_JOB, type AuditState, type PersonState, type State, type TodoState } from "./state";
import type { World } from "./world";

/** Reads everything in a tab: it shows what the model says is theirs, and nothing of what is the other's. */
export async function checkLook(
  world: World,
  line: Line,
  { state, person, tab }: { state: State; person: 0 | 1; tab: 0 | 1 },
): Promise<void> {
  const [me, other] = [world.people[person], world.people[person === 0 ? 1 : 0]];
  const meInModel = state.people[me.userId];
  if (meInModel === undefined) throw new Error("The model knows nobody of this id.");
  const query = { kind: "word" as const, text: "milk", prefix: false };
  const { scope, happened } = line.begin(me.tokenHash, null);
  const todos = Object.values(state.todos);
  const foreign = todos.filter((todo) => todo.organizationId === other.organizationId);
  const shared = todos.filter((todo) => todo.organizationId === world.teamId);
  const [list, trash, tags, search, counts, dashboard, activity, sharedTodos, foreignTodos, histories] =
    await Promise.all([
      listTodos(scope, { status: "all" }),
      listTrash(scope, {}),
      listTags(scope),
      searchTodos(scope, { query }),
      getCounts(scope),
      getDashboard(scope),
      listActivity(scope),
      Promise.all(shared.map(({ id }) => getTodo(scope, id))),
      Promise.all(foreign.map(({ id }) => getTodo(scope, id))),
      Promise.all(foreign.map(({ id }) => getHistory(scope, id))),
    ]);

  happened();
  const mine = todos.filter(({ userId }) => userId === me.userId);
  const kept = mine.filter(({ deletedBy }) => deletedBy === null);
  const open = kept.filter(({ status }) => status === "pending" || status === "in_progress");
  expect(idsOf(list.rows), "listTodos").toEqual(idsOf(kept));
  expect(idsOf(trash.rows), "listTrash").toEqual(idsOf(mine.filter(({ deletedBy }) => deletedBy !== null)));
  const hits = kept.filter((todo) => isFound(state, meInModel, { status: "all", query }, todo));
  expect(idsOf(search.hits), "searchTodos").toEqual(idsOf(hits));
  expect(counts, "getCounts").toMatchObject({ open: open.length, trash: mine.length - kept.length });
  expect(dashboard.counters, "getDashboard").toMatchObject({
    open: open.length,
    overdue: open.filter(({ dueDate }) => dueDate !== null && dueDate < TODAY).length,
    highPriority: open.filter(({ priority }) => priority >= 4).length,
    inProgress: open.filter(({ status }) => status === "in_progress").length,
  });
  const putOff = open.filter(({ postponed }) => postponed > 0);
  expect(
    dashboard.mostPostponed.map(({ times }) => times),
    "getDashboard",
  ).toEqual(
    putOff
      .map(({ postponed }) => postponed)
      .toSorted((a, b) => b - a)
      .slice(0, 5),
  );
  expect(idsOf(dashboard.list), "getDashboard").toEqual(idsOf(open));
  expect(tags.map(({ name }) => name).toSorted(), "listTags").toEqual(namesOf(state, me, world));
  expect(sum(tags.map(({ openCount }) => openCount)), "listTags").toBe(linksOf(open));
  expect(sum(tags.map(({ totalCount }) => totalCount)), "listTags").toBe(linksOf(kept));
  // That they came to be is remembered too, from before.
  const own = state.audit.filter(({ userId }) => userId === me.userId);
  const commands = new Set(own.map(({ commandId }) => commandId));
  const told = activity.commands.filter(({ id }) => commands.has(id));
  expect(told, "listActivity").toHaveLength(activity.nextCursor === null ? commands.size : told.length);
  for (const { id, count } of told) {
    const done = own.filter(({ commandId, entityType }) => commandId === id && entityType !== "command");
    expect(count, "listActivity").toBe(done.length);
  }
  expect(idsOf(sharedTodos.filter((todo) => todo !== null)), "getTodo").toEqual(idsOf(shared));
  expect(foreignTodos, "getTodo of the other's").toEqual(foreign.map(() => null));
  // Somebody may have taken the id of what was deleted for ever: what is remembered of that is told as before.
  const seen = foreign.map(({ id }) => seenOf(state, meInModel, id));
  const inModel = new Set(state.audit.map(({ commandId }) => commandId));
  expect(
    histories.map((history, index) =>
      // What the job did, and what was there at the beginning, has commands that the model does not know.
      seen[index]?.length === 0 ? history : commandsOf(history).filter((commandId) => inModel.has(commandId)),
    ),
    "getHistory of the other's",
  ).toEqual(seen.map((entries) => commandsOf(entries).filter((commandId) => commandId !== A_JOB)));

  const shown = JSON.stringify([list, trash, tags, search, dashboard, activity]);
  const hidden = [
    other.organizationId,
    ...foreign.flatMap(({ id }, index) => (seen[index]?.length === 0 ? [id] : [])),
  ];
  expect(
    hidden.filter((id) => shown.includes(id)),
    "ids of the other's",
  ).toEqual([]);
  for (const row of [...list.rows, ...trash.rows]) me.tabs[tab].set(row.id, row.version);
}

function idsOf(rows: readonly Pick<TodoState, "id">[]): string[] {
  return rows.map(({ id }) => id).toSorted();
}

/** What the log tells somebody of a todo: what happened to it where they may look. */
function seenOf({ audit }: State, { organizationIds }: PersonState, id: string): AuditState[] {
  return audit.filter(
    (entry) =>
      entry.entityType === "todo" &&
      entry.entityId === id &&
      organizationIds.includes(entry.organizationId ?? ""),
  );
}

/** One for each entry, in order of their letters. */
function commandsOf(entries: { commandId: string }[]): string[] {
  return entries.map(({ commandId }) => commandId).toSorted();
}

function namesOf(state: State, me: World["people"][0], { teamId }: World): string[] {
  return Object.values(state.tags)
    .filter(({ organizationId }) => organizationId === me.organizationId || organizationId === teamId)
    .map(({ name }) => name)
    .toSorted();
}

function linksOf(todos: TodoState[]): number {
  return sum(todos.map(({ tags }) => tags.length));
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
