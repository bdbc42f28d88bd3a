import type { TagLabel, TodoRow, TodoStatus } from "../todos/types";

/** The person's own todos at a glance; none of it counts what lies in the trash. */
export type Dashboard = {
  /** The 20 most pressing open ones: by priority, then by due date, then the oldest first. */
  list: TodoRow[];
  counters: {
    open: number;
    /** Open, and past its day, or past its time today. */
    overdue: number;
    /** Open and due today, not overdue yet. */
    dueToday: number;
    /** Open and due between today and the end of the person's own week, not overdue yet; today's included. */
    dueThisWeek: number;
    completedToday: number;
    /** Since the first day of the person's own week. */
    completedThisWeek: number;
    /** Open, of priority 4 or 5. */
    highPriority: number;
    inProgress: number;
  };
  /** The last 30 days in the person's time zone, today last; days without any included. */
  completedPerDay: { day: string; count: number }[];
  /** All four, zeros included. */
  byStatus: { status: TodoStatus; count: number }[];
  /** Open ones; all six, the highest first, zeros included. */
  byPriority: { priority: number; count: number }[];
  /** The 12 tags on most open todos. */
  byTag: { tag: TagLabel; count: number }[];
};
