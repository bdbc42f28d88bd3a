import type { Todo } from "../todos/types";
import { describeDay } from "./describe";
import { REVERTIBLE_FIELDS, type ActivityEntry, type RevertibleField } from "./types";

/** A value that a field of a todo had before an entry of its history changed it. */
export type EarlierValue = {
  field: RevertibleField;
  /** As a person is told it: “the title “Buy milk””, “no due date”. */
  words: string;
  /** The whole of a text that the words only mention. */
  text: string | null;
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
    return [
      { field, words: describeValue(field, value, at), text: field === "description" ? `${value}` : null },
    ];
  });
}

/** What the log holds of a field, as a todo has it: a time without its seconds. */
function readValue(field: RevertibleField, logged: unknown): string | number | null {
  if (typeof logged === "number") return logged;
  if (typeof logged !== "string") return null;
  return field === "dueTime" ? logged.slice(0, 5) : logged;
}

const NAMES: Record<RevertibleField, string> = {
  title: "title",
  description: "description",
  priority: "priority",
  dueDate: "due date",
  dueTime: "due time",
  scheduledFor: "scheduled day",
};

function describeValue(field: RevertibleField, value: string | number | null, at: Date): string {
  if (value === null || value === "") return `no ${NAMES[field]}`;
  if (field === "title") return `the title “${value}”`;
  if (field === "description") return "the description";
  if (field === "dueDate" || field === "scheduledFor") return `${NAMES[field]} ${describeDay(value, at)}`;
  return `${NAMES[field]} ${value}`;
}
