import { and, eq, gt, gte, isNotNull, isNull, lte, sql, type SQL } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { PAGE_SIZE } from "../db/limits";
import { todos } from "../db/schema/todos";
import type { Scope } from "../db/scope";
import {
  cursorList,
  readCursor,
  TRASH_LIST,
  writeCursor,
  type Cursor,
  type CursorList,
  type CursorOf,
} from "./cursor";
import {
  dueTodayStill,
  END_OF_DAY,
  mine,
  notDeleted,
  open,
  overdue,
  rowColumns,
  timeOrEnd,
  today,
} from "./rows";
import {
  DEFAULT_STATUS,
  type DueFilter,
  type StatusFilter,
  type TodoFilter,
  type TodoPage,
  type TodoRow,
  type TodoSort,
} from "./types";

/**
 * One page of my todos. Pages go by keyset: a cursor says after which row the page begins, so that the thousandth page
 * costs what the first does, and what was shown is not shown again because something was added before it.
 * Sorted by due date, todos without one come last, in both directions. A cursor of another list counts as none;
 * parseTodoFilter tells the person.
 */
export async function listTodos(scope: Scope, filter: TodoFilter): Promise<TodoPage> {
  const list = cursorList(filter);
  const cursor = filter.cursor === undefined ? null : readCursor(list, filter.cursor);
  return readPage(
    scope,
    "todos.listTodos",
    list,
    runsOf(filter, list.sort, cursor),
    and(mine, notDeleted, ...conditions(filter)),
  );
}

/** One page of what I deleted and can restore, the latest first. */
export async function listTrash(scope: Scope, input: { cursor?: string | undefined }): Promise<TodoPage> {
  const cursor = input.cursor === undefined ? null : readCursor(TRASH_LIST, input.cursor);
  const keys = [todos.deletedAt, todos.id];
  const runs = [{ orderBy: keys, keys, after: cursor?.after ?? null }];
  return readPage(scope, "todos.listTrash", TRASH_LIST, runs, and(mine, isNotNull(todos.deletedAt)));
}

function conditions(filter: TodoFilter): (SQL | undefined)[] {
  const { due, from, to, priority, tag, text } = filter;
  return [
    statusCondition(filter.status ?? DEFAULT_STATUS),
    due && dueConditions[due],
    from === undefined ? undefined : gte(todos.dueDate, from),
    to === undefined ? undefined : lte(todos.dueDate, to),
    priority && and(gte(todos.priority, priority.min), lte(todos.priority, priority.max)),
    tag === undefined ? undefined : hasTag(tag),
    text === undefined ? undefined : contains(text),
  ];
}

function statusCondition(status: StatusFilter): SQL | undefined {
  switch (status) {
    case "all":
      return undefined;
    case "open":
      return open;
    case "done":
      return sql`${todos.status} in ('completed', 'cancelled')`;
    default:
      return eq(todos.status, status);
  }
}

const dueConditions: Record<DueFilter, SQL> = {
  overdue,
  today: dueTodayStill,
  until_today: lte(todos.dueDate, today),
  upcoming: gt(todos.dueDate, today),
  none: isNull(todos.dueDate),
  any: isNotNull(todos.dueDate),
};

function hasTag(name: string): SQL {
  return sql`exists (select from todo_tags link join tags tag on tag.id = link.tag_id
    where link.todo_id = ${todos.id} and lower(tag.name) = lower(${name}))`;
}

/** As it was typed: no character of it has a meaning of its own, as it would in LIKE. */
function contains(text: string): SQL {
  return sql`(strpos(lower(${todos.title}), lower(${text})) > 0
    or strpos(lower(${todos.description}), lower(${text})) > 0)`;
}

/** A run of rows in the order of an index, and where in it the page begins. */
type Run = {
  where?: SQL;
  orderBy: (PgColumn | SQL)[];
  keys: (PgColumn | SQL)[];
  /** The values of `keys` that the page begins after: one comparison of rows, which an index can start at. */
  after: (string | number)[] | null;
};

async function readPage(
  scope: Scope,
  name: string,
  list: CursorList,
  runs: Run[],
  wanted: SQL | undefined,
): Promise<TodoPage> {
  const direction = sql.raw(list.direction);
  const beyond = sql.raw(list.direction === "asc" ? ">" : "<");
  const statements = runs.map(({ where, orderBy, keys, after }) =>
    scope.db
      .select(rowColumns)
      .from(todos)
      .where(and(wanted, where, after ? sql`${tuple(keys)} ${beyond} ${tuple(after)}` : undefined))
      .orderBy(...orderBy.map((key) => sql`${key} ${direction}`))
      .limit(PAGE_SIZE + 1),
  );
  const found: TodoRow[] = (await scope.run(name, statements)).flat();
  const rows = found.slice(0, PAGE_SIZE);
  const last = rows.at(-1);
  return { rows, nextCursor: found.length > rows.length && last ? writeCursor(list, last) : null };
}

function tuple(parts: (PgColumn | SQL | string | number)[]): SQL {
  return sql`(${sql.join(
    parts.map((part) => sql`${part}`),
    sql`, `,
  )})`;
}

function runsOf(filter: TodoFilter, sort: TodoSort, cursor: Cursor | null): Run[] {
  if (sort === "due") return dueRuns(filter, cursor?.sort === "due" ? cursor.after : null);
  const keys = {
    priority: [todos.priority, todos.createdAt, todos.id],
    created: [todos.createdAt, todos.id],
    updated: [todos.updatedAt, todos.id],
  }[sort];
  return [{ orderBy: keys, keys, after: cursor?.sort === sort ? cursor.after : null }];
}

/** The runs that a list by due date consists of: those with one, then those without. */
function dueRuns({ due, from, to }: TodoFilter, after: CursorOf<"due">["after"] | null): Run[] {
  const orderBy = [todos.dueDate, timeOrEnd, todos.id];
  const [dueDate, dueTime, id] = after ?? [undefined, null, ""];
  const dated: Run = {
    where: isNotNull(todos.dueDate),
    orderBy,
    keys: orderBy,
    after: dueDate ? [dueDate, dueTime ?? END_OF_DAY, id] : null,
  };
  const undated: Run = {
    where: isNull(todos.dueDate),
    orderBy,
    keys: [timeOrEnd, todos.id],
    after: dueDate === null ? [END_OF_DAY, id] : null,
  };
  if (due === "none" || dueDate === null) return [undated];
  return due !== undefined || from !== undefined || to !== undefined ? [dated] : [dated, undated];
}
