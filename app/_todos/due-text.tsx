import { formatDue, formatLongDay, type Clock } from "@/app/_todos/due";
import { isLate } from "@/app/_todos/status";
import type { TodoRow } from "@/lib/todos/types";

/** When a todo is due, in few words; red, and said to be overdue, only when it is late. */
export function DueText({ todo, clock }: { todo: TodoRow; clock: Clock }) {
  if (todo.dueDate === null) return null;
  const late = isLate(todo, clock);
  const exact = formatLongDay(todo.dueDate, clock.today);
  return (
    <time
      data-slot="due"
      dateTime={todo.dueTime === null ? todo.dueDate : `${todo.dueDate}T${todo.dueTime}`}
      title={exact}
      className={late ? "due text-danger" : "due"}
    >
      <span className="sr-only">{late ? "Overdue, " : "Due "}</span>
      {formatDue(todo.dueDate, todo.dueTime, clock.today)}
    </time>
  );
}
