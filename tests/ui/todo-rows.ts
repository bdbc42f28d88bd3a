import type { Counts, Todo } from "@/lib/todos/types";

/** Friday 20 November 2026, half past two. */
export const clock = { today: "2026-11-20", time: "14:30:00" };

/** When the pages of these tests were read. */
export const readAt = Date.parse("2026-11-20T14:30:00Z");

/** A todo without anything but a title, made before the page was read. */
export function todoRow(id: string, more: Partial<Todo> = {}): Todo {
  const made = new Date(readAt - 60_000);
  return {
    id,
    organizationId: "organization",
    title: `Todo ${id}`,
    description: "",
    hasDescription: false,
    status: "pending",
    priority: 0,
    dueDate: null,
    dueTime: null,
    scheduledFor: null,
    completedAt: null,
    createdAt: made,
    updatedAt: made,
    deletedAt: null,
    version: 1,
    tags: [],
    ...more,
  };
}

export function counts(more: Partial<Counts> = {}): Counts {
  return { overdue: 0, today: 0, upcoming: 0, open: 0, trash: 0, ...more };
}
