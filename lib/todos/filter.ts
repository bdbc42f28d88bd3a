import { printTyped } from "../query/print";
import type { QueryNode } from "../query/types";
import {
  DEFAULT_DIRECTION,
  DEFAULT_SORT,
  DEFAULT_STATUS,
  type SortDirection,
  type StatusFilter,
  type TodoFilter,
  type TodoSort,
} from "./types";

/** What a filter says, its defaults included, and how an address writes it. Client-safe, and without Zod. */

/** A query that asks for a status by itself is not narrowed to the open ones behind its back. */
export function statusOf({ status, query }: TodoFilter): StatusFilter {
  return status ?? (query !== undefined && asksForStatus(query) ? "all" : DEFAULT_STATUS);
}

export function sortOf({ sort = DEFAULT_SORT }: TodoFilter): TodoSort {
  return sort;
}

export function directionOf(filter: TodoFilter): SortDirection {
  return filter.direction ?? DEFAULT_DIRECTION[sortOf(filter)];
}

function asksForStatus(node: QueryNode): boolean {
  if (node.kind === "and" || node.kind === "or") return node.nodes.some(asksForStatus);
  if (node.kind === "not") return asksForStatus(node.node);
  return node.kind === "status" || node.kind === "is";
}

/**
 * A filter as the query of an address, without what is the default or left out; input.ts reads it back. Lists of tags
 * have commas between their names, which can not contain any.
 */
export function todoFilterToQuery(filter: TodoFilter): URLSearchParams {
  const { tags, due, from, to, priority, query, owner, sort, direction } = filter;
  const parameters = {
    status: filter.status === statusOf({ query }) ? undefined : filter.status,
    tag: names(tags?.all),
    anytag: names(tags?.any),
    notag: names(tags?.none),
    tags: tags?.presence,
    due,
    from,
    to,
    scheduled: filter.scheduled,
    scheduled_from: filter.scheduledFrom,
    scheduled_to: filter.scheduledTo,
    priority:
      priority && (priority.min === priority.max ? `${priority.min}` : `${priority.min}-${priority.max}`),
    q: query && printTyped(query),
    organization: filter.organizationId,
    owner: typeof owner === "object" ? owner.userId : owner === "me" ? undefined : owner,
    sort: sort === DEFAULT_SORT ? undefined : sort,
    direction: direction === directionOf({ sort }) ? undefined : direction,
    cursor: filter.cursor,
  };
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return new URLSearchParams(given);
}

function names(list: string[] | undefined): string | undefined {
  return list === undefined || list.length === 0 ? undefined : list.join(",");
}
