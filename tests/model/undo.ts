import { checkTodo, entityOf, linkChanges, type Answer, type Draft, type ModelWrite } from "./outcome";
import { difference, tagRow, todoRow, type AuditState, type TagState, type TodoState } from "./state";
import { makeTag } from "./todo-writes";

/** What taking back a command should do, from what the model's own log remembers of it. */

type Row = Record<string, unknown>;
/** What a command did to a todo or a tag in all: the first value of each field before it, and the last one after. */
type Change = { id: string; before: Row; after: Row; made: boolean };

const TODO_FIELDS: Record<string, keyof TodoState> = {
  title: "title",
  description: "description",
  status: "status",
  priority: "priority",
  due_date: "dueDate",
  due_time: "dueTime",
  scheduled_for: "scheduledFor",
  completed_at: "completedBy",
  deleted_at: "deletedBy",
  user_id: "userId",
};

export const undoCommand: ModelWrite<{ commandId: string }> = (draft, { commandId: command }): Answer => {
  const { state } = draft;
  const entries = state.audit.filter((entry) => isMine(draft, entry, command));
  if (entries.length === 0) return { code: "not_found" };
  const isUndoable = entries.some(
    ({ entityType, action }) => (entityType === "todo" || entityType === "tag") && action !== "purge",
  );
  if (!isUndoable) return { code: "invalid" };
  const taker = undoneBy(draft, command);
  const touchesTags = entries.some(({ entityType }) => entityType === "tag");
  if (taker !== null) {
    return { code: "ok", undone: { commandId: taker, undone: 0, tags: touchesTags, reasons: [] } };
  }

  const isRedo = entries.some(({ action }) => action === "undo");
  const reasons: string[] = entries.filter(({ action }) => action === "purge").map(() => "gone");
  const tags = changesOf(entries, "tag");
  const todos = changesOf(entries, "todo");
  const links = linksOf(entries);
  let undone = 0;
  const count = (reason: string | null) => {
    if (reason === null) undone += 1;
    else reasons.push(reason);
  };

  const old = tags.filter(({ made }) => !made);
  for (const change of old.filter(({ after }) => after.id === null)) count(bringTagBack(draft, change));
  for (const change of old.filter(({ after }) => after.id !== null)) count(changeTagBack(draft, change));
  const ids = new Set([...todos.map(({ id }) => id), ...links.map(({ todoId }) => todoId)]);
  const judged = [...ids].map((id) => {
    const change = todos.find((one) => one.id === id);
    const its = links.filter(({ todoId }) => todoId === id);
    return { id, change, its, reason: reasonOf(draft, id, change, its) };
  });
  for (const { id, change, its, reason } of judged) {
    count(reason);
    if (reason === null) changeTodoBack(draft, { id, change, links: its, isRedo });
  }
  for (const change of tags.filter(({ made, after }) => made && after.id !== null)) {
    count(removeMadeTag(draft, change));
  }
  if (undone > 0) {
    draft.remember({
      organizationId: null,
      entityType: "command",
      entityId: command,
      action: isRedo ? "redo" : "undo",
      changes: reasons.length === 0 ? {} : { left: [null, reasons.toSorted()] },
    });
  }
  return {
    code: "ok",
    undone: { commandId: draft.commandId, undone, tags: touchesTags, reasons: reasons.toSorted() },
  };
};

function isMine({ me }: Draft, entry: AuditState, command: string): boolean {
  const { commandId, userId, organizationId, action } = entry;
  const mayWrite = organizationId === null || me.writableOrganizationIds.includes(organizationId);
  return (
    commandId === command && userId === me.id && mayWrite && action !== "receive" && action !== "release"
  );
}

/**
 * Which command took this one back, unless that was taken back itself, and so on. What the command did after that, sent
 * again, stands.
 */
