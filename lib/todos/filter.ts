import { DEFAULT_DIRECTION, DEFAULT_SORT, DEFAULT_STATUS, type TodoFilter } from "./types";

/**
 * A filter as the query of an address, without what is the default or left out. Client-safe, and without Zod, so that
 * links can be made in the browser; input.ts reads them back.
 */
export function todoFilterToQuery(filter: TodoFilter): URLSearchParams {
  const { status, tag, due, from, to, priority, text, sort, direction, cursor } = filter;
  const parameters = {
    status: status === DEFAULT_STATUS ? undefined : status,
    tag,
    due,
    from,
    to,
    priority:
      priority && (priority.min === priority.max ? `${priority.min}` : `${priority.min}-${priority.max}`),
    text,
    sort: sort === DEFAULT_SORT ? undefined : sort,
    direction: direction === DEFAULT_DIRECTION[sort ?? DEFAULT_SORT] ? undefined : direction,
    cursor,
  };
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  return new URLSearchParams(given);
}
