import { isNotNull, isNull, sql } from "drizzle-orm";
import { COUNT_MAX, PAGE_SIZE } from "../db/limits";
import { todos } from "../db/schema/todos";
import type { Database } from "../db/client";
import type { Scope } from "../db/scope";
import { all, reachOf, wishesOf, type Wish } from "./conditions";
import { cursorList, readCursor, TRASH_LIST, writeCursor, type Cursor, type CursorList } from "./cursor";
import { statusOf } from "./filter";
import { idsOf, orderOf, rangeOf, type Run } from "./page";
import { END_OF_DAY, mine, rowColumns, timeOrEnd, titleOrder } from "./rows";
import { among, wantedOf } from "./ways";
import type { TodoFilter, TodoPage, TodoSort } from "./types";

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
        reach: all([mine, isNotNull(todos.deletedAt)]),
        range: null,
        wanted: null,
        keys,
        after,
        people: "one",
      },
    ],
  });
}

/** How many todos a filter finds; stops at COUNT_MAX. */
export async function countTodos(scope: Scope, filter: TodoFilter): Promise<number> {
  // In no order that is seen: the open ones are together in an index by priority, all others in that of any order.
  const list = cursorList({ ...filter, sort: statusOf(filter) === "open" ? "priority" : "created" });
  const [run] = runsOf(filter, list, null, { ordered: false });
  const [rows] = await scope.run("todos.countTodos", [
    scope.db.select({ count: sql<number>`count(*)::int` }).from(sql`(${idsOf(run, COUNT_MAX)}) found`),
  ]);
  return rows[0]?.count ?? 0;
}

type PageOptions<Sort extends CursorList["sort"]> = {
  name: string;
  list: CursorList<Sort>;
  cursor: string | undefined;
  runs: (after: Cursor<Sort> | null) => [Run, Run?];
};

async function readPage<Sort extends CursorList["sort"]>(
  scope: Scope,
  { name, list, cursor, runs }: PageOptions<Sort>,
): Promise<TodoPage> {
  const start = cursor === undefined ? null : readCursor(scope.sealed, list, cursor);
  const [found] = await scope.run(name, [pageOf(scope.db, runs(start))]);
  const rows = found.slice(0, PAGE_SIZE);
  const last = rows.at(-1);
  return {
    rows,
    nextCursor: found.length > rows.length && last ? writeCursor(scope.sealed, list, last) : null,
    cursorLost: cursor !== undefined && start === null,
  };
}

/** One more row than is shown tells whether there is a next page. */
const ROWS = PAGE_SIZE + 1;

/** The statement that reads a page: what its first run has, and when that does not fill it, what the second has. */
function pageOf(db: Database, [run, next]: [Run, Run?]) {
  const rows = db.select(rowColumns).from(todos).limit(ROWS);
  if (next !== undefined) {
    const ids = sql`
      with first as materialized (${idsOf(run, ROWS)})
      select id from first
      union all select id from (${idsOf(next, ROWS)}) next where (select count(*) < ${ROWS} from first)`;
    return rows.where(among(ids)).orderBy(sql`${todos.dueDate} is null`, orderOf(run));
  }
  const isPlain = run.wanted === null && run.people === "one";
  return rows.where(isPlain ? rangeOf(run) : among(idsOf(run, ROWS))).orderBy(orderOf(run));
}

/** The runs that a list consists of: by due date those that have one and those that have none, otherwise one. */
function runsOf(
  filter: TodoFilter,
  { sort, direction }: CursorList<TodoSort>,
  after: Cursor<TodoSort> | null,
  { ordered } = { ordered: true },
): [Run, Run?] {
  const { owner, due, from, to } = filter;
  const reach = reachOf(filter);
  // What an index in this order has together needs no looking through.
  const open: Wish["about"][] = statusOf(filter) === "open" ? ["status"] : [];
  const together: Record<TodoSort, Wish["about"][]> = {
    priority: ["priority", ...(ordered ? [] : open)],
    due: ["due", ...open],
    created: ["created"],
    updated: ["updated"],
    title: [],
  };
  const wishes = wishesOf(filter, { rowByRow: true, manyRows: !ordered });
  const inRange = wishes
    .filter(({ about }) => together[sort].includes(about))
    .map(({ condition }) => condition);
  const others = wishes.filter(({ about }) => !together[sort].includes(about));
  const common = {
    direction,
    reach,
    people: owner === "everyone" ? ("many" as const) : ("one" as const),
    wanted: wantedOf(others, { owner, reach, ordered }),
  };
  if (sort !== "due") {
    const keys = {
      priority: ordered ? [todos.priority, todos.createdAt, todos.id] : [todos.priority],
      created: [todos.createdAt, todos.id],
      updated: [todos.updatedAt, todos.id],
      title: [titleOrder, todos.id],
    }[sort];
    const range = inRange.length > 0 ? all(inRange) : null;
    // A cursor's values are of its list's sort: readCursor reads no others.
    return [
      { ...common, range, orderBy: keys, keys, after: after as Cursor<Exclude<TodoSort, "due">> | null },
    ];
  }
  const orderBy = [todos.dueDate, timeOrEnd, todos.id];
  const [dueDate, dueTime, id] = (after as Cursor<"due"> | null) ?? [undefined, null, ""];
  const dated: Run = {
    ...common,
    range: all([...inRange, isNotNull(todos.dueDate)]),
    orderBy,
    keys: orderBy,
    after: dueDate ? [dueDate, dueTime ?? END_OF_DAY, id] : null,
  };
  const undated: Run = {
    ...common,
    range: all([...inRange, isNull(todos.dueDate)]),
    orderBy,
    keys: [timeOrEnd, todos.id],
    after: dueDate === null ? [END_OF_DAY, id] : null,
  };
  if (due === "none" || dueDate === null) return [undated];
  return due !== undefined || from !== undefined || to !== undefined ? [dated] : [dated, undated];
}
