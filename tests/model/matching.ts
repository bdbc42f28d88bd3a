import type { TodoFilter } from "@/lib/todos/types";
import { tagNamesOf, type PersonState, type State, type TodoState } from "./state";

/**
 * Whether somebody's filter finds a todo, as far as sequences ask for it. They look for one word only, and every title
 * and description has it whole or not at all.
 */
export function isFound(state: State, me: PersonState, filter: TodoFilter, todo: TodoState): boolean {
  const { status = "open", owner = "me", organizationId, priority, due, tags = {}, query } = filter;
  const names = tagNamesOf(state, todo);
  const carries = (name: string) => names.includes(name.toLowerCase());
  const isOpen = todo.status === "pending" || todo.status === "in_progress";
  const ownerId = owner === "me" ? me.id : owner === "everyone" ? todo.userId : owner.userId;
  const word = query?.kind === "word" ? query.text : null;
  return (
    me.organizationIds.includes(todo.organizationId) &&
    todo.deletedBy === null &&
    todo.userId === ownerId &&
    (organizationId === undefined || todo.organizationId === organizationId) &&
    (status === "all" ||
      (status === "open" ? isOpen : status === "done" ? !isOpen : todo.status === status)) &&
    (priority === undefined || (todo.priority >= priority.min && todo.priority <= priority.max)) &&
    (due === undefined || (todo.dueDate === null) === (due === "none")) &&
    (tags.any === undefined || tags.any.some(carries)) &&
    (tags.none === undefined || !tags.none.some(carries)) &&
    (word === null || `${todo.title} ${todo.description}`.split(/\s/).includes(word))
  );
}
