import { z } from "zod";
import { clockTime, day } from "../calendar";
import {
  DESCRIPTION_MAX,
  PRIORITY_HIGH,
  PRIORITY_MAX,
  PRIORITY_MIN,
  TAGS_PER_TODO_MAX,
  TITLE_MAX,
} from "../db/limits";
import { isId } from "../db/id";
import { parseQuery } from "../query/parse";
import type { QueryProblem } from "../query/types";
import { multiLine, singleLine, tagName } from "../text";
import { DUE_FILTERS, STATUS_FILTERS, TODO_SORTS, type TodoFilter } from "./types";

/**
 * What people may send to the actions on todos, and ask of lists in an address. Client-safe. Every schema takes the typed input as well as the texts of
 * a form: there "" means none, numbers are digits, and tags are one text with commas or a list (`tags[]`).
 */

/** A text that may be absent: null, or the empty text of a form's field. */
function orNone<Schema extends z.ZodType<string, string>>(schema: Schema) {
  return z
    .string({ error: "Write a text, or leave it empty." })
    .nullable()
    .transform((text) => (text === null || text.trim() === "" ? null : text.trim()))
    .pipe(schema.nullable());
}

/** A whole number, also as the digits of a form; `whenEmpty` is what the empty text of a form's field means. */
function wholeNumber(options: { min: number; max: number; message: string; whenEmpty?: number }) {
  const { min, max, message, whenEmpty = Number.NaN } = options;
  const read = (text: string) =>
    /^\d{1,10}$/.test(text) ? Number(text) : text === "" ? whenEmpty : Number.NaN;
  return z
    .union([z.number(), z.string()], { error: message })
    .transform((value) => (typeof value === "number" ? value : read(value.trim())))
    .pipe(z.int({ error: message }).min(min, { error: message }).max(max, { error: message }));
}

/** Tag names: a list, or one text with commas. Empty entries do not count, nor do repeated ones. */
export const tagNames = z
  .union([z.string(), z.array(z.string())], { error: "Write the tags as names with commas between them." })
  .transform((value) => (typeof value === "string" ? value.split(",") : value))
  .transform((names) => names.filter((name) => name.trim() !== ""))
  .pipe(z.array(tagName()))
  // Which names differ only in case is PostgreSQL's to say: only what is the same to the letter is dropped here.
  .transform((names) => [...new Set(names)])
  .superRefine((names, context) => {
    const count = new Set(names.map((name) => name.toLowerCase())).size;
    if (count > TAGS_PER_TODO_MAX) {
      context.addIssue({
        code: "custom",
        message: `Use at most ${TAGS_PER_TODO_MAX} tags; there are ${count}.`,
      });
    }
  });

/** The fields of a todo that people write, each with its rules. */
const title = singleLine(TITLE_MAX, { required: "Enter a title." });
const description = multiLine(DESCRIPTION_MAX);
export const priority = wholeNumber({
  min: PRIORITY_MIN,
  max: PRIORITY_MAX,
  message: `Choose a priority from ${PRIORITY_MIN} to ${PRIORITY_MAX}.`,
  whenEmpty: PRIORITY_MIN,
});
export const dueDate = orNone(day());
const dueTime = orNone(clockTime());
const scheduledFor = orNone(day());

/** Not there, or not an id at all, is for the repository to say: both are "not found". */
const id = z.string({ error: "It does not say which todo." });

type DueFields = {
  priority?: number | undefined;
  dueDate?: string | null | undefined;
  dueTime?: string | null | undefined;
};

/** Lets a rule between fields speak when these fields are right by themselves, whatever the others are. */
function unlessWrong(...fields: string[]) {
  return ({ value, issues }: z.core.ParsePayload) =>
    typeof value === "object" &&
    value !== null &&
    !issues.some((issue) => fields.includes(String(issue.path?.[0])));
}

/** The rules between fields, said even when other fields are wrong, so that all messages come at once. */
function dueRules<Schema extends z.ZodType<DueFields>>(
  schema: Schema,
  isWithoutDate: (fields: DueFields) => boolean,
) {
  return schema
    .refine((fields) => !(isWithoutDate(fields) && (fields.priority ?? 0) >= PRIORITY_HIGH), {
      path: ["dueDate"],
      error: `Priority ${PRIORITY_HIGH} and ${PRIORITY_MAX} need a due date.`,
      when: unlessWrong("priority", "dueDate"),
    })
    .refine((fields) => !(isWithoutDate(fields) && fields.dueTime), {
      path: ["dueTime"],
      error: "A time needs a due date.",
      when: unlessWrong("dueTime", "dueDate"),
    });
}

/** For createTodo. That its due date is today or later is the database's to check: it knows the person's own today. */
export const newTodoInput = dueRules(
  z.object({
    id: id.optional(),
    title,
    description: description.optional(),
    priority: priority.optional(),
    dueDate: dueDate.optional(),
    dueTime: dueTime.optional(),
    scheduledFor: scheduledFor.optional(),
    tags: tagNames.optional(),
  }),
  (fields) => fields.dueDate === undefined || fields.dueDate === null,
);

/** For updateTodo: what is left out stays as it is. */
export const todoEditInput = dueRules(
  z.object({
    id,
    version: wholeNumber({ min: 1, max: 2 ** 31 - 1, message: "Reload the page and edit again." }),
    title: title.optional(),
    description: description.optional(),
    priority: priority.optional(),
    dueDate: dueDate.optional(),
    dueTime: dueTime.optional(),
    scheduledFor: scheduledFor.optional(),
    tags: tagNames.optional(),
  }),
  (fields) => fields.dueDate === null,
);

/** For everything that is done to one todo as it is. */
export const todoIdInput = z.object({ id });

