import { eq } from "drizzle-orm";
import { isId } from "../db/id";
import { COUNT_MAX } from "../db/limits";
import { todos } from "../db/schema/todos";
import type { Scope } from "../db/scope";
import { todoColumns } from "./rows";
import type { Counts, Todo } from "./types";

/** All that is done with todos; pages and actions import from here. */
export { countTodos, listTodos, listTrash } from "./list";
export { bulkTodos } from "./bulk";
export { bulkInsertTodos } from "./bulk-insert";
export { transferTodo } from "./transfer";
export { upsertTodo } from "./upsert";
export {
  cancelTodo,
  completeTodo,
  createTodo,
  deleteTodo,
  purgeTodo,
  reopenTodo,
  restoreTodo,
  startTodo,
  updateTodo,
} from "./write";

/** One todo with its tags, also one in the trash (`deletedAt` says so); null for what is not there or not theirs. */
export async function getTodo(scope: Scope, id: string): Promise<Todo | null> {
  if (!isId(id)) return null;
  const [rows] = await scope.run("todos.getTodo", [
    scope.db.select(todoColumns).from(todos).where(eq(todos.id, id)),
  ]);
  return rows[0] ?? null;
}

/**
 * How many todos of mine are overdue, due today, coming, open and in the trash; each stops at COUNT_MAX. They are kept
 * by triggers (drizzle/0005_counters.sql, drizzle/0013_actors.sql): every page asks for them.
 */
export function getCounts(scope: Scope): Promise<Counts> {
  return scope.call("todos.getCounts", { function: "tell_counts", arguments: [COUNT_MAX] });
}
