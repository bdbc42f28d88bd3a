import type { TodoStatus } from "../todos/types";

/**
 * What people ask for, as a tree. Texts and names are in NFC. A word or a phrase may hold nothing that a text search
 * knows ("&", "the"): then it asks for nothing, and so does what excludes it. The one language of the search box, of filters in addresses, and of whatever else
 * chooses todos by what they are. Client-safe: parse.ts makes it from text, print.ts makes text of it, and only
 * lib/todos/conditions.ts makes SQL of it.
 */
export type QueryNode =
  | { kind: "and"; nodes: QueryNode[] } // two or more; an "and" among them only for an "in" of its own
  | { kind: "or"; nodes: QueryNode[] } // two or more, none of them an "or"
  | { kind: "not"; node: QueryNode } // never of a "not"
  /** A word; with `prefix` (`mil*`) whatever begins with it. */
  | { kind: "word"; text: string; prefix: boolean }
  /** Words side by side, in this order. */
  | { kind: "phrase"; text: string }
  /** By its name, without regard to case; `tag:none` and `tag:any` ask for no tag and for one at least. */
  | { kind: "tag"; name: string }
  | { kind: "tags"; presence: Presence }
  | { kind: "status"; status: TodoStatus }
  | { kind: "priority"; comparison: Comparison; value: number }
  /** A comparison never matches a todo that has no such day. */
  | { kind: "day"; field: DayField; comparison: Comparison; day: Day }
  | { kind: "dayPresence"; field: "due" | "scheduled"; presence: Presence }
  | { kind: "is"; state: State }
  | { kind: "has"; part: "description" }
  /**
   * Words beside it, and in the groups beside it, are looked for there only, but for a group with an "in" of its own.
   * Always a member of an "and" that holds a word or a phrase, and the only "in" among its members.
   */
  | { kind: "in"; part: "title" | "description" };

export type Presence = "none" | "any";

export const COMPARISONS = ["<", "<=", "=", ">=", ">"] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** In the person's own time zone; "due" and "scheduled" are days by themselves. */
export const DAY_FIELDS = ["due", "scheduled", "created", "updated", "completed"] as const;
export type DayField = (typeof DAY_FIELDS)[number];

/** YYYY-MM-DD, or a day by the person's own calendar. */
export type Day = string | RelativeDay;
export type RelativeDay =
  { relative: "today" | "tomorrow" | "yesterday" } | { relative: "days"; days: number };

/** "open" is pending or in progress, "done" completed or cancelled; "overdue" is open and past its day or its time. */
export const STATES = ["open", "done", "overdue"] as const;
export type State = (typeof STATES)[number];

/** What a text asks for; null asks for everything. */
export type Query = QueryNode | null;

/** Why a text is no query, and where: positions in UTF-16 units, `to` is the first one after it. */
export type QueryProblem = { message: string; from: number; to: number };

export type ParsedQuery = { ok: true; query: Query } | { ok: false; problem: QueryProblem };
