import { isId } from "../db/id";

/** What the activity page's address asks for. */
export type ActivityQuery = { cursor?: string; problems: string[] };

/** Reads the activity page's search parameters. What can not be a place in the list is ignored with a message. */
export function parseActivityQuery(parameters: Record<string, string | string[] | undefined>): ActivityQuery {
  const { cursor } = parameters;
  if (cursor === undefined) return { problems: [] };
  if (isId(cursor)) return { cursor, problems: [] };
  return { problems: ["The link to this page of the activity is not valid; this is the first page."] };
}
