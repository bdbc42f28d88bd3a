import { isNotNull, isNull, sql, type SQL } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { COUNT_MAX, PAGE_SIZE } from "../db/limits";
import { todos } from "../db/schema/todos";
import type { Scope } from "../db/scope";
import { all, inReach, matching, narrowing } from "./conditions";
import { cursorList, readCursor, TRASH_LIST, writeCursor, type Cursor, type CursorList } from "./cursor";
import { END_OF_DAY, mine, rowColumns, timeOrEnd, titleOrder } from "./rows";
import type { TodoFilter, TodoPage, TodoRow, TodoSort } from "./types";

/**
 * One page of todos, by default of my open ones. Pages go by keyset: a cursor says after which row the page begins, so
 * that the thousandth page costs what the first does, and what was shown is not shown again because something was added
 * before it. Sorted by due date, todos without one come last, in both directions. A cursor that is not of this list and
 * this session gives the beginning, and `cursorLost` says so.
 */
export async function listTodos(scope: Scope, filter: TodoFilter): Promise<TodoPage> {
  const list = cursorList(filter);
  return readPage(scope, {
    name: "todos.listTodos",
    list,
    cursor: filter.cursor,
    wanted: all([inReach(filter), ...narrowing(filter)]),
    runs: (after) => runsOf(filter, list.sort, after),
  });
}

/** One page of what I deleted and can restore, the latest first. */
export async function listTrash(scope: Scope, input: { cursor?: string | undefined }): Promise<TodoPage> {
  const keys = [todos.deletedAt, todos.id];
  return readPage(scope, {
    name: "todos.listTrash",
    list: TRASH_LIST,
    cursor: input.cursor,
    wanted: all([mine, isNotNull(todos.deletedAt)]),
    runs: (after) => [{ orderBy: keys, keys, after }],
  });
}

/** How many todos a filter finds; stops at COUNT_MAX. */
export async function countTodos(scope: Scope, filter: TodoFilter): Promise<number> {
  const found = scope.db
    .select({ one: sql`1`.as("one") })
    .from(todos)
    .where(matching(filter))
    .limit(COUNT_MAX);
  const [rows] = await scope.run("todos.countTodos", [
    scope.db.select({ count: sql<number>`count(*)::int` }).from(found.as("found")),
  ]);
  return rows[0]?.count ?? 0;
}

/** A run of rows in the order of an index, and where in it the page begins. */
type Run = {
  where?: SQL;
  orderBy: (PgColumn | SQL)[];
  keys: (PgColumn | SQL)[];
  /** The values of `keys` that the page begins after: one comparison of rows, which an index can start at. */
  after: readonly (string | number)[] | null;
};

type PageOptions<Sort extends CursorList["sort"]> = {
  name: string;
  list: CursorList<Sort>;
  cursor: string | undefined;
  wanted: SQL;
  runs: (after: Cursor<Sort> | null) => Run[];
};

async function readPage<Sort extends CursorList["sort"]>(
  scope: Scope,
  { name, list, cursor, wanted, runs }: PageOptions<Sort>,
): Promise<TodoPage> {
  const start = cursor === undefined ? null : readCursor(scope.sealed, list, cursor);
  const direction = sql.raw(list.direction);
  const beyond = sql.raw(list.direction === "asc" ? ">" : "<");
  const statements = runs(start).map(({ where, orderBy, keys, after }) =>
    scope.db
      .select(rowColumns)
      .from(todos)
      .where(all([wanted, where, after ? sql`${tuple(keys)} ${beyond} ${tuple(after)}` : undefined]))
      .orderBy(...orderBy.map((key) => sql`${key} ${direction}`))
      .limit(PAGE_SIZE + 1),
  );
  const found: TodoRow[] = (await scope.run(name, statements)).flat();
  const rows = found.slice(0, PAGE_SIZE);
  const last = rows.at(-1);
  return {
    rows,
    nextCursor: found.length > rows.length && last ? writeCursor(scope.sealed, list, last) : null,
    cursorLost: cursor !== undefined && start === null,
  };
}

function tuple(parts: readonly (PgColumn | SQL | string | number)[]): SQL {
  return sql`(${sql.join(
    parts.map((part) => sql`${part}`),
    sql`, `,
  )})`;
}

function runsOf(filter: TodoFilter, sort: TodoSort, after: Cursor<TodoSort> | null): Run[] {
  // A cursor's values are of its list's sort: readCursor reads no others.
  if (sort === "due") return dueRuns(filter, after as Cursor<"due"> | null);
  const keys = {
    priority: [todos.priority, todos.createdAt, todos.id],
    created: [todos.createdAt, todos.id],
    updated: [todos.updatedAt, todos.id],
    title: [titleOrder, todos.id],
  }[sort];
  return [{ orderBy: keys, keys, after: after as Cursor<Exclude<TodoSort, "due">> | null }];
}

/** The runs that a list by due date consists of: those with one, then those without. */
function dueRuns({ due, from, to }: TodoFilter, after: Cursor<"due"> | null): Run[] {
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
