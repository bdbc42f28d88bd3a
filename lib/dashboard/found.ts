import { valuesOf, type Columns } from "../db/columns";
import { DASHBOARD_DAYS, DASHBOARD_TAGS_MAX, PRIORITY_HIGH, PRIORITY_MAX, PRIORITY_MIN } from "../db/limits";
import type { Actor } from "../db/scope";
import { TODO_STATUSES, type TodoRow } from "../todos/types";
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
 * The value that app.tell_dashboard gives (drizzle/0014_marked_dashboards.sql), as app.compute_dashboard finds it
 * (drizzle/0010_dashboards.sql): what is the same all day, whatever time it is. A list of rows is an array for each
 * column, or a text for a column of ids, days, times or colours, with commas in between and nothing for null; all of them
 * are null when there are no rows. A position counts from 0.
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

/** All of it but what depends on the time of day and on the day that weeks begin on. */
type OfTheDay = Omit<Dashboard, "counters"> & {
  counters: Pick<Dashboard["counters"], "open" | "completedToday" | "highPriority" | "inProgress">;
};

/** What was made of what was found. A process gets the same again until something changes: see lib/db/memory.ts. */
const made = new WeakMap<Found, OfTheDay>();

/**
 * Makes the dashboard of what the database found, for whoever asked, on the day that it was found for. Of the same it makes
 * most only once: what it gives is left as it is. It is read by columns: rows would only be made to be read.
 */
export function readFound(found: Found, actor: Actor): Dashboard {
  let ofTheDay = made.get(found);
  if (ofTheDay === undefined) {
    ofTheDay = readOfTheDay(found, actor);
    made.set(found, ofTheDay);
  }
  const [pastDue, ...due] = found.due;
  const late = countUntil(found.times_today, secondsOf(actor.localTime) - 1);
  const daysIntoWeek = (daysUntil(actor.today).weekday - (actor.preferences.weekStart ?? 1) + 7) % 7;
  return {
    ...ofTheDay,
    counters: {
      ...ofTheDay.counters,
      overdue: pastDue + late,
      dueToday: countUntil(due, 0) - late,
      dueThisWeek: countUntil(due, 6 - daysIntoWeek) - late,
      completedThisWeek: sumOf(ofTheDay.completedPerDay.slice(-1 - daysIntoWeek)),
    },
  };
}

function readOfTheDay(found: Found, { today, personalOrganizationId }: Actor): OfTheDay {
  const tags = readTags(found);
  const byStatus = TODO_STATUSES.map((status) => ({ status, count: 0 }));
  const byPriority = PRIORITIES.map((priority) => ({ priority, count: 0 }));
  const [statuses, priorities, counts] = valuesOf(found.counts);
  for (const [row, count] of counts.entries()) {
    const status = statuses[row] || 0;
    const [ofStatus, ofPriority] = [byStatus[status], byPriority[PRIORITY_MAX - (priorities[row] || 0)]];
    if (ofStatus) ofStatus.count += count || 0;
    if (ofPriority && status < OPEN_STATUSES) ofPriority.count += count || 0;
  }
  const [daysAgo, countsOfDays, daysBefore] = found.completed;
  const completedPerDay = readDays(today, [daysAgo, countsOfDays]);
  const [dated, onTime, medianSeconds] = found.pace;
  return {
    list: readList(found, tags, personalOrganizationId),
    counters: {
      open: sumOf(byPriority),
      completedToday: completedPerDay.at(-1)?.count ?? 0,
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
    mostPostponed: readMostPostponed(found),
  };
}

type CountedTag = Dashboard["byTag"][number];

/** By their names, those without open todos included. */
function readTags(found: Found): CountedTag[] {
  const [ids, names, colours, counts] = valuesOf(found.tags);
  return ids.map((id, row) => ({
    tag: { id, name: names[row] ?? "", colour: colours[row] ?? "" },
    count: counts[row] || 0,
  }));
}

function readMostPostponed(found: Found): Dashboard["mostPostponed"] {
  const [ids, titles, dueDates, times] = valuesOf(found.most_postponed);
  return ids.map((id, row) => ({
    id,
    title: titles[row] ?? "",
    dueDate: dueDates[row] || null,
    times: times[row] || 0,
  }));
}

function sumOf(counted: readonly { count: number }[]): number {
  return counted.reduce((sum, { count }) => sum + count, 0);
}

/** Of columns of what is counted by and of counts, those up to a limit. */
function countUntil(columns: Columns<[by: number, count: number]>, limit: number): number {
  const [by, counts] = valuesOf(columns);
  return counts.reduce<number>((sum, count, row) => ((by[row] || 0) <= limit ? sum + (count || 0) : sum), 0);
}

/** Since midnight, of HH:MM:SS. */
function secondsOf(time: string): number {
  return (Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))) * 60 + Number(time.slice(6, 8));
}

/** Every day that is shown, today last. */
function readDays(
  today: string,
  completed: Columns<[daysAgo: number, count: number]>,
): Dashboard["completedPerDay"] {
  const days = daysUntil(today).days.map((day) => ({ day, count: 0 }));
  const [daysAgo, counts] = valuesOf(completed);
  for (const [row, count] of counts.entries()) {
    const day = days[DASHBOARD_DAYS - 1 - (daysAgo[row] || 0)];
    if (day) day.count += count || 0;
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

/** They are open, and not in the trash. */
function readList(found: Found, tags: CountedTag[], personalOrganizationId: string): TodoRow[] {
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
  const [inList, inTags] = valuesOf(found.list_tags);
  for (const [link, row] of inList.entries()) {
    const counted = tags[inTags[link] || 0];
    if (counted) list[row || 0]?.tags.push(counted.tag);
  }
  return list;
}
