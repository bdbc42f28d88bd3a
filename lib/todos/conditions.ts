import { and, eq, gt, gte, inArray, isNotNull, isNull, lte, sql, type SQL } from "drizzle-orm";
import { todos } from "../db/schema/todos";
import { statusOf } from "./filter";
import { queryCondition, tagged, taggedWith } from "./query-conditions";
import { dueTodayStill, mine, notDeleted, open, overdue, today } from "./rows";
import type { DueFilter, OwnerFilter, StatusFilter, TagFilter, TodoFilter } from "./types";

export { queryCondition } from "./query-conditions";

/**
 * What chooses todos, as conditions on the table: here and in query-conditions.ts, nowhere else. Whatever somebody typed
 * is a parameter. What a request may see at all is the policies' to say.
 */

/** All that a filter asks for; nothing of it lies in the trash. Its order and its page are the list's. */
export function matching(filter: TodoFilter): SQL {
  return all([inReach(filter), ...narrowing(filter)]);
}

/** Whose todos a filter goes through, before anything else is asked of them. */
export function inReach({ owner = "me", organizationId }: TodoFilter): SQL {
  const organization = organizationId === undefined ? undefined : eq(todos.organizationId, organizationId);
  return all([ownedBy(owner), organization, notDeleted]);
}

/** What a filter asks of the todos in its reach; none when it asks for all of them. */
export function narrowing(filter: TodoFilter): SQL[] {
  const { due, from, to, scheduled, scheduledFrom, scheduledTo, priority, query, tags = {} } = filter;
  const conditions = [
    statusCondition(statusOf(filter)),
    due && dueConditions[due],
    from === undefined ? undefined : gte(todos.dueDate, from),
    to === undefined ? undefined : lte(todos.dueDate, to),
    scheduled && (scheduled === "none" ? isNull(todos.scheduledFor) : isNotNull(todos.scheduledFor)),
    scheduledFrom === undefined ? undefined : gte(todos.scheduledFor, scheduledFrom),
    scheduledTo === undefined ? undefined : lte(todos.scheduledFor, scheduledTo),
    priority && and(gte(todos.priority, priority.min), lte(todos.priority, priority.max)),
    ...tagConditions(tags),
    query && queryCondition(query),
  ];
  return conditions.filter((condition) => condition !== undefined);
}

/** Every one of some conditions. */
export function all(conditions: (SQL | undefined)[]): SQL {
  return and(...conditions) ?? sql`true`;
}

function ownedBy(owner: OwnerFilter): SQL | undefined {
  if (owner === "everyone") return undefined;
  return owner === "me" ? mine : eq(todos.userId, owner.userId);
}

function statusCondition(status: StatusFilter): SQL | undefined {
  switch (status) {
    case "all":
      return undefined;
    case "open":
      return open;
    case "done":
      return inArray(todos.status, ["completed", "cancelled"]);
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

function tagConditions({ all: every = [], any = [], none = [], presence }: TagFilter): (SQL | undefined)[] {
  return [
    ...every.map((name) => taggedWith([name])),
    any.length > 0 ? taggedWith(any) : undefined,
    none.length > 0 ? sql`not ${taggedWith(none)}` : undefined,
    presence && (presence === "any" ? tagged : sql`not ${tagged}`),
  ];
}
