import { eq, isNotNull, sql, type SQL } from "drizzle-orm";
import { isId } from "../db/id";
import { COUNT_MAX } from "../db/limits";
import { todos } from "../db/schema/todos";
import type { Scope } from "../db/scope";
import { dueTodayStill, mine, notDeleted, open, overdue, today, todoColumns } from "./rows";
import type { Counts, Todo } from "./types";

/** All that is done with todos; pages and actions import from here. */
export { countTodos, listTodos, listTrash } from "./list";
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

/** How many todos of mine are overdue, due today, coming, open and in the trash; each stops at COUNT_MAX. */
export async function getCounts(scope: Scope): Promise<Counts> {
  const [{ rows }] = await scope.run("todos.getCounts", [
    scope.db.execute<Counts>(sql`select
      ${count(notDeleted, open, overdue)} as overdue,
      ${count(notDeleted, open, dueTodayStill)} as today,
      ${count(notDeleted, open, sql`${todos.dueDate} > ${today}`)} as upcoming,
      ${count(notDeleted, open)} as open,
      ${count(isNotNull(todos.deletedAt))} as trash`),
  ]);
  const [counts] = rows;
  if (counts === undefined) throw new Error("Counting gave no row");
  return counts;
}

function count(...conditions: SQL[]): SQL {
  const counted = sql.join([mine, ...conditions], sql` and `);
  return sql`(select count(*) from (select from ${todos} where ${counted} limit ${COUNT_MAX}) counted)::int`;
}
