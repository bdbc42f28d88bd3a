import { and, eq, isNotNull, isNull, or, sql, type SQL } from "drizzle-orm";
import { todos } from "../db/schema/todos";
import type { Comparison, Day, DayField, QueryNode, State } from "../query/types";
import { open, overdue } from "./rows";
import { isWords, phraseCondition, wordsCondition, type Part, type TextContext } from "./text-conditions";

/**
 * A query of lib/query as a condition on todos. `-` is the opposite of what it stands before, for every todo: what has no
 * due date is in no range of days, so `-due:<2026-12-01` finds it. That is why a NOT is an IS NOT TRUE.
 * @param context where words are looked for that no `in:` speaks of, by default anywhere
 */
export function queryCondition(query: QueryNode, context: Partial<Context> = {}): SQL {
  return conditionOf(query, { part: "anywhere", whenEmpty: true, ...context });
}

/** How a condition will be computed. */
export type Reading = {
  /** On the rows of a stretch that is looked through, and not on all that there are. */
  rowByRow?: boolean | undefined;
  /** The same, but on so many rows that all links of the tags are read once. */
  manyRows?: boolean | undefined;
};

type Context = TextContext & Reading;

function conditionOf(node: QueryNode, context: Context): SQL {
  if (isWords(node)) return wordsCondition([node], context);
  switch (node.kind) {
    case "and":
      return everyOf(node.nodes, context);
    case "or":
      return or(...node.nodes.map((one) => conditionOf(one, { ...context, whenEmpty: false }))) ?? sql`false`;
    case "not":
      return sql`(${conditionOf(node.node, { ...context, whenEmpty: !context.whenEmpty })}) is not true`;
    case "phrase":
      return phraseCondition(node, context);
    default:
      return termCondition(node, context);
  }
}

/** All words that stand beside each other are one question to the text search. */
function everyOf(nodes: readonly QueryNode[], around: Context): SQL {
  const context = { ...around, part: partOf(nodes) ?? around.part, whenEmpty: true };
  const words = nodes.filter(isWords);
  const others = nodes.filter((node) => !isWords(node) && node.kind !== "in");
  const conditions = [
    words.length > 0 ? wordsCondition(words, context) : undefined,
    ...others.map((node) => conditionOf(node, context)),
  ];
  return and(...conditions) ?? sql`true`;
}

/** Where an `in:` among some nodes says that their words are looked for. */
export function partOf(nodes: readonly QueryNode[]): Part | undefined {
  return nodes.find((node) => node.kind === "in")?.part;
}

function termCondition(term: QueryNode, reading: Reading): SQL {
  switch (term.kind) {
    case "tag":
      return taggedWith([term.name], reading);
    case "tags":
      return term.presence === "any" ? tagged(reading) : sql`not ${tagged(reading)}`;
    case "status":
      return eq(todos.status, term.status);
    case "priority":
      return compared(sql`${todos.priority}`, term.comparison, sql`${term.value}`);
    case "day":
      return onDay(term.field, term.comparison, term.day);
    case "dayPresence": {
      const day = term.field === "due" ? todos.dueDate : todos.scheduledFor;
      return term.presence === "any" ? isNotNull(day) : isNull(day);
    }
    case "is":
      return stateConditions[term.state];
    case "has":
      return sql`${todos.description} <> ''`;
    default:
      // An `in:` that nothing stands beside says nothing.
      return sql`true`;
  }
}

const stateConditions: Record<State, SQL> = {
  open,
  done: sql`${todos.status} in ('completed', 'cancelled')`,
  overdue: sql`(${open} and ${overdue})`,
};

/**
 * The links of a todo. Where rows are looked through one by one, the condition on the row's own id keeps PostgreSQL from
 * reading all links of a tag into a hash first; where all are gathered, that is the right thing to do.
 */
function links({ rowByRow = false }: Reading): SQL {
  const each = rowByRow ? sql` and ${todos.id} is not null` : sql``;
  return sql`todo_tags link where link.todo_id = ${todos.id}${each}`;
}

/** Carries at least one tag. */
export function tagged(reading: Reading): SQL {
  return sql`exists (select from ${links(reading)})`;
}

/** Carries at least one of these tags, by their names, without regard to case. */
export function taggedWith(names: readonly string[], reading: Reading): SQL {
  if (reading.manyRows) return sql`${todos.id} in (${linkedTo(names)})`;
  return sql`exists (select from ${links(reading)} and link.tag_id = any (${tagIds(names)}))`;
}

/** The ids of what is linked to tags with these names. */
export function linkedTo(names: readonly string[]): SQL {
  return sql`select link.todo_id from todo_tags link where link.tag_id = any (${tagIds(names)})`;
}

/** The ids of tags, found once: with them a todo's links are looked up by their key. */
function tagIds(names: readonly string[]): SQL {
  const wanted = sql.join(
    names.map((name) => sql`lower(${name})`),
    sql`, `,
  );
  return sql`array(select tag.id from tags tag where lower(tag.name) in (${wanted}))`;
}

const operators: Record<Comparison, SQL> = {
  "<": sql`<`,
  "<=": sql`<=`,
  "=": sql`=`,
  ">=": sql`>=`,
  ">": sql`>`,
};

function compared(value: SQL, comparison: Comparison, other: SQL): SQL {
  return sql`${value} ${operators[comparison]} ${other}`;
}

/** Empty values compare to nothing, neither way. */
function onDay(field: DayField, comparison: Comparison, day: Day): SQL {
  if (field === "due") return compared(sql`${todos.dueDate}`, comparison, sql`(select ${dayOf(day)})`);
  if (field === "scheduled")
    return compared(sql`${todos.scheduledFor}`, comparison, sql`(select ${dayOf(day)})`);
  const instant = { created: todos.createdAt, updated: todos.updatedAt, completed: todos.completedAt }[field];
  const [begins, ends] = [startOf(dayOf(day)), startOf(sql`${dayOf(day)} + 1`)];
  const conditions: Record<Comparison, SQL> = {
    "<": sql`${instant} < ${begins}`,
    "<=": sql`${instant} < ${ends}`,
    "=": sql`(${instant} >= ${begins} and ${instant} < ${ends})`,
    ">=": sql`${instant} >= ${begins}`,
    ">": sql`${instant} >= ${ends}`,
  };
  return conditions[comparison];
}

function dayOf(day: Day): SQL {
  if (typeof day === "string") return sql`${day}::date`;
  const days = { today: 0, tomorrow: 1, yesterday: -1, days: 0 }[day.relative];
  return sql`(app.today() + ${day.relative === "days" ? day.days : days}::int)`;
}

/** The instant at which a day begins for the person. */
function startOf(day: SQL): SQL {
  return sql`(select (${day})::timestamp at time zone app.time_zone())`;
}
