import { LOGGED_AS } from "@/lib/audit/earlier-values";
import type { RevertibleField } from "@/lib/audit/types";
import { checkTodo, type Draft, type ModelWrite } from "./outcome";
import type { AuditState, TodoState } from "./state";

/** What giving a field an earlier value should do. */

export type RevertInput = {
  id: string;
  version: number;
  field: RevertibleField;
  /** Which entry of the todo's history: what the command did to it; null for one that is none of its. */
  entry: Pick<AuditState, "commandId" | "action"> | null;
};

export const revertField: ModelWrite<RevertInput> = (draft, input) => {
  const { id, version, field } = input;
  const wanted = earlierValue(draft, input);
  const todo = draft.visible(id);
  if (todo === undefined || todo.deletedBy !== null || wanted === null || !draft.mayWrite(todo)) {
    return { code: "not_found" };
  }
  if (todo.version === version) {
    const changed = draft.changeTodo(todo, wanted);
    checkTodo(changed);
    return { code: "ok", todo: changed };
  }
  return todo[field] === wanted[field] ? { code: "ok", todo } : { code: "conflict", todo };
};

/** One that came too early to change anything, and then found that another had made it so. */
export const findReverted: ModelWrite<RevertInput> = (draft, input) => {
  const wanted = earlierValue(draft, input);
  const todo = draft.visible(input.id);
  const isSo = todo?.deletedBy === null && wanted !== null && todo[input.field] === wanted[input.field];
  return isSo ? { code: "ok", todo } : { code: "not_found" };
};

/** The field as it was before the entry; null when the entry says nothing of it. */
function earlierValue({ state }: Draft, { id, field, entry }: RevertInput): Partial<TodoState> | null {
  const changes = state.audit.find(
    ({ entityId, commandId, action }) =>
      entityId === id && commandId === entry?.commandId && action === entry.action,
  )?.changes;
  const change = changes?.[LOGGED_AS[field]];
  if (changes === undefined || change === undefined || "id" in changes) return null;
  const [before] = change;
  return { [field]: field === "dueTime" && typeof before === "string" ? before.slice(0, 5) : before };
}
