import { z } from "zod";
import { isId } from "../db/id";
import { REVERTIBLE_FIELDS } from "./types";

/** Whatever is no id is let through: the repository says "not found" of it, as of a foreign one. */
const someId = z.string().catch("");

/** For undoCommand. */
export const undoInput = z.object({ commandId: someId });

/** For revertField, as a form sends it. */
export const revertInput = z.object({
  id: someId,
  entryId: someId,
  field: z.enum(REVERTIBLE_FIELDS, { error: "Reload the page and try again." }),
  version: z.coerce
    .number({ error: "Reload the page and try again." })
    .int()
    .min(1)
    .max(2 ** 31 - 1),
});

/** What the activity page's address asks for. */
export type ActivityQuery = { cursor?: string; problems: string[] };

/** Reads the activity page's search parameters. What can not be a place in the list is ignored with a message. */
export function parseActivityQuery(parameters: Record<string, string | string[] | undefined>): ActivityQuery {
  const { cursor } = parameters;
  if (cursor === undefined) return { problems: [] };
  if (isId(cursor)) return { cursor, problems: [] };
  return { problems: ["The link to this page of the activity is not valid; this is the first page."] };
}
