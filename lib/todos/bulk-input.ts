import { z } from "zod";
import { isId } from "../db/id";
import { newTodoInput } from "./input";
import { TODO_STATUSES } from "./types";

/** What people may send to writes on many todos at once. Client-safe. */

/** An instant that is past, as a date or as its ISO text with an offset. */
const pastInstant = z
  .union([z.date(), z.iso.datetime({ offset: true }).transform((text) => new Date(text))], {
    error: "Write the moment as 2026-01-31T09:30:00Z.",
  })
  .refine((instant) => instant.getTime() >= 0 && instant.getTime() <= Date.now(), {
    error: "Choose a moment between 1970 and now.",
  });

/**
 * One row for bulkInsertTodos: what createTodo takes, and what a todo that was kept somewhere else has besides. Its due
 * date may be past, which a new todo's may not.
 */
export const newTodoRowInput = newTodoInput
  .safeExtend({
    /** Made by whoever asks, so that a repeated import is the same import. */
    id: z.string({ error: "Give the row an id." }).refine(isId, { error: "This is no id." }),
    status: z.enum(TODO_STATUSES, { error: `Choose one of ${TODO_STATUSES.join(", ")}.` }).optional(),
    createdAt: pastInstant.optional(),
    completedAt: pastInstant.nullable().optional(),
  })
  .refine(({ completedAt, status }) => !completedAt || status === "completed", {
    path: ["completedAt"],
    error: "Only a completed todo has a moment of completion.",
  })
  .refine(({ completedAt, createdAt }) => !completedAt || !createdAt || completedAt >= createdAt, {
    path: ["completedAt"],
    error: "Choose a moment that is not before the todo was made.",
  });

/** A row as it comes, from a file or a form. */
export type NewTodoRow = z.input<typeof newTodoRowInput>;
/** A row that may be added. */
export type CheckedRow = z.output<typeof newTodoRowInput>;
