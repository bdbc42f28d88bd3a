import { z } from "zod";
import { clockTime, day } from "../calendar";
import { isId } from "../db/id";
import { PRIORITY_MAX, PRIORITY_MIN } from "../db/limits";
import {
  DEFAULT_DIRECTION,
  DEFAULT_SORT,
  DEFAULT_STATUS,
  type SortDirection,
  type TodoFilter,
  type TodoRow,
  type TodoSort,
} from "./types";

/**
 * Where a page of a list begins: after the row with these sort keys. It travels through addresses, so what comes back is
 * read strictly: anything that this file did not write for the same list is no cursor. It opens nothing: a cursor only
 * moves within what its reader may see.
 */
const instant = z.string().refine((text) => /^[1-9]\d{3}-/.test(text) && isoInstant(text) === text);
const id = z.string().refine(isId);
const list = { direction: z.enum(["asc", "desc"]), filter: z.string() };

const cursors = z.discriminatedUnion("sort", [
  z.strictObject({
    sort: z.literal("priority"),
    ...list,
    after: z.tuple([z.int().min(PRIORITY_MIN).max(PRIORITY_MAX), instant, id]),
  }),
  z.strictObject({
    sort: z.literal("due"),
    ...list,
    after: z
      .tuple([day().nullable(), clockTime().nullable(), id])
      .refine(([dueDate, dueTime]) => dueDate !== null || dueTime === null),
  }),
  z.strictObject({ sort: z.literal("created"), ...list, after: z.tuple([instant, id]) }),
  z.strictObject({ sort: z.literal("updated"), ...list, after: z.tuple([instant, id]) }),
  z.strictObject({ sort: z.literal("deleted"), ...list, after: z.tuple([instant, id]) }),
]);

export type Cursor = z.output<typeof cursors>;
/** The orders that a cursor can be in; the trash has one of its own. */
export type CursorSort = Cursor["sort"];
export type CursorOf<Sort extends CursorSort> = Extract<Cursor, { sort: Sort }>;

/** Which list a cursor belongs to. */
export type CursorList<Sort extends CursorSort = CursorSort> = {
  sort: Sort;
  direction: SortDirection;
  /** Names what the list shows; a cursor of another one is refused. */
  filter: string;
};

/** The trash: newest first. */
export const TRASH_LIST: CursorList<"deleted"> = { sort: "deleted", direction: "desc", filter: "trash" };

/** The list that a filter makes, whatever page of it is asked for. */
export function cursorList(filter: TodoFilter): CursorList<TodoSort> {
  const sort = filter.sort ?? DEFAULT_SORT;
  const shows = [
    filter.status ?? DEFAULT_STATUS,
    filter.tag ?? null,
    filter.due ?? null,
    filter.from ?? null,
    filter.to ?? null,
    filter.priority?.min ?? null,
    filter.priority?.max ?? null,
    filter.text ?? null,
  ];
  return {
    sort,
    direction: filter.direction ?? DEFAULT_DIRECTION[sort],
    filter: fingerprint(JSON.stringify(shows)),
  };
}

/** The cursor of the page that begins after a row. */
export function writeCursor({ sort, direction, filter }: CursorList, row: TodoRow): string {
  const keys: Record<CursorSort, (string | number | null | undefined)[]> = {
    priority: [row.priority, row.createdAt.toISOString(), row.id],
    due: [row.dueDate, row.dueTime, row.id],
    created: [row.createdAt.toISOString(), row.id],
    updated: [row.updatedAt.toISOString(), row.id],
    deleted: [row.deletedAt?.toISOString(), row.id],
  };
  return toBase64Url(JSON.stringify({ sort, direction, filter, after: keys[sort] }));
}

/** Reads a cursor of this list; null for anything else. */
export function readCursor<Sort extends CursorSort>(
  wanted: CursorList<Sort>,
  text: string,
): CursorOf<Sort> | null {
  const parsed = cursors.safeParse(fromBase64Url(text));
  if (!parsed.success) return null;
  const { sort, direction, filter } = parsed.data;
  if (sort !== wanted.sort || direction !== wanted.direction || filter !== wanted.filter) return null;
  // The union's member is the one whose `sort` was just compared.
  return parsed.data as CursorOf<Sort>;
}

const CURSOR_LENGTH_MAX = 400;

function toBase64Url(ascii: string): string {
  return btoa(ascii).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The JSON value that was written as base64url, or undefined for what was not. */
function fromBase64Url(text: string): unknown {
  if (text.length > CURSOR_LENGTH_MAX || !/^[\w-]+$/.test(text)) return undefined;
  try {
    return JSON.parse(atob(text.replaceAll("-", "+").replaceAll("_", "/")));
  } catch {
    return undefined;
  }
}

function isoInstant(text: string): string | null {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** FNV-1a, 32 bits, over UTF-16 units: tells lists apart where a mistake is the only adversary. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(36);
}