function undoneBy({ state, me }: Pick<Draft, "state" | "me">, command: string): string | null {
  const last = state.audit.findLast(
    ({ entityId, entityType, commandId, userId }) =>
      userId === me.id && (commandId === command || (entityId === command && entityType === "command")),
  );
  if (last === undefined || last.commandId === command) return null;
  return undoneBy({ state, me }, last.commandId) === null ? last.commandId : null;
}

function changesOf(entries: AuditState[], entity: "todo" | "tag"): Change[] {
  const changes = new Map<string, Change>();
  for (const { entityType, entityId, action, changes: fields } of entries) {
    if (entityType !== entity || ["tag", "untag", "purge"].includes(action)) continue;
    const change = changes.get(entityId) ?? { id: entityId, before: {}, after: {}, made: false };
    changes.set(entityId, change);
    for (const [name, [was, is]] of Object.entries(fields)) {
      if (!(name in change.before)) change.before[name] = was;
      change.after[name] = is;
    }
  }
  return [...changes.values()].map((change) => ({
    ...change,
    made: "id" in change.before && change.before.id === null,
  }));
}

type Link = { todoId: string; label: string; made: boolean };

function linksOf(entries: AuditState[]): Link[] {
  const actions = new Map<string, { todoId: string; label: string; actions: string[] }>();
  for (const { entityId: todoId, action, changes } of entries) {
    if (action !== "tag" && action !== "untag") continue;
    const [was, is] = changes.tags ?? [null, null];
    const label = String(Reflect.get(Object(was ?? is), "id"));
    const link = actions.get(`${todoId} ${label}`) ?? { todoId, label, actions: [] };
    link.actions.push(action);
    actions.set(`${todoId} ${label}`, link);
  }
  return [...actions.values()]
    .filter((link) => link.actions[0] === link.actions.at(-1))
    .map(({ todoId, label, actions: [first] }) => ({ todoId, label, made: first === "tag" }));
}

/** Why a tag that was deleted does not come back; null when it did. */
function bringTagBack(draft: Draft, { id, before }: Change): string | null {
  const { organization_id: organizationId, name, colour, icon = null } = before;
  const values = { organizationId, name, colour, icon } as Omit<TagState, "label">;
  if (id in draft.state.tags) return "changed";
  if (nameIsTaken(draft, values, id)) return "name_taken";
  makeTag(draft, values, id);
  return null;
}

function changeTagBack(draft: Draft, { id, before, after }: Change): string | null {
  const tag = draft.state.tags[id];
  if (tag === undefined) return "gone";
  if (!matches(tagRow(tag), after)) return "changed";
  const was = { ...tag, ...before } as TagState;
  if (nameIsTaken(draft, was, id)) return "name_taken";
  draft.state.tags[id] = was;
  rememberTag(draft, was, "update", difference(tagRow(tag), tagRow(was)));
  return null;
}

function removeMadeTag(draft: Draft, { id, after }: Change): string | null {
  const tag = draft.state.tags[id];
  if (tag === undefined) return "gone";
  if (!matches(tagRow(tag), after)) return "changed";
  if (Object.values(draft.state.todos).some(({ tags }) => tags.includes(id))) return "in_use";
  delete draft.state.tags[id];
  rememberTag(draft, tag, "delete", difference(tagRow(tag), null));
  return null;
}

/** Why a todo is left as it is; null when it can be taken back. */
function reasonOf(draft: Draft, id: string, change: Change | undefined, links: Link[]): string | null {
  const { state } = draft;
  const todo = state.todos[id];
  if (todo === undefined) return "gone";
  if (!draft.mayWrite(todo)) return "impossible";
  if (todo.deletedBy !== null && change && (change.after.deleted_at ?? null) === null) return "trashed";
  if (change && !matches(todoRow(todo), change.after)) return "changed";
  if (links.some(({ made, label }) => !made && !(label in state.tags))) return "tag_gone";
  if (links.some(({ made, label }) => todo.tags.includes(label) !== made)) return "changed";
  if (change?.made === true) {
    return todo.tags.length > links.filter(({ made }) => made).length ? "changed" : null;
  }
  const was = todoBefore(todo, change);
  if (was.dueDate === null && (was.priority >= 4 || was.dueTime !== null)) return "rule";
  const owner = state.people[was.userId];
  const mayHave = owner?.writableOrganizationIds.includes(todo.organizationId) === true;
  return was.userId !== todo.userId && !mayHave ? "not_member" : null;
}

