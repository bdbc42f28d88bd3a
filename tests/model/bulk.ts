import type { BulkChange, BulkTarget, LeftReason } from "@/lib/todos/bulk-types";
import { isFound } from "./matching";
import { entityOf, linkChanges, type Draft, type ModelWrite } from "./outcome";
import type { State, TodoState } from "./state";
import { handOver, nameTags, transferRefusal, unlink } from "./todo-writes";

/** What a command on many todos should do. */

export type BulkInput = {
  target: BulkTarget;
  change: BulkChange;
  /** The todos that the tab wants to see afterwards; those named, when it does not say. */
  shown?: string[] | undefined;
  /** What it found earlier: a command that waits for another one goes on with what it found before. */
  found?: string[];
};

/** What it does to a todo: changes it, leaves it for a reason, or finds it so. */
type Verdict = { values: Partial<TodoState>; called: string } | "already" | LeftReason;

const STATUSES = {
  start: { to: "in_progress", not: { completed: "closed", cancelled: "closed" } },
  complete: { to: "completed", not: { cancelled: "cancelled" } },
  reopen: { to: "pending", not: { in_progress: "open" } },
  cancel: { to: "cancelled", not: { completed: "completed" } },
} as const;

export const bulkTodos: ModelWrite<BulkInput> = (draft, { target, change, shown, found }) => {
  const isOfTrash = change.action === "delete" || change.action === "restore";
  const before = found ?? foundBy(draft, target);
  const ids = "ids" in target ? [...new Set(target.ids)] : before;
  const picked = ids.flatMap((id) => {
    const todo = draft.visible(id);
    const isMeant = isOfTrash || (todo?.deletedBy === null && before.includes(id));
    return todo !== undefined && draft.mayWrite(todo) && isMeant ? [todo] : [];
  });
  // What a filter finds and is not theirs to change is not what it was about.
  const missing = "ids" in target ? ids.length - picked.length : 0;
  const reasons: string[] = Array.from({ length: missing }, () => "not_found");
  const counts = { changed: 0, unchanged: 0 };
  for (const todo of picked) {
    const verdict = isTagChange(change) ? relink(draft, todo, change) : judge(draft, todo, change);
    if (verdict === "already") counts.unchanged += 1;
    else if (typeof verdict === "string") reasons.push(verdict);
    else {
      counts.changed += 1;
      if (change.action === "transfer") handOver(draft, todo, change.userId);
      else draft.changeTodo(todo, verdict.values, verdict.called);
    }
  }
  const rows = (shown ?? ids).flatMap((id) => draft.visible(id) ?? []);
  const fresh = change.action === "transfer" ? rows.filter(({ userId }) => userId === draft.me.id) : rows;
  return {
    code: "ok",
    bulk: {
      ...counts,
      commandId: draft.commandId,
      reasons: reasons.toSorted(),
      shown: [...new Set(fresh.map(shownAs))].toSorted(),
    },
  };
};

/** A row of an answer, in few words. */
export function shownAs({ id, version, status }: Pick<TodoState, "id" | "version" | "status">): string {
  return `${id} v${version} ${status}`;
}

/** The ids of what a filter, or the trash, holds; of those named, what is not in the trash. */
export function foundBy({ state, me }: Pick<Draft, "state" | "me">, target: BulkTarget): string[] {
  if ("ids" in target) return target.ids.filter((id) => state.todos[id]?.deletedBy === null);
  const isChosen = (todo: TodoState) =>
    "filter" in target
      ? isFound(state, me, target.filter, todo)
      : todo.userId === me.id && todo.deletedBy !== null && me.organizationIds.includes(todo.organizationId);
  return Object.values(state.todos)
    .filter(isChosen)
    .map(({ id }) => id);
}

type TagChange = Extract<BulkChange, { action: "tag" | "untag" }>;
type FieldChange = Exclude<BulkChange, TagChange>;

const isTagChange = (change: BulkChange): change is TagChange =>
  change.action === "tag" || change.action === "untag";
const isOpen = ({ status }: TodoState) => status === "pending" || status === "in_progress";

function judge(draft: Draft, todo: TodoState, change: FieldChange): Verdict {
  const { commandId } = draft;
  switch (change.action) {
    case "delete":
      return todo.deletedBy === null ? { values: { deletedBy: commandId }, called: "delete" } : "already";
    case "restore":
      return todo.deletedBy === null ? "already" : { values: { deletedBy: null }, called: "restore" };
    case "priority": {
      const { priority } = change;
      if (todo.priority === priority) return "already";
      if (priority >= 4 && todo.dueDate === null) return "needs_due_date";
      return { values: { priority }, called: "update" };
    }
    case "due": {
      const { dueDate } = change;
      if (!isOpen(todo)) return "closed";
      if (todo.dueDate === dueDate) return "already";
      if (dueDate === null && todo.priority >= 4) return "needs_due_date";
      return { values: { dueDate, dueTime: dueDate === null ? null : todo.dueTime }, called: "update" };
    }
    case "shift": {
      if (wasTouchedBy(draft, change.key, todo.id)) return "already";
      if (!isOpen(todo)) return "closed";
      if (todo.dueDate === null) return "no_due_date";
      const dueDate = dayAfter(todo.dueDate, change.days);
      return dueDate === null ? "out_of_range" : { values: { dueDate }, called: "update" };
    }
    case "transfer": {
      if (todo.userId === change.userId) return "already";
      return transferRefusal(draft, todo, change.userId) ?? { values: {}, called: "transfer" };
    }
    default: {
      const { to, not } = STATUSES[change.action];
      if (todo.status === to) return "already";
      const refusal: LeftReason | undefined = Reflect.get(not, todo.status);
      if (refusal !== undefined) return refusal;
      const completedBy = to === "completed" ? commandId : null;
      return { values: { status: to, completedBy }, called: change.action };
    }
  }
}

function wasTouchedBy({ state, me }: { state: State; me: { id: string } }, key: string, id: string): boolean {
  return state.audit.some(
    ({ commandId, userId, entityId }) => commandId === key && userId === me.id && entityId === id,
  );
}

/** YYYY-MM-DD so many days later; null outside of the years that a date may have. */
function dayAfter(day: string, days: number): string | null {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  const year = date.getUTCFullYear();
  return year >= 1970 && year <= 9999 ? date.toISOString().slice(0, 10) : null;
}

/** Puts tags on a todo or takes them off; its version moves on when any came or went. */
function relink(draft: Draft, todo: TodoState, { action, tags }: TagChange): Verdict {
  const { state } = draft;
  const wanted = new Set(tags.map((name) => name.toLowerCase()));
  const touched: Verdict = { values: {}, called: "update" };
  if (action === "untag") {
    const labels = todo.tags.filter((label) => wanted.has(String(state.tags[label]?.name.toLowerCase())));
    for (const label of labels) unlink(draft, todo, label);
    return labels.length === 0 ? "already" : touched;
  }
  const missing = nameTags(draft, todo.organizationId, [...tags]).filter(
    (label) => !todo.tags.includes(label),
  );
  for (const label of missing) {
    draft.remember({ ...entityOf(todo), action: "tag", changes: linkChanges(state, label, "tag") });
    todo.tags.push(label);
  }
  return missing.length === 0 ? "already" : touched;
}
