import type { TodoFilter, TodoRow } from "./types";

/** Commands on many todos at once. Client-safe: types and sentences, nothing else. */

/** The todos that a command is about: named, or all that a filter finds, or all of my trash. */
export type BulkTarget = { ids: readonly string[] } | { filter: TodoFilter } | { trash: true };

/** What becomes of each. It carries the state that is wanted, so that a repeat changes nothing. */
export type BulkChange =
  | { action: "start" | "complete" | "reopen" | "cancel" | "delete" | "restore" }
  | { action: "priority"; priority: number }
  /** Null takes the due date away, and its time. */
  | { action: "due"; dueDate: string | null }
  /**
   * Days to put off by, or with a minus to bring forward. This is no state, so it has a key, made by whoever asks
   * (newId): no todo is moved twice for one key. It becomes the id of the command.
   */
  | { action: "shift"; days: number; key: string }
  | { action: "tag" | "untag"; tags: readonly string[] }
  | { action: "transfer"; userId: string };

export type TransferRefusal = "not_yours" | "personal" | "not_member" | "viewer";

/** Why a todo was left as it is. */
export type LeftReason =
  | "not_found"
  | "completed"
  | "cancelled"
  | "open"
  | "closed"
  | "needs_due_date"
  | "no_due_date"
  | "out_of_range"
  | "too_many_tags"
  | TransferRefusal;

/** Each reason as a sentence about one todo. */
export const LEFT_SENTENCES: Record<LeftReason, string> = {
  not_found: "This is not there any more.",
  completed: "A completed todo cannot be cancelled. Reopen it first.",
  cancelled: "A cancelled todo cannot be completed. Reopen it first.",
  open: "Only a completed or cancelled todo can be reopened.",
  closed: "A completed or cancelled todo stays as it is. Reopen it first.",
  needs_due_date: "Priority 4 and 5 need a due date.",
  no_due_date: "There is no due date to move.",
  out_of_range: "The date would lie outside of the years 1970 to 9999.",
  too_many_tags: "It would have more than 50 tags.",
  not_yours: "This todo belongs to someone else; only they can hand it over.",
  personal:
    "Your personal todos have nobody to go to. Only those of a shared organization can be handed over.",
  not_member: "Choose an active member of this organization.",
  viewer: "This person may only look on. Choose someone who can change todos.",
};

/** What a command did. */
export type BulkOutcome = {
  /** What undoing takes. */
  commandId: string;
  changed: number;
  /** Stood as wanted before. */
  unchanged: number;
  leftCount: number;
  /** The first BULK_LEFT_MAX of them. */
  left: { id: string; reason: LeftReason }[];
  /** Of the todos that were asked for, the first BULK_ROWS_MAX, as they are now; those handed over are not among them. */
  rows: TodoRow[];
};
