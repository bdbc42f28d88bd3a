import type { TransferRefusal } from "@/lib/todos/bulk-types";
import type { NewTodo, TodoEdit, TodoStatus } from "@/lib/todos/types";
import type { TodoUpsert } from "@/lib/todos/upsert";
import {
  checkTodo,
  entityOf,
  linkChanges,
  Undone,
  type Answer,
  type Draft,
  type ModelWrite,
} from "./outcome";
import {
  A_JOB,
  difference,
  labelTag,
  tagNamesOf,
  tagRow,
  todoRow,
  type AuditState,
  type Changes,
  type State,
  type TagState,
  type TodoState,
} from "./state";

/** What each write on todos should do, said as plainly as it can be. */

/** Before this day a new todo can not be due; the sequences' dates are all well before or after it. */
export const TODAY = "2026-11-20";

export const createTodo: ModelWrite<NewTodo & { id: string }> = (draft, input) => {
  const mine = ownTodo(draft, input.id);
  if (mine === undefined && (input.dueDate ?? TODAY) < TODAY) return { code: "invalid" };
  if (mine !== undefined) return { code: "ok", todo: mine };
  return addTodo(draft, input);
};

export const upsertTodo: ModelWrite<TodoUpsert> = (draft, { version, ...input }) => {
  const { id, tags, ...values } = input;
  if (version !== undefined) return updateTodo(draft, { ...input, version });
  const mine = ownTodo(draft, id);
  if (mine === undefined) return createTodo(draft, input);
  if (mine.deletedBy !== null) return { code: "not_found" };
  if (isAsWanted(draft, mine, values, tags)) return { code: "ok", todo: mine };
  if (!draft.mayWrite(mine)) return { code: "not_found" };
  const changed = draft.changeTodo(mine, given(values));
  if (tags !== undefined) setTags(draft, changed, tags);
  return { code: "ok", todo: changed };
};

/** The todo, when it is theirs and they may see it. */
function ownTodo(draft: Draft, id: string): TodoState | undefined {
  const todo = draft.visible(id);
  return todo?.userId === draft.me.id ? todo : undefined;
}

export function addTodo(
  draft: Draft,
  input: NewTodo & { id: string },
  more: Partial<TodoState> = {},
): Answer {
  const todo: TodoState = {
    id: input.id,
    organizationId: draft.me.personalOrganizationId,
    userId: draft.me.id,
    title: input.title,
    description: input.description ?? "",
    status: "pending",
    priority: input.priority ?? 0,
    dueDate: input.dueDate ?? null,
    dueTime: input.dueTime ?? null,
    scheduledFor: input.scheduledFor ?? null,
    completedBy: null,
    deletedBy: null,
    version: 1,
    postponed: 0,
    tags: [],
    ...more,
  };
  checkTodo(todo);
  if (todo.id in draft.state.todos) return { code: "not_found" };
  draft.state.todos[todo.id] = todo;
  draft.remember({ ...entityOf(todo), action: "create", changes: difference(null, todoRow(todo)) });
  setTags(draft, todo, input.tags ?? []);
  return { code: "ok", todo };
}

export const transferTodo: ModelWrite<{ id: string; userId: string }> = (draft, { id, userId }) => {
  const todo = draft.visible(id);
  if (todo === undefined || todo.deletedBy !== null || !draft.mayWrite(todo)) return { code: "not_found" };
  if (todo.userId === userId) return { code: "ok", todo };
  if (transferRefusal(draft, todo, userId) !== null) return { code: "invalid" };
  return { code: "ok", todo: handOver(draft, todo, userId) };
};

/** Why a todo does not go to somebody: it goes from me to who may write where it is, and not out of what is personal. */
export function transferRefusal(draft: Draft, todo: TodoState, userId: string): TransferRefusal | null {
  const { state, me } = draft;
  if (todo.userId !== me.id) return "not_yours";
  if (todo.organizationId === me.personalOrganizationId) return "personal";
  const taker = state.people[userId];
  if (taker?.organizationIds.includes(todo.organizationId) !== true) return "not_member";
  return taker.writableOrganizationIds.includes(todo.organizationId) ? null : "viewer";
}

