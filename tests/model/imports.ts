import type { NewTodoRow } from "@/lib/todos/bulk-input";
import type { TodoStatus } from "@/lib/todos/types";
import type { ModelWrite } from "./outcome";
import type { TodoState } from "./state";
import { addTodo, nameTags } from "./todo-writes";

/** What an import should do. */

/** Rows as sequences make them: nothing is wrong with one but its id, or a date that is missing. */
export type ImportRow = NewTodoRow & {
  id: string;
  title: string;
  priority: number;
  dueDate: string | null;
  dueTime: string | null;
  tags: string[];
  status: TodoStatus;
};

export const bulkInsertTodos: ModelWrite<{ rows: ImportRow[]; onBadRow: "refuse" | "skip" }> = (
  draft,
  { rows, onBadRow },
) => {
  const { state, me, commandId } = draft;
  const numbered = rows.map((row, index) => ({ row, number: index + 1 }));
  const right = numbered.filter(
    ({ row }) => row.dueDate !== null || (row.priority < 4 && row.dueTime === null),
  );
  const single = right.filter(
    ({ row, number }) => !right.some((other) => other.row.id === row.id && other.number < number),
  );
  const isFree = (id: string) => (state.todos[id]?.userId ?? me.id) === me.id;
  // Whether ids are taken is only asked of rows that are right, where one bad row is enough to refuse.
  const mayAsk = onBadRow === "skip" || single.length === rows.length;
  const good = single.filter(({ row }) => !mayAsk || isFree(row.id));
  const bad = numbered.filter((one) => !good.includes(one)).map(({ number }) => number);
  if (onBadRow === "refuse" && bad.length > 0) return { code: "invalid", inserted: { bad } };
  const added = good.filter(({ row }) => !(row.id in state.todos));
  // A tag that is new is spelled as the import has it first, in whichever row.
  const spelled = new Set(single.flatMap(({ row }) => row.tags));
  const needed = new Set(added.flatMap(({ row }) => row.tags));
  nameTags(
    draft,
    me.personalOrganizationId,
    [...spelled].filter((name) => needed.has(name)),
  );
  for (const { row } of added) {
    const { status, completedAt, ...values } = row;
    const completedBy = status === "completed" ? String(completedAt ?? commandId) : null;
    addTodo(draft, values as Parameters<typeof addTodo>[1], {
      status,
      completedBy,
    } satisfies Partial<TodoState>);
  }
  return { code: "ok", inserted: { added: added.length, known: good.length - added.length, bad } };
};