type Back = { id: string; change: Change | undefined; links: Link[]; isRedo: boolean };

function changeTodoBack(draft: Draft, { id, change, links, isRedo }: Back): void {
  const { state, me, commandId } = draft;
  const todo = state.todos[id];
  if (todo === undefined) return;
  const was = change?.made === true ? { ...todo, deletedBy: commandId } : todoBefore(todo, change);
  const postponed = postponedAfter(todo, was, isRedo);
  const changed = draft.changeTodo(todo, { ...was, postponed }, actionOf(todo, was));
  checkTodo(changed);
  const hands = { user_id: [todo.userId, changed.userId] as [unknown, unknown] };
  for (const [userId, action] of [
    [changed.userId, "receive"],
    [todo.userId, "release"],
  ] as const) {
    if (todo.userId === changed.userId || userId === me.id) continue;
    draft.remember({ ...entityOf(changed), action, changes: hands, userId });
  }
  for (const { label, made } of links) {
    const way = made ? "untag" : "tag";
    draft.remember({ ...entityOf(changed), action: way, changes: linkChanges(state, label, way) });
    changed.tags = changed.tags.filter((one) => one !== label);
    if (!made) changed.tags.push(label);
  }
}

/** Taking back that a day was put off counts as never put off; doing it again, as once more. */
function postponedAfter({ dueDate, postponed }: TodoState, was: TodoState, isRedo: boolean): number {
  if (dueDate === null || was.dueDate === null || was.dueDate === dueDate) return postponed;
  const isLater = was.dueDate > dueDate;
  if (isRedo) return isLater ? postponed + 1 : postponed;
  return isLater ? postponed : Math.max(postponed - 1, 0);
}

/** The todo with the values that it had before the command. */
function todoBefore(todo: TodoState, change: Change | undefined): TodoState {
  const was: Row = { ...todo };
  for (const [name, value] of Object.entries(change?.before ?? {})) {
    const field = TODO_FIELDS[name];
    if (field !== undefined)
      was[field] = field === "dueTime" ? ((value as string | null)?.slice(0, 5) ?? null) : value;
  }
  return was as TodoState;
}

/** What the log calls a change. */
function actionOf(todo: TodoState, was: TodoState): string {
  if (todo.deletedBy !== was.deletedBy) return was.deletedBy === null ? "restore" : "delete";
  if (todo.status !== was.status) {
    return { pending: "reopen", in_progress: "start", completed: "complete", cancelled: "cancel" }[
      was.status
    ];
  }
  return todo.userId === was.userId ? "update" : "transfer";
}

/** Whether a row has these values; one that was just made has nothing where the log says nothing. */
function matches(row: Row, values: Row): boolean {
  const names = "id" in values ? Object.keys(row) : Object.keys(values);
  return names.every((name) => (row[name] ?? null) === (values[name] ?? null));
}

function nameIsTaken(
  { state }: Draft,
  { organizationId, name }: Omit<TagState, "label">,
  id: string,
): boolean {
  return Object.values(state.tags).some(
    (other) =>
      other.label !== id &&
      other.organizationId === organizationId &&
      other.name.toLowerCase() === name.toLowerCase(),
  );
}

function rememberTag(draft: Draft, tag: TagState, action: string, changes: AuditState["changes"]): void {
  const { organizationId, label } = tag;
  draft.remember({ organizationId, entityType: "tag", entityId: label, action, changes });
}
