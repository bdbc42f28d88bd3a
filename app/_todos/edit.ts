import type { Todo, TodoEdit } from "@/lib/todos/types";

/** The fields that the edit form holds, as its texts. */
export type EditValues = {
  title: string;
  description: string;
  priority: string;
  dueDate: string;
  dueTime: string;
  scheduledFor: string;
  tags: string;
};

export const editFields = [
  "title",
  "description",
  "priority",
  "dueDate",
  "dueTime",
  "scheduledFor",
  "tags",
] as const satisfies (keyof EditValues)[];
export type EditField = (typeof editFields)[number];

export const fieldLabels: Record<EditField, string> = {
  title: "Title",
  description: "Description",
  priority: "Priority",
  dueDate: "Due date",
  dueTime: "Time",
  scheduledFor: "Scheduled for",
  tags: "Tags",
};

/** A todo as the texts of its form. */
export function editValues(todo: Todo): EditValues {
  return {
    title: todo.title,
    description: todo.description,
    priority: String(todo.priority),
    dueDate: todo.dueDate ?? "",
    dueTime: todo.dueTime ?? "",
    scheduledFor: todo.scheduledFor ?? "",
    tags: todo.tags.map((tag) => tag.name).join(", "),
  };
}

/** The fields in which two versions differ. How tags are spaced or ordered, and white space at the ends, is no difference. */
export function changedFields(a: EditValues, b: EditValues): EditField[] {
  return editFields.filter((name) => normal(name, a[name]) !== normal(name, b[name]));
}

function normal(name: EditField, value: string): string {
  if (name !== "tags") return value.trim();
  const names = value.split(",").map((tag) => tag.trim());
  return names.filter(Boolean).toSorted().join(",");
}

/** What the server is asked to save: only what was changed, on the version that it was changed on. */
export function editInput(id: string, version: number, base: EditValues, mine: EditValues): TodoEdit {
  const changed = new Set(changedFields(base, mine));
  return {
    id,
    version,
    ...(changed.has("title") && { title: mine.title }),
    ...(changed.has("description") && { description: mine.description }),
    ...(changed.has("priority") && { priority: Number(mine.priority) }),
    ...(changed.has("dueDate") && { dueDate: mine.dueDate || null }),
    ...(changed.has("dueTime") && { dueTime: mine.dueTime || null }),
    ...(changed.has("scheduledFor") && { scheduledFor: mine.scheduledFor || null }),
    ...(changed.has("tags") && { tags: mine.tags.split(",") }),
  };
}

export type Merged = {
  /** The form's values from now on. */
  values: EditValues;
  /** Where both changed the same field: mine is kept in the form until the person has chosen. */
  disputed: EditField[];
};

/**
 * Brings what somebody else saved into a form that is being edited: a field that was not touched here becomes theirs,
 * one that was touched stays mine.
 */
export function mergeEdit(base: EditValues, mine: EditValues, theirs: EditValues): Merged {
  const touched = new Set(changedFields(base, mine));
  const moved = new Set(changedFields(base, theirs));
  const different = new Set(changedFields(mine, theirs));
  const values = { ...mine };
  for (const name of editFields) if (!touched.has(name) && moved.has(name)) values[name] = theirs[name];
  return {
    values,
    disputed: editFields.filter((name) => touched.has(name) && moved.has(name) && different.has(name)),
  };
}
