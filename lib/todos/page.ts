import { sql, type SQL, type SQLWrapper } from "drizzle-orm";
import { PAGE_SIZE } from "../db/limits";
import { todos } from "../db/schema/todos";
import type { Database } from "../db/client";
import { all } from "./conditions";
import { rowColumns } from "./rows";
import type { SortDirection } from "./types";

/** A run of rows in an order, and where in it a page begins. */
export type Run = {
  orderBy: SQLWrapper[];
  direction: SortDirection;
  /** Chooses rows that stand together in the index of the order. */
  range: SQL;
  /** What else is asked of them, row by row and of all; null when they are all wanted. */
  wanted: { rowByRow: SQL; ofAll: SQL } | null;
  keys: SQLWrapper[];
  /** The values of `keys` that the page begins after: one comparison of rows, which an index can start at. */
  after: readonly (string | number)[] | null;
  /** Whether an index has the rows of `range` in this order. */
  indexed: boolean;
};

/** How many rows are looked through in the order of the list before the few that are wanted are gathered. */
const WALK = 2_000;
/** One more than is shown tells whether there is a next page. */
const ROWS = PAGE_SIZE + 1;

/**
 * The statement that reads a page of a run. Where everything in a stretch of an index is wanted, it is read from there.
 * Where only some of it is, that can be every second row or one in a million: so a stretch is looked through first, and
 * when that did not fill the page, the ones that are wanted are gathered by whatever index knows of them, and sorted.
 * This is decided by what was found and not by what the planner expects of a tag or a word.
 */
export function pageStatement(db: Database, run: Run) {
  const { direction, keys, after, indexed, wanted } = run;
  const ordered = sql.join(
    run.orderBy.map((key) => sql`${key} ${sql.raw(direction)}`),
    sql`, `,
  );
  const beyond = sql.raw(direction === "asc" ? ">" : "<");
  const range = all([run.range, after ? sql`${tuple(keys)} ${beyond} ${tuple(after)}` : undefined]);
  const rows = db.select(rowColumns).from(todos);
  if (indexed && wanted === null) return rows.where(range).orderBy(ordered).limit(ROWS);
  const gathered = sql`
    select todos.id from (
      select * from app.visible_todos ${todos} where ${all([range, wanted?.ofAll])} offset 0) todos
     order by ${ordered} limit ${ROWS}`;
  const ids = indexed && wanted !== null ? walkedOr(gathered, range, wanted.rowByRow, ordered) : gathered;
  return rows
    .where(sql`${todos.id} = any (array(${ids}))`)
    .orderBy(ordered)
    .limit(ROWS);
}

/** A CASE is asked row by row: what it holds is never made a join, which would read all of a tag to look at a page. */
function walkedOr(gathered: SQL, range: SQL, wanted: SQL, ordered: SQL): SQL {
  const full = sql`(select count(*) = ${ROWS} from walked)`;
  return sql`
    with walked as materialized (
      select todos.id from (select * from todos where ${range} order by ${ordered} limit ${WALK}) todos
       where case when ${wanted} then true end
       order by ${ordered} limit ${ROWS}
    )
    select id from walked where ${full}
    union all
    select id from (${gathered}) gathered where not ${full}`;
}

function tuple(parts: readonly (SQLWrapper | string | number)[]): SQL {
  return sql`(${sql.join(
    parts.map((part) => sql`${part}`),
    sql`, `,
  )})`;
}
