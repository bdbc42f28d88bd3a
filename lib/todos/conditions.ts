import { and, eq, gt, gte, inArray, isNotNull, isNull, lte, sql, type SQL } from "drizzle-orm";
import { todos } from "../db/schema/todos";
import type { QueryNode } from "../query/types";
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
  const wishes = wishesOf(filter, {}).map(({ condition }) => condition);
  return all([...ownedBy(filter.owner ?? "me"), notDeleted, ...wishes]);
}

/** Whose todos a filter goes through, before anything else is asked of them: by persons, as the indexes of the orders are. */
export function reachOf({ owner = "me" }: TodoFilter): SQL {
  const theirs =
    typeof owner === "object"
      ? eq(todos.userId, owner.userId)
      : sql`${todos.userId} = any (app.colleagues())`;
  return all([owner === "me" ? mine : theirs, notDeleted]);
}

/** One thing that a filter asks of the todos in its reach. */
export type Wish = {
  about:
    | "organization"
    | "status"
    | "due"
    | "scheduled"
    | "priority"
    | "tags"
    | "created"
    | "updated"
    | "completed"
    | "text";
  condition: SQL;
  /** An index has what fulfils it: a stretch of days, the open ones, the links of tags, the words. */
  found?: "in a stretch" | "among the open" | { tags: readonly string[] } | "by words";
};

/** Everything that a filter asks; the terms of its query one by one, where they all have to be fulfilled. */
export function wishesOf(filter: TodoFilter, reading: Reading): Wish[] {
  const { organizationId, due, from, to, scheduled, scheduledFrom, scheduledTo, priority, query } = filter;
  const status = statusCondition(statusOf(filter), reading);
  const wishes: (Wish | undefined)[] = [
    organizationId === undefined
      ? undefined
      : { about: "organization", condition: eq(todos.organizationId, organizationId) },
    status && statusWish(statusOf(filter), status),
    due &&
      (due === "none" ? { about: "due", condition: dueConditions.none } : stretch("due", dueConditions[due])),
    stretch("due", from === undefined ? undefined : gte(todos.dueDate, from)),
    stretch("due", to === undefined ? undefined : lte(todos.dueDate, to)),
    scheduled &&
      (scheduled === "none"
        ? { about: "scheduled", condition: isNull(todos.scheduledFor) }
        : stretch("scheduled", isNotNull(todos.scheduledFor))),
    stretch("scheduled", scheduledFrom === undefined ? undefined : gte(todos.scheduledFor, scheduledFrom)),
    stretch("scheduled", scheduledTo === undefined ? undefined : lte(todos.scheduledFor, scheduledTo)),
    priority && {
      about: "priority",
      condition: all([gte(todos.priority, priority.min), lte(todos.priority, priority.max)]),
    },
    ...tagWishes(filter.tags ?? {}, reading),
    ...(query ? queryWishes(query, reading) : []),
  ];
  return wishes.filter((wish) => wish !== undefined);
}

/** Every one of some conditions. */
export function all(conditions: (SQL | undefined)[]): SQL {
  return and(...conditions) ?? sql`true`;
}

function stretch(about: Wish["about"], condition: SQL | undefined): Wish | undefined {
  return condition && { about, condition, found: "in a stretch" };
}

function statusWish(status: StatusFilter, condition: SQL): Wish {
  return { about: "status", condition, ...(isOpen(status) ? { found: "among the open" } : {}) };
}

function ownedBy(owner: OwnerFilter): SQL[] {
  if (owner === "me") return [mine];
  // The policies say no more, but nothing that an index could be searched by.
  const shared = sql`${todos.organizationId} = any (app.organization_ids())`;
  return owner === "everyone" ? [shared] : [eq(todos.userId, owner.userId), shared];
}

function statusCondition(status: StatusFilter, { rowByRow }: Reading): SQL | undefined {
  switch (status) {
    case "all":
      return undefined;
    case "open":
      return open;
    case "done":
      return inArray(todos.status, ["completed", "cancelled"]);
    case "completed":
      // It says the same twice: there is an index of what has been completed, which the lists' own do not hold.
      return and(eq(todos.status, status), rowByRow ? undefined : isNotNull(todos.completedAt));
    default:
      return eq(todos.status, status);
  }
}

function isOpen(status: StatusFilter): boolean {
  return status === "open" || status === "pending" || status === "in_progress";
}

const dueConditions: Record<DueFilter, SQL> = {
  overdue,
  today: dueTodayStill,
  until_today: lte(todos.dueDate, today),
  upcoming: gt(todos.dueDate, today),
  none: isNull(todos.dueDate),
  any: isNotNull(todos.dueDate),
};

function tagWishes(
  { all: every = [], any = [], none = [], presence }: TagFilter,
  reading: Reading,
): (Wish | undefined)[] {
  const some = tagged(reading);
  const about = "tags";
  return [
    ...[...every.map((name) => [name]), any]
      .filter((names) => names.length > 0)
      .map((names): Wish => ({ about, condition: taggedWith(names, reading), found: { tags: names } })),
    none.length > 0 ? { about, condition: sql`not ${taggedWith(none, reading)}` } : undefined,
    presence && { about, condition: presence === "any" ? some : sql`not ${some}` },
  ];
}

function queryWishes(query: QueryNode, reading: Reading): Wish[] {
  const nodes = query.kind === "and" ? query.nodes : [query];
  const terms: Wish[] = [];
  const others: QueryNode[] = [];
  for (const node of nodes) {
    const term = termWish(node, reading);
    if (term === undefined) others.push(node);
    else terms.push(term);
  }
  const [only] = others;
  if (only === undefined) return terms;
  const rest: QueryNode = others.length === 1 ? only : { kind: "and", nodes: others };
  return [
    ...terms,
    {
      about: "text",
      condition: queryCondition(rest, reading),
      ...(hasWords(rest) ? { found: "by words" } : {}),
    },
  ];
}

/** A term that asks for no words; undefined for anything else. */
function termWish(node: QueryNode, reading: Reading): Wish | undefined {
  const condition = () => queryCondition(node, reading);
  switch (node.kind) {
    case "tag":
      return { about: "tags", condition: condition(), found: { tags: [node.name] } };
    case "tags":
      return { about: "tags", condition: condition() };
    case "status":
      return statusWish(node.status, condition());
    case "priority":
      return { about: "priority", condition: condition() };
    case "day":
      return stretch(node.field, condition());
    case "dayPresence":
      return node.presence === "any"
        ? stretch(node.field, condition())
        : { about: node.field, condition: condition() };
    case "is":
      return node.state === "overdue" ? stretch("due", condition()) : statusWish(node.state, condition());
    default:
      return undefined;
  }
}

/** Whether nothing fulfils a query but what has some words, so that the index of words finds it. */
function hasWords(node: QueryNode): boolean {
  if (node.kind === "and") return node.nodes.some(hasWords);
  if (node.kind === "or") return node.nodes.every(hasWords);
  return node.kind === "word" || node.kind === "phrase";
}
