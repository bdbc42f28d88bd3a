import { sql, type SQL, type SQLWrapper } from "drizzle-orm";
import { todos } from "../db/schema/todos";
import { all } from "./conditions";
import { notDeleted } from "./rows";
import type { SortDirection } from "./types";

/** A run of rows in an order, and where in it a page begins. */
export type Run = {
  orderBy: SQLWrapper[];
  direction: SortDirection;
  /** Whose todos it goes through, of which there may be many: then each one's are gone through in the order, and merged. */
  reach: SQL;
  people: "one" | "many";
  /** Chooses, in this reach, rows that stand together in the index of the order; null when they are all of it. */
  range: SQL | null;
  /** What else is asked of them; null when they are all wanted. */
  wanted: Wanted | null;
  keys: SQLWrapper[];
  /** The values of `keys` that the page begins after: one comparison of rows, which an index can start at. */
  after: readonly (string | number)[] | null;
};

export type Wanted = {
  /** As it is asked of a row that is looked through, whose id is there as `walked_id`, too. */
  walked: SQL;
  /** As it is asked of a row that was gathered. */
  gathered: SQL;
  ways: Way[];
};

/** A way to gather everything that may be wanted without going through all of the reach. */
export type Way = {
  /** The condition that an index is searched by. */
  found: SQL;
  /** Counts the rows that it gives, up to some more than a few; null for a last resort. */
  rows: SQL | null;
  /** The order of the index, so that the planner, who does not know that they are few, takes no other. */
  order?: SQL;
  /**
   * When these are not few: how many rows are looked through in the order of the list before this way is gone all the
   * same, as a LIMIT; null when it is better to look through all.
   */
  walk: SQL | null;
};

/** So many are gathered and sorted as quickly as the rows of a page are found among all others. */
export const FEW = 3_000;

/** The ids of the first rows of a run that are wanted. */
export function idsOf(run: Run, limit: number): SQL {
  const ways = run.wanted?.ways ?? [];
  const [way] = ways;
  if (way === undefined) return walked(run, limit, { walk: null });
  if (ways.length === 1 && way.rows === null) return gathered(run, limit, way);
  const last = ways.findLast(({ walk }) => walk !== null);
  const few = sql`(select rows <= ${FEW} from way)`;
  const enough = sql`(select enough from walk)`;
  const counts = ways.flatMap(({ rows }, number) => (rows === null ? [] : sql`(${number}::int, (${rows}))`));
  const branches = ways.map((one, number) => {
    const isChosen = sql`(${few} and (select number = ${number} from way))`;
    const isAsked = one === last ? sql`(${isChosen} or not ${few} and not ${enough})` : isChosen;
    return sql`union all select id from (${gathered(run, limit, one)}) gathered where ${isAsked}`;
  });
  return sql`
    with way as materialized (
      select number, rows from (values ${sql.join(counts, sql`, `)}) way (number, rows) order by rows limit 1
    ), walked as materialized (
      ${walked(run, limit, { when: sql`not ${few}`, walk: last?.walk ?? null })}
    ), walk as materialized (
      select ${last === undefined ? sql`true` : isEnough(run, limit, last)} as enough
    )
    select id from walked where not ${few} and ${enough}
    ${sql.join(branches, sql` `)}`;
}

/**
 * Looks through rows in their order until enough of them are wanted. A CASE is asked row by row, in the order that it is
 * written in, and tells the planner nothing to go another way by; nor does it make a join, which would read all of a tag.
 */
function walked(run: Run, limit: number, { when, walk }: { when?: SQL; walk: SQL | null }): SQL {
  const keys = run.orderBy.map((key, number) => sql`${key} as ${sql.raw(`key_${number}`)}`);
  const names = run.orderBy.map((_key, number) => `key_${number}`);
  const first = sql`order by ${sql.raw(names.map((name) => `${name} ${run.direction}`).join(", "))} limit ${limit}`;
  const isMany = run.people === "many";
  const reach = isMany ? sql`${todos.userId} = person.user_id and ${notDeleted}` : run.reach;
  const rows = all([reach, run.range ?? undefined, beyond(run), when]);
  const bound = walk === null ? sql`` : sql`limit ${walk}`;
  const wanted = run.wanted === null ? sql`` : sql`where case when ${run.wanted.walked} then true end`;
  const found = sql`
    select ${sql.raw(["id", ...(isMany ? names : [])].join(", "))} from (
      select *, id as walked_id, ${sql.join(keys, sql`, `)} from todos where ${rows} order by ${orderOf(run)} ${bound}) todos
     ${wanted} ${first}`;
  if (!isMany) return found;
  return sql`
    select id from unnest(app.colleagues()) person (user_id) cross join lateral (${found}) found ${first}`;
}

/** Whether the walk filled the page, or came to the end of the list before its bound. */
function isEnough(run: Run, limit: number, { walk }: Way): SQL {
  return sql`(select count(*) = ${limit} from walked)
    or not exists (select from todos where ${rangeOf(run)} order by ${orderOf(run)} offset ${walk} limit 1)`;
}

/** Reads what an index finds, whatever it is, and sorts those that are wanted. */
function gathered(run: Run, limit: number, { found, order }: Way): SQL {
  const { reach, range, wanted } = run;
  const isWanted = sql`case when ${all([range ?? undefined, beyond(run), wanted?.gathered])} then true end`;
  const few = order === undefined ? sql`offset 0` : sql`order by ${order} limit ${FEW}`;
  return sql`
    select id from (select * from app.visible_todos ${todos} where ${all([reach, found])} ${few}) todos
     where ${isWanted} order by ${orderOf(run)} limit ${limit}`;
}

/** The order of a run's rows. */
export function orderOf({ orderBy, direction }: Run): SQL {
  return sql.join(
    orderBy.map((key) => sql`${key} ${sql.raw(direction)}`),
    sql`, `,
  );
}

/** Where a page of a run is looked for. */
export function rangeOf(run: Run): SQL {
  return all([run.reach, run.range ?? undefined, beyond(run)]);
}

function beyond({ keys, after, direction }: Run): SQL | undefined {
  if (after === null) return undefined;
  return sql`${tuple(keys)} ${sql.raw(direction === "asc" ? ">" : "<")} ${tuple(after)}`;
}

function tuple(parts: readonly (SQLWrapper | string | number)[]): SQL {
  return sql`(${sql.join(
    parts.map((part) => sql`${part}`),
    sql`, `,
  )})`;
}
