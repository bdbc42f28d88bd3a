import { dayHeading, isOverdue, type Clock } from "@/app/_todos/due";
import { matchesQuery } from "@/app/_todos/query-match";
import { currentRow, isBeingAdded, knownRows, type TodosState } from "@/app/_todos/reducer";
import { isOpen } from "@/app/_todos/status";
import type { Presence } from "@/lib/query/types";
import { statusOf } from "@/lib/todos/filter";
import type { DueFilter, StatusFilter, TagFilter, TodoFilter, TodoRow, TodoStatus } from "@/lib/todos/types";

/** What a list holds, as far as the browser needs it to keep the list true after changes. */
export type ListView =
  | { kind: "today" }
  | { kind: "upcoming" }
  | { kind: "filter"; filter: TodoFilter }
  | { kind: "trash" }
  /** A list that takes in nothing new: search results, the dashboard. */
  | { kind: "fixed" };

/** A page of a list: its rows in the server's order, when they were read, and whether newer rows come before them. */
export type ListPage = {
  rows: readonly TodoRow[];
  /** Milliseconds since the epoch by the server's clock, just before the rows were read. */
  readAt: number;
  /** Whether this is the list's beginning: there, rows that were added since are shown. */
  first: boolean;
};

/** A row of a list; `adding` while it is only in the browser. */
export type Listed = { todo: TodoRow; adding: boolean };

/**
 * A page's rows as they stand now, after those that belong in the list and were added or changed since it was read.
 * A row that was completed stays where it is until the list is read again; one that was deleted goes.
 */
export function listRows(state: TodosState, page: ListPage, view: ListView, clock: Clock): Listed[] {
  const onPage = new Set(page.rows.map((row) => row.id));
  const kept = page.rows
    .flatMap((row) => currentRow(state, row) ?? [])
    .filter((row) => stays(row, view, clock));
  const since = knownRows(state).filter(
    (row) =>
      page.first &&
      !onPage.has(row.id) &&
      isSince(state, row, page) &&
      belongs(state, row, page, view, clock),
  );
  return [...since, ...kept].map((todo) => ({ todo, adding: isBeingAdded(state, todo.id) }));
}

/**
 * A write's time is when it began, and the clocks of the database and of the pages are two: what was written so shortly
 * before a page was read may be missing from it.
 */
const underWayMs = 10_000;

/** Whether what last happened to a row may have happened too late for a page. */
function isSince(state: TodosState, row: TodoRow, page: ListPage): boolean {
  return isBeingAdded(state, row.id) || row.updatedAt.getTime() > page.readAt - underWayMs;
}

/** Whether a row that the page brought is still to be shown. Its status does not matter: what was done here stays. */
function stays(row: TodoRow, view: ListView, clock: Clock): boolean {
  if (view.kind === "trash") return row.deletedAt !== null;
  if (row.deletedAt !== null) return false;
  if (view.kind === "today") return row.dueDate !== null && row.dueDate <= clock.today;
  if (view.kind === "upcoming") return row.dueDate !== null && row.dueDate > clock.today;
  return true;
}

/** Whether a row that the page did not bring belongs in its list. */
function belongs(state: TodosState, row: TodoRow, page: ListPage, view: ListView, clock: Clock): boolean {
  const addedSince = isBeingAdded(state, row.id) || row.createdAt.getTime() > page.readAt;
  if (!addedSince) return belongsInList(row, view, clock) === true;
  // What was added here and then completed here stays as well, and so does what only the database can judge.
  return belongsInList({ ...row, status: "pending" }, view, clock) !== false;
}

/** Whether a list, read anew, would hold a todo; null where only the database can say. */
export function belongsInList(row: TodoRow, view: ListView, clock: Clock): boolean | null {
  if (view.kind === "fixed" || !stays(row, view, clock)) return false;
  return view.kind === "trash" || matchesFilter(row, view.kind === "filter" ? view.filter : {}, clock);
}

