import { and, eq, gt, gte, inArray, isNotNull, isNull, lte, sql, type SQL } from "drizzle-orm";
import { todos } from "../db/schema/todos";
import { statusOf } from "./filter";
import { queryCondition, tagged, taggedWith, type Reading } from "./query-conditions";
import { dueTodayStill, mine, notDeleted, open, overdue, today } from "./rows";
import type { DueFilter, OwnerFilter, StatusFilter, TagFilter, TodoFilter } from "./types";

export { queryCondition } from "./query-conditions";

/**
 * What chooses todos, as conditions on the table: here and in query-conditions.ts, nowhere else. Whatever somebody typed
 * is a parameter. What a request may see at all is the policies' to say.
 */

/** All that a filter asks for; nothing of it lies in the trash. Its order and its page are the list's. */
export function matching(filter: TodoFilter): SQL {
  return all([inReach(filter), ...Object.values(narrowing(filter)).flat()]);
}

/** Whose todos a filter goes through, before anything else is asked of them. */
export function inReach({ owner = "me" }: TodoFilter): SQL {
  return all([...ownedBy(owner), notDeleted]);
}

/** What a filter asks of the todos in its reach, by what it is about. */
export type Narrowing = Record<
  "organization" | "status" | "due" | "scheduled" | "priority" | "tags" | "query",
  SQL[]
>;

export function narrowing(filter: TodoFilter, reading: Reading = {}): Narrowing {
  const { due, from, to, scheduled, scheduledFrom, scheduledTo, priority, query, tags = {} } = filter;
  return {
    organization: given([
      filter.organizationId === undefined ? undefined : eq(todos.organizationId, filter.organizationId),
    ]),
    status: given([statusCondition(statusOf(filter))]),
    due: given([
      due && dueConditions[due],
      from === undefined ? undefined : gte(todos.dueDate, from),
      to === undefined ? undefined : lte(todos.dueDate, to),
    ]),
    scheduled: given([
      scheduled && (scheduled === "none" ? isNull(todos.scheduledFor) : isNotNull(todos.scheduledFor)),
      scheduledFrom === undefined ? undefined : gte(todos.scheduledFor, scheduledFrom),
      scheduledTo === undefined ? undefined : lte(todos.scheduledFor, scheduledTo),
    ]),
    priority: given([priority && and(gte(todos.priority, priority.min), lte(todos.priority, priority.max))]),
    tags: given(tagConditions(tags, reading)),
    query: given([query && queryCondition(query, reading)]),
  };
}

function given(conditions: (SQL | undefined)[]): SQL[] {
  return conditions.filter((condition) => condition !== undefined);
}

/** Every one of some conditions. */
export function all(conditions: (SQL | undefined)[]): SQL {
  return and(...conditions) ?? sql`true`;
}

function ownedBy(owner: OwnerFilter): SQL[] {
  if (owner === "me") return [mine];
  // The policies say no more, but nothing that an index could be searched by.
  const shared = sql`${todos.organizationId} = any (app.organization_ids())`;
  return owner === "everyone" ? [shared] : [eq(todos.userId, owner.userId), shared];
}

function statusCondition(status: StatusFilter): SQL | undefined {
  switch (status) {
    case "all":
      return undefined;
    case "open":
      return open;
    case "done":
      return inArray(todos.status, ["completed", "cancelled"]);
    case "completed":
      // It says the same twice: there is an index of what has been completed.
      return and(eq(todos.status, status), isNotNull(todos.completedAt));
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

function tagConditions(
  { all: every = [], any = [], none = [], presence }: TagFilter,
  reading: Reading,
): (SQL | undefined)[] {
  const some = tagged(reading);
  return [
    ...every.map((name) => taggedWith([name], reading)),
    any.length > 0 ? taggedWith(any, reading) : undefined,
    none.length > 0 ? sql`not ${taggedWith(none, reading)}` : undefined,
    presence && (presence === "any" ? some : sql`not ${some}`),
  ];
}
