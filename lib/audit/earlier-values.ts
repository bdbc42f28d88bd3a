import type { Todo } from "../todos/types";
import { describeDay } from "./describe";
import { REVERTIBLE_FIELDS, type ActivityEntry, type RevertibleField } from "./types";

/** A value that a field of a todo had before an entry of its history changed it. */
export type EarlierValue = {
  field: RevertibleField;
  /** What the field is called: “Due date”. */
  name: string;
  /** As a person is told it: “3 Dec”; null for none. */
  value: string | null;
};

/** How the log calls each field. */
export const LOGGED_AS: Record<RevertibleField, string> = {
  title: "title",
  description: "description",
  priority: "priority",
  dueDate: "due_date",
  dueTime: "due_time",
  scheduledFor: "scheduled_for",
};

/**
 * The values that an entry of a todo's history replaced, but for those that the todo has again. What made the todo
 * replaced none.
 */
export function earlierValues(
  { changes, at, entityType }: Pick<ActivityEntry, "changes" | "at" | "entityType">,
  todo: Pick<Todo, RevertibleField>,
): EarlierValue[] {
  if (entityType !== "todo" || "id" in changes) return [];
  return REVERTIBLE_FIELDS.flatMap((field) => {
    const change = changes[LOGGED_AS[field]];
    if (change === undefined) return [];
    const value = readValue(field, change[0]);
    if (value === todo[field]) return [];
    return [{ field, name: NAMES[field], value: tell(field, value, at) }];
  });
}

/** What the log holds of a field, as a todo has it: a time without its seconds. */
function readValue(field: RevertibleField, logged: unknown): string | number | null {
  if (typeof logged === "number") return logged;
  if (typeof logged !== "string") return null;
  return field === "dueTime" ? logged.slice(0, 5) : logged;
}

const NAMES: Record<RevertibleField, string> = {
  title: "Title",
  description: "Description",
  priority: "Priority",
  dueDate: "Due date",
  dueTime: "Due time",
  scheduledFor: "Scheduled for",
};

function tell(field: RevertibleField, value: string | number | null, at: Date): string | null {
  if (value === null || value === "") return null;
  return field === "dueDate" || field === "scheduledFor" ? describeDay(value, at) : `${value}`;
}
