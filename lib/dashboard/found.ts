import { rowsOf, valuesOf, type Columns } from "../db/columns";
import { DASHBOARD_DAYS, DASHBOARD_TAGS_MAX, PRIORITY_HIGH, PRIORITY_MAX, PRIORITY_MIN } from "../db/limits";
import type { Actor } from "../db/scope";
import { TODO_STATUSES, type TagLabel, type TodoRow } from "../todos/types";
import type { Dashboard } from "./types";

/** From the highest down. */
const PRIORITIES = Array.from(
  { length: PRIORITY_MAX - PRIORITY_MIN + 1 },
  (_, index) => PRIORITY_MAX - index,
);

const IN_PROGRESS = TODO_STATUSES.indexOf("in_progress");
/** The open ones come first among TODO_STATUSES. */
const OPEN_STATUSES = 2;

/**
 * What app.read_dashboard gives (drizzle/0010_dashboards.sql): what is the same all day, whatever time it is. A list of
 * rows is an array for each column, or a text for a column of ids, days, times or colours, with commas in between and
 * nothing for null; all of them are null when there are no rows. A position counts from 0.
 */
export type Found = {
  list: Columns<ListRow>;
  /** By the tags' names. */
  list_tags: Columns<[positionInList: number, positionInTags: number]>;
  /** All that are spoken of, by name. The largest counts are among them, and those of tags that only the list has are 0. */
  tags: Columns<[id: string, name: string, colour: string, openCount: number]>;
  /** Of what is not in the trash; zeros left out. A status is its position in TODO_STATUSES. */
  counts: Columns<[status: number, priority: number, count: number]>;
  /** Before today; then of today and the six days to come. A day stands there once for each organization. */
  due: [past: number, ...Columns<[daysAhead: number, count: number]>];
  /** Those of today that have a time, in seconds since midnight. */
  times_today: Columns<[seconds: number, count: number]>;
  /** Likewise; last, how many days in a row come before those that are shown, 0 when one of them is empty. */
  completed: [...Columns<[daysAgo: number, count: number]>, before: number];
  pace: [dated: number, onTime: number, medianSeconds: number | null];
  most_postponed: Columns<[id: string, title: string, dueDate: string | null, times: number]>;
};

type ListRow = [
  id: string,
  /** Null for the personal one; all of the column is null when all of them are. */
  organizationId: string | null,
  title: string,
  hasDescription: 0 | 1,
  /** The others are pending: they are all open. */
  inProgress: 0 | 1,
  priority: number,
  dueDate: string | null,
  dueTime: string | null,
  scheduledFor: string | null,
  createdAtMs: number,
  /** After it was created. */
  updatedAfterMs: number,
  version: number,
];

