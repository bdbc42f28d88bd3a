import { isOverdue, type Clock } from "@/app/_todos/due";
import type { TodoRow, TodoStatus } from "@/lib/todos/types";

/** Whether something remains to be done about a todo of this status. */
export function isOpen(status: TodoStatus): boolean {
  return status === "pending" || status === "in_progress";
}

/** Whether a todo is late: what is done or cancelled never is. */
export function isLate(todo: TodoRow, clock: Clock): boolean {
  return isOpen(todo.status) && isOverdue(todo.dueDate, todo.dueTime, clock);
}
