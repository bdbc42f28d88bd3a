import type { TagLabel, TodoRow, TodoStatus } from "../todos/types";

/** The person's own todos at a glance; none of it counts what lies in the trash. */
export type Dashboard = {
  /** The 20 most pressing open ones: by priority, then by due date, then the oldest first. */
  list: readonly TodoRow[];
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
  completedPerDay: readonly { day: string; count: number }[];
  /** Days in a row with something completed, up to today, or up to yesterday while today has nothing yet. */
  streak: number;
  /**
   * Of what was completed in the last 30 days and had a due date: how many on that day or earlier. Of more than
   * DASHBOARD_SAMPLE_MAX, the latest.
   */
  onTime: { count: number; of: number };
  /** From creating to completing, of the same todos whether they had a due date or not; null when there are none. */
  medianSecondsToComplete: number | null;
  /** All four, zeros included. */
  byStatus: readonly { status: TodoStatus; count: number }[];
  /** Open ones; all six, the highest first, zeros included. */
  byPriority: readonly { priority: number; count: number }[];
  /** The 12 tags on most open todos. */
  byTag: readonly { tag: TagLabel; count: number }[];
  /** The 5 open todos whose due date was moved to a later day most often, and how many times. */
  mostPostponed: readonly { id: string; title: string; dueDate: string | null; times: number }[];
};
