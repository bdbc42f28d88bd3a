import type { Presence, QueryNode } from "../query/types";

/** What todos look like outside of the database. Client-safe: types and a few lists of words, nothing else. */

export const TODO_STATUSES = ["pending", "in_progress", "completed", "cancelled"] as const;
export type TodoStatus = (typeof TODO_STATUSES)[number];

/** The priorities in words, from 0 on. */
export const PRIORITY_NAMES = ["None", "Lowest", "Low", "Medium", "High", "Urgent"] as const;

export type TagLabel = {
  id: string;
  name: string;
  /** #rrggbb */
  colour: string;
};

/** A todo as lists show it. */
export type TodoRow = {
  id: string;
  organizationId: string;
  title: string;
  hasDescription: boolean;
  status: TodoStatus;
  /** 0 to 5; 4 and 5 are high. */
  priority: number;
  /** YYYY-MM-DD: a day, the same in every time zone. */
  dueDate: string | null;
  /** HH:MM, wall-clock time of the due day in its person's zone. */
  dueTime: string | null;
  /** YYYY-MM-DD */
  scheduledFor: string | null;
  /** Set exactly while it is completed. */
  completedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
  /** Since when it lies in the trash. */
  deletedAt: Date | null;
  /** Counts the changes; an edit carries the one that it saw. */
  version: number;
  /** By name, without regard to case. */
  tags: TagLabel[];
};

export type Todo = TodoRow & { description: string };

/** My todos by what they want of me today. Each stops at COUNT_MAX. */
export type Counts = {
  /** Open, and their due date, or their time of today, is past. */
  overdue: number;
  /** Open, due today, and not overdue. */
  today: number;
  /** Open and due after today. */
  upcoming: number;
  open: number;
  trash: number;
};

/** What the actions that write a todo answer. */
export type Written = { todo: Todo; counts: Counts; commandId: string };

export type NewTodo = {
  /** Made by whoever asks (newId), so that a repeated create is the same create. */
  id?: string | undefined;
  title: string;
  description?: string | undefined;
  priority?: number | undefined;
  dueDate?: string | null | undefined;
  dueTime?: string | null | undefined;
  scheduledFor?: string | null | undefined;
  /** Names; those that the organization knows are found without regard to case, others are made. */
  tags?: string[] | undefined;
};

/** An edit: what is left out stays as it is. `tags`, when given, become exactly the todo's tags. */
export type TodoEdit = Partial<Omit<NewTodo, "id">> & {
  id: string;
  /** The version that the edit was made on. */
  version: number;
};

/** "open" is pending and in progress, "done" is completed and cancelled. */
export const STATUS_FILTERS = ["open", "done", "all", ...TODO_STATUSES] as const;
export type StatusFilter = (typeof STATUS_FILTERS)[number];

/** By the person's own date and time; "today" leaves out what is overdue already, "any" is every todo with a due date. */
export const DUE_FILTERS = ["overdue", "today", "until_today", "upcoming", "none", "any"] as const;
export type DueFilter = (typeof DUE_FILTERS)[number];

export const TODO_SORTS = ["priority", "due", "created", "updated", "title"] as const;
export type TodoSort = (typeof TODO_SORTS)[number];

export type SortDirection = "asc" | "desc";

/** By names, without regard to case. Each list narrows by itself; an empty one does not. */
export type TagFilter = {
  /** Carries every one of them. */
  all?: string[] | undefined;
  /** Carries at least one of them. */
  any?: string[] | undefined;
  /** Carries none of them. */
  none?: string[] | undefined;
  /** Carries no tag at all, or some tag. */
  presence?: Presence | undefined;
};

/** Mine, everybody's in my organizations, or those of one colleague, by the id. */
export type OwnerFilter = "me" | "everyone" | { userId: string };

/** Which todos a list shows, and in what order. What is left out does not narrow, but for `status` and `owner`. */
export type TodoFilter = {
  /** The default is "open", or "all" when the query itself asks for a status: statusOf in filter.ts. */
  status?: StatusFilter | undefined;
  tags?: TagFilter | undefined;
  due?: DueFilter | undefined;
  /** Due on this day (YYYY-MM-DD) or later. */
  from?: string | undefined;
  /** Due on this day or earlier. */
  to?: string | undefined;
  /** Without a planned day, or with one. */
  scheduled?: Presence | undefined;
  /** Planned for this day or later, and for this day or earlier. */
  scheduledFrom?: string | undefined;
  scheduledTo?: string | undefined;
  /** Both ends belong to it. */
  priority?: { min: number; max: number } | undefined;
  /** Whatever else, in the language of the search box. */
  query?: QueryNode | undefined;
  /** Only what belongs to this organization, by its id. */
  organizationId?: string | undefined;
  /** The default is "me". */
  owner?: OwnerFilter | undefined;
  /** The default is "priority". */
  sort?: TodoSort | undefined;
  /** The default is that of the sort: DEFAULT_DIRECTION. */
  direction?: SortDirection | undefined;
  /** Where the page begins: `nextCursor` of the page before, of the same filter. */
  cursor?: string | undefined;
};

export const DEFAULT_STATUS: StatusFilter = "open";
export const DEFAULT_SORT: TodoSort = "priority";
export const DEFAULT_DIRECTION: Record<TodoSort, SortDirection> = {
  priority: "desc",
  due: "asc",
  created: "desc",
  updated: "desc",
  title: "asc",
};

export type TodoPage = {
  rows: TodoRow[];
  /** Leads to the next page; null on the last one. */
  nextCursor: string | null;
  /** The cursor that was given is none of this list, or not this session's: this is the list's beginning. */
  cursorLost: boolean;
};