/** The query of an address, as Next gives it to a page or as the browser has it. */
export type Query = URLSearchParams | Record<string, string | string[] | undefined>;

/** Tags' names with commas between them, as lists of them stand in addresses. */
const nameList = z
  .string()
  .transform((text) => text.split(",").filter((name) => name.trim() !== ""))
  .pipe(z.array(tagName()).min(1).max(TAGS_PER_TODO_MAX));
const presence = z.enum(["none", "any"]);
const idText = z.string().refine(isId);

/** What each parameter of an address says, and what of the filter that is. */
const filterFields = {
  status: z.enum(STATUS_FILTERS).transform((status) => ({ status })),
  tag: nameList.transform((all) => ({ tags: { all } })),
  anytag: nameList.transform((any) => ({ tags: { any } })),
  notag: nameList.transform((none) => ({ tags: { none } })),
  tags: presence.transform((one) => ({ tags: { presence: one } })),
  due: z.enum(DUE_FILTERS).transform((due) => ({ due })),
  from: day().transform((from) => ({ from })),
  to: day().transform((to) => ({ to })),
  scheduled: presence.transform((scheduled) => ({ scheduled })),
  scheduled_from: day().transform((scheduledFrom) => ({ scheduledFrom })),
  scheduled_to: day().transform((scheduledTo) => ({ scheduledTo })),
  // One priority, or a range such as 4-5.
  priority: z
    .string()
    .regex(new RegExp(`^[${PRIORITY_MIN}-${PRIORITY_MAX}](-[${PRIORITY_MIN}-${PRIORITY_MAX}])?$`))
    .transform((text) => text.split("-").map(Number))
    .transform(([one = PRIORITY_MIN, other = one]) => ({
      priority: { min: Math.min(one, other), max: Math.max(one, other) },
    })),
  organization: idText.transform((organizationId) => ({ organizationId })),
  owner: z
    .union([z.enum(["me", "everyone"]), idText.transform((userId) => ({ userId }))])
    .transform((owner) => ({ owner })),
  sort: z.enum(TODO_SORTS).transform((sort) => ({ sort })),
  direction: z.enum(["asc", "desc"]).transform((direction) => ({ direction })),
  cursor: z
    .string()
    .regex(/^[\w-]+$/)
    .transform((cursor) => ({ cursor })),
} satisfies Record<string, z.ZodType<TodoFilter, string>>;

export const LOST_CURSOR = "That place in the list is not known any more; this is its beginning.";

type ParsedFilter = {
  filter: TodoFilter;
  /** What was left out, but for `q`. */
  problems: string[];
  /** The `q` exactly as it was typed, when there is one; and why it is no query and was left out. */
  typed?: { text: string; problem: QueryProblem | null };
};

/**
 * The filter that an address asks for. What cannot be understood is left out and said, in a sentence each: an old or
 * mistyped address still shows a list. Empty parameters, as forms send them, count as absent. Whether a cursor leads
 * anywhere is for the list to say. The last word of `q` is taken as the beginning of one.
 * @param others names in the query that belong to the page and not to the filter
 */
export function parseTodoFilter(query: Query, others: readonly string[] = []): ParsedFilter {
  const { q, ...given } = readQuery(query, others);
  let filter: TodoFilter = {};
  const problems: string[] = [];

  for (const [name, value] of Object.entries(given)) {
    const parsed = isFilterField(name) ? filterFields[name].safeParse(value) : null;
    if (parsed?.success) filter = { ...filter, ...parsed.data, ...tagsOf(filter, parsed.data) };
    else if (parsed === null) problems.push(`There is no filter "${shorten(name)}"; it was left out.`);
    else if (name === "cursor") problems.push(LOST_CURSOR);
    else problems.push(`The filter "${name}" cannot be "${shorten(value)}"; it was left out.`);
  }
  if (q === undefined) return { filter, problems };
  const parsed = parseQuery(q, { typing: true });
  if (!parsed.ok) return { filter, problems, typed: { text: q, problem: parsed.problem } };
  if (parsed.query !== null) filter.query = parsed.query;
  return { filter, problems, typed: { text: q, problem: null } };
}

/** What several parameters say of tags narrows together. */
function tagsOf(filter: TodoFilter, more: TodoFilter): Pick<TodoFilter, "tags"> {
  const tags = { ...filter.tags, ...more.tags };
  return Object.keys(tags).length > 0 ? { tags } : {};
}

/** The page of the trash that an address asks for, likewise. */
export function parseTrashQuery(
  query: Query,
  others: readonly string[] = [],
): { cursor?: string | undefined; problems: string[] } {
  const { cursor } = readQuery(query, others);
  if (cursor === undefined) return { problems: [] };
  const parsed = filterFields.cursor.safeParse(cursor);
  return parsed.success ? { ...parsed.data, problems: [] } : { problems: [LOST_CURSOR] };
}

/** One text per name, the last one as in forms; without empty ones. */
function readQuery(query: Query, others: readonly string[]): Record<string, string> {
  const entries = query instanceof URLSearchParams ? [...query] : Object.entries(query);
  const texts: Record<string, string> = {};
  for (const [name, value] of entries) {
    const text = Array.isArray(value) ? value.at(-1) : value;
    if (text !== undefined && text !== "" && !others.includes(name)) texts[name] = text;
  }
  return texts;
}

function isFilterField(name: string): name is keyof typeof filterFields {
  return Object.hasOwn(filterFields, name);
}

/** Somebody's text for a sentence of ours: not too much of it, and nothing that is not drawn. */
function shorten(text: string): string {
  const drawn = text.replaceAll(/\p{C}/gu, "\ufffd");
  return drawn.length > 40 ? `${drawn.slice(0, 39)}…` : drawn;
}
