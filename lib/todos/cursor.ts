import { z } from "zod";
import { clockTime, day } from "../calendar";
import { isId } from "../db/id";
import { PRIORITY_MAX, PRIORITY_MIN, TITLE_MAX } from "../db/limits";
import type { Seal } from "../db/seal";
import { codePointLength } from "../text";
import { directionOf, sortOf, statusOf } from "./filter";
import type { SortDirection, TodoFilter, TodoRow, TodoSort } from "./types";

/**
 * Where a page of a list begins: after the row with these sort keys. It travels through addresses sealed for its session
 * and its list, so a title in it is nobody else's to read; what is opened is still read strictly.
 */
const instant = z.string().refine((text) => /^[1-9]\d{3}-/.test(text) && isoInstant(text) === text);
const id = z.string().refine(isId);

const keys = {
  priority: z.tuple([z.int().min(PRIORITY_MIN).max(PRIORITY_MAX), instant, id]),
  due: z
    .tuple([day().nullable(), clockTime().nullable(), id])
    .refine(([dueDate, dueTime]) => dueDate !== null || dueTime === null),
  created: z.tuple([instant, id]),
  updated: z.tuple([instant, id]),
  title: z.tuple([z.string().refine((title) => codePointLength(title) <= TITLE_MAX), id]),
  deleted: z.tuple([instant, id]),
};

/** The orders that a cursor can be in; the trash has one of its own. */
export type CursorSort = TodoSort | "deleted";
/** The sort keys of the row that a page begins after. */
export type Cursor<Sort extends CursorSort = CursorSort> = z.output<(typeof keys)[Sort]>;

/** Which list a cursor belongs to. */
export type CursorList<Sort extends CursorSort = CursorSort> = {
  sort: Sort;
  direction: SortDirection;
  /** Names what the list shows; a cursor of another one is refused. */
  shows: string;
};

/** The trash: newest first. */
export const TRASH_LIST: CursorList<"deleted"> = { sort: "deleted", direction: "desc", shows: "trash" };

/** The list that a filter makes, whatever page of it is asked for. */
export function cursorList(filter: TodoFilter): CursorList<TodoSort> {
  const shows = [
    [statusOf(filter), filter.owner ?? "me", filter.organizationId],
    [filter.tags?.all, filter.tags?.any, filter.tags?.none, filter.tags?.presence],
    [filter.due, filter.from, filter.to, filter.scheduled, filter.scheduledFrom, filter.scheduledTo],
    [filter.priority?.min, filter.priority?.max, filter.query],
  ];
  return {
    sort: sortOf(filter),
    direction: directionOf(filter),
    shows: JSON.stringify(shows),
  };
}

/** The cursor of the page that begins after a row. */
export function writeCursor(seal: Seal, list: CursorList, row: TodoRow): string {
  const values: Record<CursorSort, (string | number | null | undefined)[]> = {
    priority: [row.priority, row.createdAt.toISOString(), row.id],
    due: [row.dueDate, row.dueTime, row.id],
    created: [row.createdAt.toISOString(), row.id],
    updated: [row.updatedAt.toISOString(), row.id],
    title: [row.title, row.id],
    deleted: [row.deletedAt?.toISOString(), row.id],
  };
  return seal.seal(JSON.stringify(values[list.sort]), purposeOf(list));
}

/** Reads a cursor of this list and session; null for anything else. */
export function readCursor<Sort extends CursorSort>(
  seal: Seal,
  list: CursorList<Sort>,
  text: string,
): Cursor<Sort> | null {
  const opened = seal.open(text, purposeOf(list));
  const parsed = keys[list.sort].safeParse(opened === null ? null : JSON.parse(opened));
  // The schema is the sort's own, which TypeScript loses on the way through the record.
  return parsed.success ? (parsed.data as Cursor<Sort>) : null;
}

function purposeOf({ sort, direction, shows }: CursorList): string {
  return `cursor ${sort} ${direction} ${shows}`;
}

function isoInstant(text: string): string | null {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}
