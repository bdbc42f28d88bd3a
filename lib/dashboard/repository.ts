import { and, asc, count, desc, eq, sql, type SQL } from "drizzle-orm";
import { DASHBOARD_DAYS, DASHBOARD_LIST_SIZE, PRIORITY_HIGH, PRIORITY_MAX, PRIORITY_MIN } from "../db/limits";
import { tags, todoTags } from "../db/schema/tags";
import { todos } from "../db/schema/todos";
import type { Scope } from "../db/scope";
import { dueTodayStill, me, mine, notDeleted, open, overdue, rowColumns, today } from "../todos/rows";
import { TODO_STATUSES } from "../todos/types";
import type { Dashboard } from "./types";

const TAGS_MAX = 12;
/** From the highest down. */
const PRIORITIES = Array.from(
  { length: PRIORITY_MAX - PRIORITY_MIN + 1 },
  (_, index) => PRIORITY_MAX - index,
);

/** The dashboard of the person who asks. Days and weeks are those of their time zone and their settings. */
export async function getDashboard(scope: Scope): Promise<Dashboard> {
  const [list, [totals], { rows: completedPerDay }, byTag] = await scope.run("dashboard.getDashboard", [
    pressing(scope),
    counted(scope),
    completions(scope),
    tagged(scope),
  ]);
  if (totals === undefined) throw new Error("A count gave no row");
  const { statuses, priorities, weekStart, ...counters } = totals;
  const completedSince = (first: string) =>
    completedPerDay.reduce((sum, { day, count: completed }) => (day < first ? sum : sum + completed), 0);
  return {
    list,
    counters: {
      ...counters,
      completedToday: completedPerDay.at(-1)?.count ?? 0,
      completedThisWeek: completedSince(weekStart),
    },
    completedPerDay,
    byStatus: TODO_STATUSES.map((status, index) => ({ status, count: statuses[index] ?? 0 })),
    byPriority: PRIORITIES.map((priority, index) => ({ priority, count: priorities[index] ?? 0 })),
    byTag: byTag.map(({ count: todosWithIt, ...tag }) => ({ tag, count: todosWithIt })),
  };
}

/** Chosen from the covering index alone; only the twenty rows themselves are read from the table. */
function pressing({ db }: Scope) {
  const order = [
    desc(todos.priority),
    sql`${todos.dueDate} asc nulls last`,
    asc(todos.createdAt),
    asc(todos.id),
  ];
  const chosen = db
    .select({ id: todos.id })
    .from(todos)
    .where(and(mine, notDeleted, open))
    .orderBy(...order)
    .limit(DASHBOARD_LIST_SIZE)
    .as("chosen");
  return db
    .select(rowColumns)
    .from(chosen)
    .innerJoin(todos, eq(todos.id, chosen.id))
    .orderBy(...order);
}

/** All counters in one pass over the person's todos, which reads the covering index alone. */
function counted({ db }: Scope) {
  return db
    .select({
      open: counting(open),
      overdue: counting(sql`${open} and ${overdue}`),
      dueToday: counting(sql`${open} and ${dueTodayStill}`),
      dueThisWeek: counting(
        sql`${open} and ${todos.dueDate} between ${today} and ${weekStart} + 6 and not ${overdue}`,
      ),
      highPriority: counting(sql`${open} and ${todos.priority} >= ${PRIORITY_HIGH}`),
      inProgress: counting(sql`${todos.status} = 'in_progress'`),
      statuses: countingEach(TODO_STATUSES.map((status) => sql`${todos.status} = ${status}`)),
      priorities: countingEach(
        PRIORITIES.map((priority) => sql`${open} and ${todos.priority} = ${priority}`),
      ),
      weekStart: sql<string>`to_char(${weekStart}, 'YYYY-MM-DD')`,
    })
    .from(todos)
    .where(and(mine, notDeleted));
}

function completions({ db }: Scope) {
  const back = sql.raw(String(DASHBOARD_DAYS - 1));
  return db.execute<{ day: string; count: number }>(sql`
    select to_char(days.day, 'YYYY-MM-DD') as day, coalesce(completed.count, 0)::int as count
      from (select app.today() - back as day from generate_series(0, ${back}) back) days
      left join (
        select (todos.completed_at at time zone (select app.time_zone()))::date as day, count(*) as count
          from todos
         where ${mine} and ${notDeleted}
           and todos.completed_at >= (select (app.today() - ${back})::timestamp at time zone app.time_zone())
         group by 1
      ) completed using (day)
     order by days.day`);
}

function tagged({ db }: Scope) {
  const todosWithIt = count();
  return db
    .select({ id: tags.id, name: tags.name, colour: tags.colour, count: todosWithIt })
    .from(todoTags)
    .innerJoin(todos, eq(todos.id, todoTags.todoId))
    .innerJoin(tags, eq(tags.id, todoTags.tagId))
    .where(and(mine, notDeleted, open))
    .groupBy(tags.id)
    .orderBy(desc(todosWithIt), sql`lower(${tags.name})`, tags.id)
    .limit(TAGS_MAX);
}

/** The first day of the person's current week; their settings are in the row that app.enter read. */
const weekStart = sql`(
  select app.today() - (7 + extract(isodow from app.today())::int
           - case preferences ->> 'weekStart' when '6' then 6 when '7' then 7 else 1 end) % 7
    from users where id = ${me})`;

function counting(condition: SQL) {
  return sql`count(*) filter (where ${condition})`.mapWith(Number);
}

function countingEach(conditions: SQL[]) {
  const counts = conditions.map((condition) => sql`count(*) filter (where ${condition})`);
  return sql<number[]>`array[${sql.join(counts, sql`, `)}]::int[]`;
}
