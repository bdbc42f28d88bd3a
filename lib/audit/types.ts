import type { Changes } from "../db/schema/audit-logs";
import type { TagRow } from "../tags/types";
import type { Counts, Todo } from "../todos/types";

/** One thing that somebody did, as the audit log remembers it. */
export type ActivityEntry = {
  id: string;
  /** What the request did in which this happened; its own id when no request did it. */
  commandId: string;
  at: Date;
  /** Null when Cairn itself did it, or when whoever did it can no longer be seen. */
  actorName: string | null;
  /** Whether the person who asks did it. */
  mine: boolean;
  /** "todo", "tag", "user", "session", "account", "organization" or "membership". A todo's tags count as the todo's. */
  entityType: string;
  entityId: string;
  /** What the todo, tag or organization is called now; when it is gone, what it was called last. */
  title: string | null;
  /** What was done; lib/audit/describe.ts puts each into words. */
  action: string;
  changes: Changes;
};

/** One command of mine: all that one request did, or an entry that no request made (signing up and in). */
export type Activity = {
  /** The command's id, or the entry's: what undoCommand takes. */
  id: string;
  at: Date;
  /** What it did by kind; counts stop at COUNT_MAX + 1. */
  parts: ActivityPart[];
  /** How many entries there are; stops at COUNT_MAX + 1. */
  count: number;
  /** The first few of them, in the order in which they happened. */
  entries: ActivityEntry[];
  /** Whether I can take it back: not when nothing of it can be, nor when it has been. */
  undo: "possible" | "done" | null;
  /**
   * When it took back another one: whether that had been an undo, so that this did something again, and what it left as
   * it was. Null when it did not.
   */
  undid: { redo: boolean; leftCount: number; left: LeftRow[] } | null;
};

export type ActivityPart = {
  entityType: string;
  action: string;
  /** Of how many todos, tags …; stops at COUNT_MAX + 1. */
  count: number;
  /** One of them. */
  entityId: string;
};

/** Why something was left as it is when a command was undone. */
export type LeftReason =
  | "changed" // it stands otherwise than the command left it
  | "trashed" // it lies in the trash since
  | "gone" // it was deleted for ever
  | "name_taken" // another tag is called so by now
  | "in_use" // a tag that was made, and that other todos carry by now
  | "tag_gone" // a tag that would have to come back with it is gone
  | "too_many_tags"
  | "rule" // a rule between its fields would be broken
  | "not_member" // whose it was is not an active member of its organization any more
  | "impossible";

export type LeftRow = {
  entityType: "todo" | "tag";
  id: string;
  /** What it is called; null when nobody can say any more. */
  title: string | null;
  reason: LeftReason;
};

/** What undoing a command did. */
export type Undone = {
  /** The command that took it back; undoing this one does it again. */
  commandId: string;
  /** How many todos and tags were taken back; 0 when that was done before, or when all was left. */
  undone: number;
  /** Whether tags themselves were made, changed or deleted, and not only put on todos. */
  tags: boolean;
  leftCount: number;
  /** The first 10 of them. */
  left: LeftRow[];
  /** The todos that the command had touched, as they are now; at most UNDO_ROWS_MAX of them. */
  todos: Todo[];
};

/** What the action that undoes answers. */
export type UndoAnswer = Pick<Undone, "commandId" | "todos"> & {
  /** A sentence on what was left; null when nothing was. */
  left: string | null;
  /** All of them, when tags themselves were its matter. */
  tags: TagRow[] | null;
  counts: Counts;
};

/** The fields of a todo that can be given an earlier value. */
export const REVERTIBLE_FIELDS = [
  "title",
  "description",
  "priority",
  "dueDate",
  "dueTime",
  "scheduledFor",
] as const;
export type RevertibleField = (typeof REVERTIBLE_FIELDS)[number];
