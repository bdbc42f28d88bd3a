import type { NewTodoRow } from "@/lib/todos/bulk-input";
import type { TodoStatus } from "@/lib/todos/types";
import { entityOf, linkChanges, type Draft, type ModelWrite } from "./outcome";
import type { TodoState } from "./state";
import { addTodo, nameTags, unlink } from "./todo-writes";

/** What writes on many todos at once should do. */

export type BulkWish =
  | { action: "start" | "complete" | "reopen" | "cancel" | "delete" | "restore" }
  | { action: "priority"; priority: number }
  | { action: "due"; dueDate: string | null }
  | { action: "tag" | "untag"; tags: string[] };

/** Null leaves a todo for a reason, "already" because it is so. */
type Verdict = { values: Partial<TodoState>; called: string } | "already" | null;

const STATUSES: Record<"start" | "complete" | "reopen" | "cancel", { to: TodoStatus; not: TodoStatus[] }> = {
  start: { to: "in_progress", not: ["completed", "cancelled"] },
  complete: { to: "completed", not: ["cancelled"] },
  reopen: { to: "pending", not: ["in_progress"] },
  cancel: { to: "cancelled", not: ["completed"] },
};

export const bulkTodos: ModelWrite<{ ids: string[]; change: BulkWish }> = (draft, { ids, change }) => {
  const isAlive = (todo: TodoState) =>
    change.action === "delete" || change.action === "restore" || todo.deletedBy === null;
  const named = [...new Set(ids)];
  const picked = named.flatMap((id) => {
    const todo = draft.visible(id);
    return todo !== undefined && draft.mayWrite(todo) && isAlive(todo) ? [todo] : [];
  });
  const counts = { changed: 0, unchanged: 0, leftCount: named.length - picked.length };
  for (const todo of picked) {
    const verdict = isTagWish(change) ? relink(draft, todo, change) : judge(draft, todo, change);
    if (verdict === "already") counts.unchanged += 1;
    else if (verdict === null) counts.leftCount += 1;
    else {
      counts.changed += 1;
      draft.changeTodo(draft.state.todos[todo.id] ?? todo, verdict.values, verdict.called);
    }
  }
  return { code: "ok", counts };
};

type TagWish = Extract<BulkWish, { action: "tag" | "untag" }>;
type FieldWish = Exclude<BulkWish, TagWish>;

const isTagWish = (wish: BulkWish): wish is TagWish => wish.action === "tag" || wish.action === "untag";

function judge({ commandId }: Draft, todo: TodoState, change: FieldWish): Verdict {
  switch (change.action) {
    case "delete":
      return todo.deletedBy === null ? { values: { deletedBy: commandId }, called: "delete" } : "already";
    case "restore":
      return todo.deletedBy === null ? "already" : { values: { deletedBy: null }, called: "restore" };
    case "priority": {
      const { priority } = change;
      if (todo.priority === priority) return "already";
      return priority >= 4 && todo.dueDate === null ? null : { values: { priority }, called: "update" };
    }
    case "due": {
      const { dueDate } = change;
      if (todo.status !== "pending" && todo.status !== "in_progress") return null;
      if (todo.dueDate === dueDate) return "already";
      if (dueDate === null && todo.priority >= 4) return null;
      return { values: { dueDate, dueTime: dueDate === null ? null : todo.dueTime }, called: "update" };
    }
    default: {
      const { to, not } = STATUSES[change.action];
      if (todo.status === to) return "already";
      if (not.includes(todo.status)) return null;
      const completedBy = to === "completed" ? commandId : null;
      return { values: { status: to, completedBy }, called: change.action };
    }
  }
}

/** Puts tags on a todo or takes them off; its version moves on when any came or went. */
function relink(draft: Draft, todo: TodoState, { action, tags }: TagWish): Verdict {
  const { state } = draft;
  const wanted = new Set(tags.map((name) => name.toLowerCase()));
  const touched: Verdict = { values: {}, called: "update" };
  if (action === "untag") {
    const labels = todo.tags.filter((label) => wanted.has(String(state.tags[label]?.name.toLowerCase())));
    for (const label of labels) unlink(draft, todo, label);
    return labels.length === 0 ? "already" : touched;
  }
  const missing = nameTags(draft, todo.organizationId, tags).filter((label) => !todo.tags.includes(label));
  for (const label of missing) {
    draft.remember({ ...entityOf(todo), action: "tag", changes: linkChanges(state, label, "tag") });
    todo.tags.push(label);
  }
  return missing.length === 0 ? "already" : touched;
}

/** Rows as the sequences make them: right ones, with ids that nobody has. */
export type ImportRow = NewTodoRow & { id: string; status: TodoStatus };

export const bulkInsertTodos: ModelWrite<{ rows: ImportRow[] }> = (draft, { rows }) => {
  for (const { status, ...row } of rows) {
    if (row.id in draft.state.todos) continue;
    const completedBy = status === "completed" ? draft.commandId : null;
    addTodo(draft, row as Parameters<typeof addTodo>[1], { status, completedBy });
  }
  return { code: "ok" };
};
