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
import { TODO_STATUSES, type TagLabel, type TodoRow, type TodoStatus } from "../todos/types";
import type { Dashboard } from "./types";

/** From the highest down. */
const PRIORITIES = Array.from(
  { length: PRIORITY_MAX - PRIORITY_MIN + 1 },
  (_, index) => PRIORITY_MAX - index,
);

/** What app.dashboard gives (drizzle/0005_counters.sql): rows without names, null for none. */
type Found = {
  list: ListRow[] | null;
  list_tags: Columns<[todoId: string, tagId: string]>;
  tag_counts: Columns<[tagId: string, count: number]>;
  /** All that are spoken of, by name. */
  tags: [id: string, name: string, colour: string][] | null;
  /** Of what is not in the trash; zeros left out. */
  counts: Columns<[status: TodoStatus, priority: number, count: number]>;
  /** Before today; then of today and the six days to come. A day stands there once for each organization. */
  due: [past: number, ...Columns<[daysAhead: number, count: number]>];
  /** Of those of today, how many are past their time. */
  late_today: number;
  /** Likewise; last, how many days in a row come before those that are shown, 0 when one of them is empty. */
  completed: [...Columns<[daysAgo: number, count: number]>, before: number];
  pace: [dated: number, onTime: number, medianSeconds: number | null];
  most_postponed: [id: string, title: string, dueDate: string | null, times: number][] | null;
};

/** Rows as a list for each column, all of them null when there are none. */
type Columns<Row extends unknown[]> = { [Column in keyof Row]: Row[Column][] | null };

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
  createdAtMs: number,
  updatedAtMs: number,
  version: number,
];

/**
 * The dashboard of the person who asks, in one statement. Days and weeks are those of their time zone and their
 * settings. Most of it is kept by triggers and only read here; see drizzle/0005_counters.sql.
 */
export async function getDashboard(scope: Scope): Promise<Dashboard> {
  const found = await scope.call<Found>(
    "dashboard.getDashboard",
    sql`app.dashboard(${DASHBOARD_LIST_SIZE}, ${DASHBOARD_DAYS}, ${DASHBOARD_SAMPLE_MAX}, ${DASHBOARD_TAGS_MAX},
      ${DASHBOARD_POSTPONED_MAX})`,
  );
  const { today, preferences } = await scope.actor();

  const byStatus = new Map<TodoStatus, number>();
  const openByPriority = new Map<number, number>();
  for (const [status, priority, count] of rowsOf(found.counts)) {
    byStatus.set(status, (byStatus.get(status) ?? 0) + count);
    if (status === "completed" || status === "cancelled") continue;
    openByPriority.set(priority, (openByPriority.get(priority) ?? 0) + count);
  }
  const open = PRIORITIES.map((priority) => ({ priority, count: openByPriority.get(priority) ?? 0 }));
  const [pastDue, ...dueColumns] = found.due;
  const due = rowsOf(dueColumns).map(([daysAhead, count]) => ({ daysAhead, count }));
  const dueUntil = (days: number) => sumOf(due.filter((one) => one.daysAhead <= days)) - found.late_today;
  const [daysAgo, countsOfDays, daysBefore] = found.completed;
  const completedPerDay = readDays(today, rowsOf([daysAgo, countsOfDays]));
  const daysIntoWeek = (weekday(today) - (preferences.weekStart ?? 1) + 7) % 7;
  const [dated, onTime, medianSeconds] = found.pace;
  const tags = new Map((found.tags ?? []).map(([id, name, colour]) => [id, { id, name, colour }]));
  return {
    list: readList(found, tags),
    counters: {
      open: sumOf(open),
      overdue: pastDue + found.late_today,
      dueToday: dueUntil(0),
      dueThisWeek: dueUntil(6 - daysIntoWeek),
      completedToday: completedPerDay.at(-1)?.count ?? 0,
      completedThisWeek: sumOf(completedPerDay.slice(-1 - daysIntoWeek)),
      highPriority: sumOf(open.filter(({ priority }) => priority >= PRIORITY_HIGH)),
      inProgress: byStatus.get("in_progress") ?? 0,
    },
    completedPerDay,
    streak: readStreak(completedPerDay, daysBefore),
    onTime: { count: onTime, of: dated },
    medianSecondsToComplete: medianSeconds,
    byStatus: TODO_STATUSES.map((status) => ({ status, count: byStatus.get(status) ?? 0 })),
    byPriority: open,
    byTag: readTagCounts(found, tags),
    mostPostponed: (found.most_postponed ?? []).map(([id, title, dueDate, times]) => ({
      id,
      title,
      dueDate,
      times,
    })),
  };
}

function sumOf(counted: { count: number }[]): number {
  return counted.reduce((sum, { count }) => sum + count, 0);
}

function rowsOf<Row extends unknown[]>(columns: Columns<Row>): Row[] {
  const [first, ...rest]: (unknown[] | null)[] = columns;
  // A value of each column, which is what a row of theirs is.
  return (first ?? []).map((value, index) => [value, ...rest.map((column) => column?.[index])] as Row);
}

/** Every day that is shown, today last. */
function readDays(
  today: string,
  completed: [daysAgo: number, count: number][],
): Dashboard["completedPerDay"] {
  const counts = Array.from({ length: DASHBOARD_DAYS }, () => 0);
  for (const [daysAgo, count] of completed) counts[daysAgo] = (counts[daysAgo] ?? 0) + count;
  const todayMs = Date.parse(`${today}T00:00:00Z`);
  return counts
    .map((count, daysAgo) => ({
      day: new Date(todayMs - daysAgo * 86_400_000).toISOString().slice(0, 10),
      count,
    }))
    .toReversed();
}

/** From today, or from yesterday while today has nothing yet, back to the first day without any. */
function readStreak(completedPerDay: Dashboard["completedPerDay"], before: number): number {
  const days = completedPerDay.map(({ count }) => count > 0);
  if (days.at(-1) === false) days.pop();
  const gap = days.lastIndexOf(false);
  return gap === -1 ? days.length + before : days.length - 1 - gap;
}

/** ISO: Monday is 1, Sunday 7. */
function weekday(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}

type Tags = ReadonlyMap<string, TagLabel>;

/** The tags are in the order of their names, and so are those with equal counts. */
function readTagCounts({ tag_counts }: Found, tags: Tags): Dashboard["byTag"] {
  const countOf = new Map(rowsOf(tag_counts));
  return [...tags.values()]
    .flatMap((tag) => {
      const count = countOf.get(tag.id);
      return count === undefined ? [] : [{ tag, count }];
    })
    .toSorted((a, b) => b.count - a.count)
    .slice(0, DASHBOARD_TAGS_MAX);
}

/** They are open, and not in the trash. */
function readList({ list, list_tags }: Found, tags: Tags): TodoRow[] {
  const tagsOf = new Map(list?.map(([id]): [string, TagLabel[]] => [id, []]));
  const links = rowsOf(list_tags);
  for (const tag of tags.values()) {
    for (const [todoId, tagId] of links) if (tagId === tag.id) tagsOf.get(todoId)?.push(tag);
  }
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
      createdAtMs,
      updatedAtMs,
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
      createdAt: new Date(createdAtMs),
      updatedAt: new Date(updatedAtMs),
      deletedAt: null,
      version,
      tags: tagsOf.get(id) ?? [],
    }),
  );
}
