import { isNotNull, isNull, sql, type SQL } from "drizzle-orm";
import { COUNT_MAX, PAGE_SIZE } from "../db/limits";
import { todos } from "../db/schema/todos";
import type { Scope } from "../db/scope";
import { all, inReach, matching, narrowing, type Narrowing } from "./conditions";
import { cursorList, readCursor, TRASH_LIST, writeCursor, type Cursor, type CursorList } from "./cursor";
import { statusOf } from "./filter";
import { pageStatement, type Run } from "./page";
import { END_OF_DAY, mine, timeOrEnd, titleOrder } from "./rows";
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
    runs: (after) => runsOf(filter, list, after),
  });
}

/** One page of what I deleted and can restore, the latest first. */
export async function listTrash(scope: Scope, input: { cursor?: string | undefined }): Promise<TodoPage> {
  const keys = [todos.deletedAt, todos.id];
  return readPage(scope, {
    name: "todos.listTrash",
    list: TRASH_LIST,
    cursor: input.cursor,
    runs: (after) => [
      {
        orderBy: keys,
        direction: "desc",
        range: all([mine, isNotNull(todos.deletedAt)]),
        wanted: null,
        keys,
        after,
        indexed: true,
      },
    ],
  });
}

/** How many todos a filter finds; stops at COUNT_MAX. */
export async function countTodos(scope: Scope, filter: TodoFilter): Promise<number> {
  const found = sql`(select from app.visible_todos ${todos} where ${matching(filter)} limit ${COUNT_MAX}) found`;
  const [rows] = await scope.run("todos.countTodos", [
    scope.db.select({ count: sql<number>`count(*)::int` }).from(found),
  ]);
  return rows[0]?.count ?? 0;
}

type PageOptions<Sort extends CursorList["sort"]> = {
  name: string;
  list: CursorList<Sort>;
  cursor: string | undefined;
  runs: (after: Cursor<Sort> | null) => Run[];
};

async function readPage<Sort extends CursorList["sort"]>(
  scope: Scope,
  { name, list, cursor, runs }: PageOptions<Sort>,
): Promise<TodoPage> {
  const start = cursor === undefined ? null : readCursor(scope.sealed, list, cursor);
  const statements = runs(start).map((run) => pageStatement(scope.db, run));
  const found: TodoRow[] = (await scope.run(name, statements)).flat();
  const rows = found.slice(0, PAGE_SIZE);
  const last = rows.at(-1);
  return {
    rows,
    nextCursor: found.length > rows.length && last ? writeCursor(scope.sealed, list, last) : null,
    cursorLost: cursor !== undefined && start === null,
  };
}

/** The runs that a list consists of: by due date those that have one and those that have none, otherwise one. */
function runsOf(
  filter: TodoFilter,
  { sort, direction }: CursorList<TodoSort>,
  after: Cursor<TodoSort> | null,
): Run[] {
  const { owner = "me", due, from, to } = filter;
  const open = statusOf(filter) === "open";
  // What an index in this order has together needs no looking through.
  const together: (keyof Narrowing)[] =
    sort === "due"
      ? ["due", ...(open ? (["status"] as const) : [])]
      : sort === "priority"
        ? ["priority"]
        : [];
  const split = (asked: Narrowing) => {
    const [inRange, others]: [SQL[], SQL[]] = [[], []];
    for (const [about, conditions] of Object.entries(asked)) {
      (together.some((one) => one === about) ? inRange : others).push(...conditions);
    }
    return { inRange, others };
  };
  const { inRange, others } = split(narrowing(filter));
  const rowByRow = all(split(narrowing(filter, { rowByRow: true })).others);
  const common = {
    direction,
    range: all([inReach(filter), ...inRange]),
    wanted: others.length > 0 ? { rowByRow, ofAll: all(others) } : null,
    indexed: owner === "me",
  };
  if (sort !== "due") {
    const keys = {
      priority: [todos.priority, todos.createdAt, todos.id],
      created: [todos.createdAt, todos.id],
      updated: [todos.updatedAt, todos.id],
      title: [titleOrder, todos.id],
    }[sort];
    // A cursor's values are of its list's sort: readCursor reads no others.
    return [{ ...common, orderBy: keys, keys, after: after as Cursor<Exclude<TodoSort, "due">> | null }];
  }
  const orderBy = [todos.dueDate, timeOrEnd, todos.id];
  const [dueDate, dueTime, id] = (after as Cursor<"due"> | null) ?? [undefined, null, ""];
  const dated: Run = {
    ...common,
    range: all([common.range, isNotNull(todos.dueDate)]),
    orderBy,
    keys: orderBy,
    after: dueDate ? [dueDate, dueTime ?? END_OF_DAY, id] : null,
  };
  const undated: Run = {
    ...common,
    range: all([common.range, isNull(todos.dueDate)]),
    orderBy,
    keys: [timeOrEnd, todos.id],
    after: dueDate === null ? [END_OF_DAY, id] : null,
  };
  if (due === "none" || dueDate === null) return [undated];
  return due !== undefined || from !== undefined || to !== undefined ? [dated] : [dated, undated];
}