/** Makes the dashboard of what the database found, for whoever asked. */
export function readFound(found: Found, actor: Actor): Dashboard {
  const { today, preferences } = actor;
  const tags = rowsOf(found.tags).map(([id, name, colour, count]) => ({ tag: { id, name, colour }, count }));
  const byStatus = TODO_STATUSES.map((status) => ({ status, count: 0 }));
  const byPriority = PRIORITIES.map((priority) => ({ priority, count: 0 }));
  for (const [status, priority, count] of rowsOf(found.counts)) {
    const [ofStatus, ofPriority] = [byStatus[status], byPriority[PRIORITY_MAX - priority]];
    if (ofStatus) ofStatus.count += count;
    if (ofPriority && status < OPEN_STATUSES) ofPriority.count += count;
  }
  const [pastDue, ...dueColumns] = found.due;
  const due = rowsOf(dueColumns);
  const late = countUntil(rowsOf(found.times_today), secondsOf(actor.localTime) - 1);
  const [daysAgo, countsOfDays, daysBefore] = found.completed;
  const completedPerDay = readDays(today, rowsOf([daysAgo, countsOfDays]));
  const daysIntoWeek = (daysUntil(today).weekday - (preferences.weekStart ?? 1) + 7) % 7;
  const [dated, onTime, medianSeconds] = found.pace;
  return {
    list: readList(
      found,
      tags.map(({ tag }) => tag),
      actor.personalOrganizationId,
    ),
    counters: {
      open: sumOf(byPriority),
      overdue: pastDue + late,
      dueToday: countUntil(due, 0) - late,
      dueThisWeek: countUntil(due, 6 - daysIntoWeek) - late,
      completedToday: completedPerDay.at(-1)?.count ?? 0,
      completedThisWeek: sumOf(completedPerDay.slice(-1 - daysIntoWeek)),
      highPriority: sumOf(byPriority.slice(0, 1 + PRIORITY_MAX - PRIORITY_HIGH)),
      inProgress: byStatus[IN_PROGRESS]?.count ?? 0,
    },
    completedPerDay,
    streak: readStreak(completedPerDay, daysBefore),
    onTime: { count: onTime, of: dated },
    medianSecondsToComplete: medianSeconds,
    byStatus,
    byPriority,
    // Those with equal counts stay in the order of their names.
    byTag: tags
      .filter(({ count }) => count > 0)
      .toSorted((a, b) => b.count - a.count)
      .slice(0, DASHBOARD_TAGS_MAX),
    mostPostponed: rowsOf(found.most_postponed).map(([id, title, dueDate, times]) => ({
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

/** Of pairs of what is counted by and a count, those up to a limit. */
function countUntil(counted: [number, number][], limit: number): number {
  return counted.reduce((sum, [by, count]) => (by <= limit ? sum + count : sum), 0);
}

/** Since midnight, of HH:MM:SS. */
function secondsOf(time: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = time.split(":").map(Number);
  return (hours * 60 + minutes) * 60 + seconds;
}

/** Every day that is shown, today last. */
function readDays(
  today: string,
  completed: [daysAgo: number, count: number][],
): Dashboard["completedPerDay"] {
  const days = daysUntil(today).days.map((day) => ({ day, count: 0 }));
  for (const [daysAgo, count] of completed) {
    const day = days[DASHBOARD_DAYS - 1 - daysAgo];
    if (day) day.count += count;
  }
  return days;
}

/** Of whoever asked last: mostly it is that of whoever asks next, and dates are slow to read and to write. */
let known: { today: string; days: string[]; weekday: number } | undefined;

/** The days that are shown, and today's place in an ISO week: Monday is 1, Sunday 7. */
function daysUntil(today: string): { days: readonly string[]; weekday: number } {
  if (known?.today !== today) {
    const midnight = new Date(`${today}T00:00:00Z`);
    const days = Array.from({ length: DASHBOARD_DAYS }, (_, index) =>
      new Date(midnight.getTime() - (DASHBOARD_DAYS - 1 - index) * 86_400_000).toISOString().slice(0, 10),
    );
    known = { today, days, weekday: midnight.getUTCDay() || 7 };
  }
  return known;
}

/** From today, or from yesterday while today has nothing yet, back to the first day without any. */
function readStreak(completedPerDay: Dashboard["completedPerDay"], before: number): number {
  const days = completedPerDay.map(({ count }) => count > 0);
  if (days.at(-1) === false) days.pop();
  const gap = days.lastIndexOf(false);
  return gap === -1 ? days.length + before : days.length - 1 - gap;
}

/** They are open, and not in the trash. Each column is read by itself: rows between would be made for each reading. */
function readList(found: Found, tags: TagLabel[], personalOrganizationId: string): TodoRow[] {
  const [ids, organizationIds, titles, withDescription, inProgress, priorities, ...rest] = valuesOf(
    found.list,
  );
  const [dueDates, dueTimes, scheduledFor, createdAtMs, updatedAfterMs, versions] = rest;
  const list = ids.map((id, row): TodoRow => {
    const createdMs = createdAtMs[row] || 0;
    return {
      id,
      organizationId: organizationIds[row] || personalOrganizationId,
      title: titles[row] ?? "",
      hasDescription: withDescription[row] === 1,
      status: inProgress[row] === 1 ? "in_progress" : "pending",
      priority: priorities[row] || 0,
      dueDate: dueDates[row] || null,
      dueTime: dueTimes[row] || null,
      scheduledFor: scheduledFor[row] || null,
      completedAt: null,
      createdAt: new Date(createdMs),
      updatedAt: new Date(createdMs + (updatedAfterMs[row] || 0)),
      deletedAt: null,
      version: versions[row] || 0,
      tags: [],
    };
  });
  for (const [inList, inTags] of rowsOf(found.list_tags)) {
    const tag = tags[inTags];
    if (tag) list[inList]?.tags.push(tag);
  }
  return list;
}