/**
 * Whether a todo matches a filter, as listTodos in lib/todos/repository.ts would say; null where only the database can
 * say: whose a todo is, and most of what a query asks of words.
 */
export function matchesFilter(row: TodoRow, filter: TodoFilter, clock: Clock): boolean | null {
  const { owner = "me", organizationId, priority, query, scheduled, scheduledFrom, scheduledTo } = filter;
  const matches =
    (organizationId === undefined || row.organizationId === organizationId) &&
    matchesStatus(row.status, statusOf(filter)) &&
    matchesDue(row, filter, clock) &&
    matchesTags(row, filter.tags ?? {}) &&
    matchesRange(row.scheduledFor, scheduled, scheduledFrom, scheduledTo) &&
    (priority === undefined || (row.priority >= priority.min && row.priority <= priority.max));
  const found = query === undefined ? true : matchesQuery(row, query, clock);
  if (!matches || found === false) return false;
  return owner === "me" ? found : null;
}

function matchesTags({ tags }: TodoRow, { all = [], any = [], none = [], presence }: TagFilter): boolean {
  const carried = new Set(tags.map(({ name }) => name.toLowerCase()));
  const has = (name: string) => carried.has(name.toLowerCase());
  return (
    all.every(has) &&
    (any.length === 0 || any.some(has)) &&
    !none.some(has) &&
    (presence === undefined || (presence === "any") === carried.size > 0)
  );
}

function matchesRange(day: string | null, presence?: Presence, from?: string, to?: string): boolean {
  if (presence !== undefined && (presence === "any") !== (day !== null)) return false;
  if (from !== undefined && (day === null || day < from)) return false;
  return to === undefined || (day !== null && day <= to);
}

function matchesStatus(status: TodoStatus, wanted: StatusFilter): boolean {
  if (wanted === "all") return true;
  if (wanted === "open") return isOpen(status);
  if (wanted === "done") return !isOpen(status);
  return status === wanted;
}

function matchesDue(row: TodoRow, { due, from, to }: TodoFilter, clock: Clock): boolean {
  const day = row.dueDate;
  if (from !== undefined && (day === null || day < from)) return false;
  if (to !== undefined && (day === null || day > to)) return false;
  if (due === undefined) return true;
  const late = isOverdue(day, row.dueTime, clock);
  const matches: Record<DueFilter, boolean> = {
    any: day !== null,
    none: day === null,
    overdue: late,
    today: day === clock.today && !late,
    until_today: day !== null && day <= clock.today,
    upcoming: day !== null && day > clock.today,
  };
  return matches[due];
}

export type Group = { key: string; heading: string; rows: Listed[] };

/** Today's list in two groups, each by day and time; an empty one is left out. */
export function groupToday(rows: readonly Listed[], clock: Clock): Group[] {
  const late = (row: Listed) => isOverdue(row.todo.dueDate, row.todo.dueTime, clock);
  return [
    { key: "overdue", heading: "Overdue", rows: inOrder(rows.filter(late)) },
    { key: "today", heading: "Today", rows: inOrder(rows.filter((row) => !late(row))) },
  ].filter((group) => group.rows.length > 0);
}

/** A list in groups of one due day each, the nearest first. */
export function groupByDay(rows: readonly Listed[], clock: Clock): Group[] {
  const groups: Group[] = [];
  for (const row of inOrder(rows)) {
    const day = row.todo.dueDate ?? "";
    const last = groups.at(-1);
    if (last?.key === day) last.rows.push(row);
    else groups.push({ key: day, heading: dayHeading(day, clock.today), rows: [row] });
  }
  return groups;
}

/** By day, then by time with those without one last, then the most important first. Equal ones keep their order. */
function inOrder(rows: readonly Listed[]): Listed[] {
  return rows.toSorted(
    ({ todo: a }, { todo: b }) =>
      compare(a.dueDate ?? "9", b.dueDate ?? "9") ||
      compare(a.dueTime ?? "9", b.dueTime ?? "9") ||
      b.priority - a.priority,
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