export function handOver(draft: Draft, todo: TodoState, userId: string): TodoState {
  const changed = draft.changeTodo(todo, { userId }, "transfer");
  const changes: Changes = { user_id: [todo.userId, userId] };
  draft.remember({ ...entityOf(todo), action: "receive", changes, userId });
  return changed;
}

export const updateTodo: ModelWrite<TodoEdit> = (draft, { id, version, tags, ...values }) => {
  const todo = draft.visible(id);
  if (todo === undefined || todo.deletedBy !== null) return { code: "not_found" };
  if (draft.mayWrite(todo) && todo.version === version) {
    const changed = draft.changeTodo(todo, given(values));
    if (tags !== undefined) setTags(draft, changed, tags);
    return { code: "ok", todo: changed };
  }
  if (isAsWanted(draft, todo, values, tags)) return { code: "ok", todo };
  return draft.mayWrite(todo) ? { code: "conflict", todo } : { code: "not_found" };
};

/** An edit that changes nothing, and finds the todo as it wants it. */
export const findAsWanted: ModelWrite<TodoEdit> = (draft, { id, version: _version, tags, ...values }) => {
  const todo = draft.visible(id);
  const found = todo !== undefined && todo.deletedBy === null && isAsWanted(draft, todo, values, tags);
  return found ? { code: "ok", todo } : { code: "not_found" };
};

type Values = Partial<Omit<NewTodo, "id" | "tags">>;

/** Without the keys that say nothing. */
function given(values: Values): Partial<TodoState> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function isAsWanted({ state }: Draft, todo: TodoState, values: Values, tags: string[] | undefined): boolean {
  const now: Record<string, unknown> = todo;
  const names = tagNamesOf(state, todo);
  const wanted = [...new Set(tags?.map((name) => name.toLowerCase()))].toSorted();
  return (
    Object.entries(given(values)).every(([field, value]) => now[field] === value) &&
    (tags === undefined || JSON.stringify(names) === JSON.stringify(wanted))
  );
}

/** Makes these names exactly the todo's tags: known ones are found, others made. */
function setTags(draft: Draft, todo: TodoState, names: string[]): void {
  const { state } = draft;
  const labels = nameTags(draft, todo.organizationId, names);
  for (const label of todo.tags.filter((one) => !labels.includes(one))) unlink(draft, todo, label);
  for (const label of labels.filter((one) => !todo.tags.includes(one))) {
    draft.remember({ ...entityOf(todo), action: "tag", changes: linkChanges(state, label, "tag") });
    todo.tags.push(label);
  }
}

/** The labels of the tags of these names: known ones are found, others made. */
export function nameTags(draft: Draft, organizationId: string, names: string[]): string[] {
  const wanted = new Map<string, string>();
  for (const name of names) if (!wanted.has(name.toLowerCase())) wanted.set(name.toLowerCase(), name);
  const look = { colour: "#78716c", icon: null };
  return [...wanted.values()].map(
    (name) => findTag(draft, organizationId, name) ?? makeTag(draft, { organizationId, name, ...look }),
  );
}

export function unlink(draft: Draft, todo: TodoState, label: string): void {
  draft.remember({ ...entityOf(todo), action: "untag", changes: linkChanges(draft.state, label, "untag") });
  todo.tags = todo.tags.filter((one) => one !== label);
}

function findTag({ state }: Draft, organizationId: string, name: string): string | undefined {
  return Object.values(state.tags).find(
    (tag) => tag.organizationId === organizationId && tag.name.toLowerCase() === name.toLowerCase(),
  )?.label;
}

