import { DEFAULT_SORT, DEFAULT_STATUS, type TodoFilter } from "./types";

/**
 * A filter as the query of an address, without what is the default or left out. Client-safe, and without Zod, so that
 * links can be made in the browser; input.ts reads them back.
 */
export function todoFilterToQuery(filter: TodoFilter): URLSearchParams {
  const query = new URLSearchParams();
  const defaults: Partial<Record<string, string>> = { status: DEFAULT_STATUS, sort: DEFAULT_SORT };
  for (const name of ["status", "tag", "due", "from", "to"] as const) {
    const value = filter[name];
    if (value !== undefined && value !== defaults[name]) query.set(name, value);
  }
  if (filter.priority !== undefined) {
    const { min, max } = filter.priority;
    query.set("priority", min === max ? String(min) : `${min}-${max}`);
  }
  for (const name of ["text", "sort", "direction", "cursor"] as const) {
    const value = filter[name];
    if (value !== undefined && value !== defaults[name]) query.set(name, value);
  }
  return query;
}
