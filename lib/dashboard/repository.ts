import { sql } from "drizzle-orm";
import {
  DASHBOARD_DAYS,
  DASHBOARD_LIST_SIZE,
  DASHBOARD_POSTPONED_MAX,
  DASHBOARD_SAMPLE_MAX,
  DASHBOARD_TAGS_MAX,
  PRIORITY_HIGH,
  PRIORITY_MAX,
  PRIORITY_MIN,
} from "../db/limits";
import type { Scope } from "../db/scope";
import { TODO_STATUSES, type TodoRow, type TodoStatus } from "../todos/types";
import type { Dashboard } from "./types";

/** From the highest down. */
const PRIORITIES = Array.from(
  { length: PRIORITY_MAX - PRIORITY_MIN + 1 },
  (_, index) => PRIORITY_MAX - index,
);

/** What app.dashboard gives (drizzle/0005_counters.sql): rows without names, null for none. */
type Found = {
  list: ListRow[] | null;
  list_tags: [todoId: string, id: string, name: string, colour: string][] | null;
  /** Of what is not in the trash; zeros left out. */
  counts: [status: TodoStatus, priority: number, count: number][] | null;
  overdue: number;
  due_today: number;
  due_this_week: number;
  day: string;
  week_start: string;
  completed: [daysAgo: number, count: number][] | null;
  streak: number;
  dated: number;
  on_time: number;
  median_seconds: number | null;
  by_tag: [id: string, name: string, colour: string, count: number][] | null;
  most_postponed: [id: string, title: string, dueDate: string | null, times: number][] | null;
};

type ListRow = [
  id: string,
  organizationId: string,
  title: string,
  hasDescription: boolean,
  status: TodoStatus,
  priority: number,
  dueDate: string | null,
  dueTime: string | null,
  scheduledFor: string | null,
  createdAt: string,
  updatedAt: string,
  version: number,
];

/**
 * The dashboard of the person who asks, in one statement. Days and weeks are those of their time zone and their
 * settings. Most of it is kept by triggers and only read here; see drizzle/0005_counters.sql.
 */
export async function getDashboard(scope: Scope): Promise<Dashboard> {
  const [{ rows }] = await scope.run("dashboard.getDashboard", [
    scope.db.execute<Found>(sql`select * from app.dashboard(
      ${DASHBOARD_LIST_SIZE}, ${DASHBOARD_DAYS}, ${DASHBOARD_SAMPLE_MAX}, ${DASHBOARD_TAGS_MAX},
      ${DASHBOARD_POSTPONED_MAX})`),
  ]);
  const [found] = rows;
  if (found === undefined) throw new Error("The dashboard gave no row");

  const counts = (found.counts ?? []).map(([status, priority, count]) => ({ status, priority, count }));
  const countOf = (wanted: (one: (typeof counts)[number]) => boolean) =>
    counts.reduce((sum, one) => (wanted(one) ? sum + one.count : sum), 0);
  const completedPerDay = Array.from({ length: DASHBOARD_DAYS }, (_, index) => {
    const daysAgo = DASHBOARD_DAYS - 1 - index;
    const ofThatDay = (found.completed ?? []).filter(([ago]) => ago === daysAgo);
    return {
      day: daysBefore(found.day, daysAgo),
      count: ofThatDay.reduce((sum, [, count]) => sum + count, 0),
    };
  });
  return {
    list: readList(found),
    counters: {
      open: countOf(isOpen),
      overdue: found.overdue,
      dueToday: found.due_today,
      dueThisWeek: found.due_this_week,
      completedToday: completedPerDay.at(-1)?.count ?? 0,
      completedThisWeek: completedPerDay.reduce(
        (sum, { day, count }) => (day < found.week_start ? sum : sum + count),
        0,
      ),
      highPriority: countOf((one) => isOpen(one) && one.priority >= PRIORITY_HIGH),
      inProgress: countOf(({ status }) => status === "in_progress"),
    },
    completedPerDay,
    streak: found.streak,
    onTime: { count: found.on_time, of: found.dated },
    medianSecondsToComplete: found.median_seconds,
    byStatus: TODO_STATUSES.map((status) => ({ status, count: countOf((one) => one.status === status) })),
    byPriority: PRIORITIES.map((priority) => ({
      priority,
      count: countOf((one) => isOpen(one) && one.priority === priority),
    })),
    byTag: (found.by_tag ?? []).map(([id, name, colour, count]) => ({ tag: { id, name, colour }, count })),
    mostPostponed: (found.most_postponed ?? []).map(([id, title, dueDate, times]) => ({
      id,
      title,
      dueDate,
      times,
    })),
  };
}

function isOpen({ status }: { status: TodoStatus }): boolean {
  return status === "pending" || status === "in_progress";
}

function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10);
}

/** They are open, and not in the trash. */
function readList({ list, list_tags }: Found): TodoRow[] {
  const tagsOf = (id: string) => (list_tags ?? []).filter(([todoId]) => todoId === id);
  return (list ?? []).map(
    ([
      id,
      organizationId,
      title,
      hasDescription,
      status,
      priority,
      dueDate,
      dueTime,
      scheduledFor,
      createdAt,
      updatedAt,
      version,
    ]) => ({
      id,
      organizationId,
      title,
      hasDescription,
      status,
      priority,
      dueDate,
      dueTime: dueTime === null ? null : dueTime.slice(0, 5),
      scheduledFor,
      completedAt: null,
      createdAt: new Date(createdAt),
      updatedAt: new Date(updatedAt),
      deletedAt: null,
      version,
      tags: tagsOf(id).map(([, tagId, name, colour]) => ({ id: tagId, name, colour })),
    }),
  );
}