/** Makes a tag and gives its label: the id that it is made with, if the caller chose one. */
export function makeTag(
  draft: Draft,
  values: Omit<TagState, "label">,
  label = labelTag(draft.state, values.organizationId, values.name),
): string {
  const { organizationId, name } = values;
  // There is one of a name at most.
  if (findTag(draft, organizationId, name) !== undefined) throw new Undone({ code: "invalid" });
  const tag = { label, ...values };
  draft.state.tags[label] = tag;
  draft.remember({
    organizationId,
    entityType: "tag",
    entityId: label,
    action: "create",
    changes: difference(null, tagRow(tag)),
  });
  return label;
}

const STEPS: Record<string, { to: TodoStatus; from: TodoStatus[] }> = {
  start: { to: "in_progress", from: ["pending"] },
  complete: { to: "completed", from: ["pending", "in_progress"] },
  reopen: { to: "pending", from: ["completed", "cancelled"] },
  cancel: { to: "cancelled", from: ["pending", "in_progress"] },
};

function changeStatus(action: keyof typeof STEPS): ModelWrite<{ id: string }> {
  return (draft, { id }) => {
    const step = STEPS[action];
    const todo = draft.visible(id);
    if (step === undefined || todo === undefined || todo.deletedBy !== null) return { code: "not_found" };
    if (draft.mayWrite(todo) && step.from.includes(todo.status)) {
      const completedBy = step.to === "completed" ? draft.commandId : null;
      return { code: "ok", todo: draft.changeTodo(todo, { status: step.to, completedBy }, action) };
    }
    if (todo.status === step.to) return { code: "ok", todo };
    return { code: draft.mayWrite(todo) ? "invalid" : "not_found" };
  };
}

export const startTodo = changeStatus("start");
export const completeTodo = changeStatus("complete");
export const reopenTodo = changeStatus("reopen");
export const cancelTodo = changeStatus("cancel");

function moveTodo(deleted: boolean): ModelWrite<{ id: string }> {
  return (draft, { id }): Answer => {
    const todo = draft.visible(id);
    if (todo === undefined) return { code: "not_found" };
    if ((todo.deletedBy !== null) === deleted) return { code: "ok", todo };
    if (!draft.mayWrite(todo)) return { code: "not_found" };
    const deletedBy = deleted ? draft.commandId : null;
    return { code: "ok", todo: draft.changeTodo(todo, { deletedBy }, deleted ? "delete" : "restore") };
  };
}

export const deleteTodo = moveTodo(true);
export const restoreTodo = moveTodo(false);

export const purgeTodo: ModelWrite<{ id: string }> = (draft, { id }) => {
  const { state, me } = draft;
  const todo = draft.visible(id);
  if (todo === undefined) {
    const purged = state.audit.some(
      ({ entityId, action, userId }) => entityId === id && action === "purge" && userId === me.id,
    );
    return { code: purged ? "ok" : "not_found" };
  }
  if (todo.deletedBy === null) return { code: "invalid" };
  if (!draft.mayWrite(todo)) return { code: "not_found" };
  removeForEver(state, todo, { commandId: draft.commandId, userId: me.id });
  return { code: "ok" };
};

/** What the job does that runs when all that lies in the trash has lain there for long. */
export function purgeTrash(state: State): State {
  const copy = structuredClone(state);
  for (const todo of Object.values(copy.todos)) {
    if (todo.deletedBy !== null) removeForEver(copy, todo, { commandId: A_JOB, userId: null });
  }
  return copy;
}

function removeForEver(
  { todos, audit }: State,
  todo: TodoState,
  who: Pick<AuditState, "commandId" | "userId">,
): void {
  delete todos[todo.id];
  audit.push({ ...entityOf(todo), ...who, action: "purge", changes: { title: [todo.title, null] } });
  // Of what was written in it, the log keeps only that it was.
  for (const { entityId, changes } of audit) {
    if (entityId === todo.id && "description" in changes) changes.description = [null, null];
  }
}
