import { addDays, type Clock } from "@/app/_todos/due";
import { isLate, isOpen } from "@/app/_todos/status";
import type { Comparison, Day, DayField, QueryNode, State } from "@/lib/query/types";
import type { TodoRow } from "@/lib/todos/types";

/**
 * Whether a todo is what a query asks for, as lib/todos/conditions.ts would say; null where only the database knows:
 * words are its to compare, and instants fall on days of a time zone that a row does not carry.
 */
export function matchesQuery(row: TodoRow, node: QueryNode, clock: Clock): boolean | null {
  switch (node.kind) {
    case "and":
      return allOf(node.nodes.map((one) => matchesQuery(row, one, clock)));
    case "or":
      return opposite(allOf(node.nodes.map((one) => opposite(matchesQuery(row, one, clock)))));
    case "not":
      return opposite(matchesQuery(row, node.node, clock));
    case "word":
    case "phrase":
      return null;
    case "in":
      return true; // It says something of the words beside it.
    case "tag":
      return row.tags.some(({ name }) => name.toLowerCase() === node.name.toLowerCase());
    case "tags":
      return row.tags.length > 0 === (node.presence === "any");
    case "status":
      return row.status === node.status;
    case "is":
      return isState(row, node.state, clock);
    case "priority":
      return compares(row.priority, node.comparison, node.value);
    case "dayPresence":
      return (dayOf(row, node.field) !== null) === (node.presence === "any");
    case "day":
      return matchesDay(dayOf(row, node.field), node.comparison, calendarDay(node.day, clock));
    default:
      return row.hasDescription;
  }
}

function isState(row: TodoRow, state: State, clock: Clock): boolean {
  if (state === "overdue") return isLate(row, clock);
  return isOpen(row.status) === (state === "open");
}

/** Null where there is none, undefined where a row does not say. */
function dayOf(row: TodoRow, field: DayField): string | null | undefined {
  if (field === "due") return row.dueDate;
  if (field === "scheduled") return row.scheduledFor;
  return field === "completed" && row.completedAt === null ? null : undefined;
}

function matchesDay(day: string | null | undefined, comparison: Comparison, wanted: string): boolean | null {
  if (day === undefined) return null;
  return day !== null && compares(day, comparison, wanted);
}

function calendarDay(day: Day, { today }: Clock): string {
  if (typeof day === "string") return day;
  const days = { yesterday: -1, today: 0, tomorrow: 1 };
  return addDays(today, day.relative === "days" ? day.days : days[day.relative]);
}

function compares<Value extends string | number>(one: Value, comparison: Comparison, other: Value): boolean {
  if (one === other) return comparison.endsWith("=");
  return comparison.startsWith(one < other ? "<" : ">");
}

function opposite(answer: boolean | null): boolean | null {
  return answer === null ? null : !answer;
}

function allOf(answers: readonly (boolean | null)[]): boolean | null {
  if (answers.includes(false)) return false;
  return answers.includes(null) ? null : true;
}
