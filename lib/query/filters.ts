import { day as dayRule } from "../calendar";
import { PRIORITY_MAX, PRIORITY_MIN, QUERY_DAYS_MAX } from "../db/limits";
import { tagName } from "../text";
import { PRIORITY_NAMES, TODO_STATUSES, type TodoStatus } from "../todos/types";
import { alternatives, quoted, refuse } from "./problem";
import type { FilterToken, Stretch } from "./tokens";
import {
  STATES,
  type Comparison,
  type Day,
  type DayField,
  type Presence,
  type QueryNode,
  type State,
} from "./types";

/** What a filter asks for. @throws InvalidQuery, which lists what it may ask for */
export function filterNode(token: FilterToken): QueryNode {
  switch (token.name) {
    case "tag":
      return tagNode(token);
    case "status":
    case "is":
      return stateNode(token);
    case "priority":
      return priorityNode(token);
    case "has":
      return hasNode(token);
    case "in":
      return inNode(token);
    default:
      return dayNode(token, token.name);
  }
}

/** A value that is none: the place is the value, or the filter where there is no value. */
function refuseValue({ name, value, valueAt, from, to }: FilterToken, instead: string): never {
  const place = value === "" ? { from, to } : valueAt;
  const fault = value === "" ? "needs a value directly after it" : `cannot be ${quoted(value)}`;
  return refuse(`${quoted(`${name}:`)} ${fault}. ${instead}`, place);
}

function tagNode(token: FilterToken): QueryNode {
  const { value, isQuoted, valueAt } = token;
  const presence = isQuoted ? null : presenceOf(value);
  if (presence !== null) return { kind: "tags", presence };
  if (value === "") {
    refuseValue(token, 'Write a tag\'s name, as in tag:home or tag:"two words", tag:none or tag:any.');
  }
  const parsed = tagName().safeParse(value);
  if (!parsed.success) return refuse(parsed.error.issues[0]?.message ?? "No tag has this name.", valueAt);
  return { kind: "tag", name: parsed.data };
}

/** Words that people use for a state, without their spaces, hyphens and underscores. */
const states: Record<string, State | TodoStatus> = {
  ...Object.fromEntries([...STATES, ...TODO_STATUSES].map((state) => [state.replaceAll("_", ""), state])),
  todo: "pending",
  doing: "in_progress",
  started: "in_progress",
  complete: "completed",
  canceled: "cancelled",
  late: "overdue",
};

function stateNode(token: FilterToken): QueryNode {
  const wanted = token.value.toLowerCase().replaceAll(/[\s_-]/g, "");
  const state = Object.hasOwn(states, wanted) ? states[wanted] : undefined;
  if (state === undefined) return refuseValue(token, `Use ${alternatives([...STATES, ...TODO_STATUSES])}.`);
  return isState(state) ? { kind: "is", state } : { kind: "status", status: state };
}

function isState(word: State | TodoStatus): word is State {
  return STATES.some((state) => state === word);
}

function hasNode(token: FilterToken): QueryNode {
  const part = token.value.toLowerCase();
  if (part === "description") return { kind: "has", part };
  if (part === "tag" || part === "tags") return { kind: "tags", presence: "any" };
  if (part === "due" || part === "scheduled") return { kind: "dayPresence", field: part, presence: "any" };
  return refuseValue(token, "Use description, tags, due or scheduled.");
}

function inNode(token: FilterToken): QueryNode {
  const part = token.value.toLowerCase();
  if (part !== "title" && part !== "description") return refuseValue(token, "Use title or description.");
  return { kind: "in", part };
}

function priorityNode(token: FilterToken): QueryNode {
  const bounds = readBounds(token.value, readPriority, (low, high) => low > high);
  if (bounds === null) {
    return refuseValue(
      token,
      `Use a number from ${PRIORITY_MIN} to ${PRIORITY_MAX}, as in priority:4, priority:>=4 or priority:2..4.`,
    );
  }
  return allOf(bounds.map(({ comparison, value }) => ({ kind: "priority", comparison, value })));
}

function readPriority(text: string): number | null {
  const named = PRIORITY_NAMES.findIndex((name) => name.toLowerCase() === text.toLowerCase());
  if (named >= 0) return named;
  const number = /^\d$/.test(text) ? Number(text) : Number.NaN;
  return number >= PRIORITY_MIN && number <= PRIORITY_MAX ? number : null;
}

function dayNode(token: FilterToken, field: DayField): QueryNode {
  const hasPresence = field === "due" || field === "scheduled";
  const presence = hasPresence ? presenceOf(token.value) : null;
  if (hasPresence && presence !== null) return { kind: "dayPresence", field, presence };

  const read = (text: string) => readDay(text, token.valueAt);
  const bounds = readBounds(token.value, read, isLater);
  if (bounds === null) {
    const others = hasPresence ? `, ${field}:none or ${field}:any` : "";
    return refuseValue(
      token,
      `Use a day, as in ${field}:2026-12-01, ${field}:<=+7d, ${field}:today or ${field}:2026-12-01..2026-12-24${others}.`,
    );
  }
  return allOf(bounds.map(({ comparison, value }) => ({ kind: "day", field, comparison, day: value })));
}

/** YYYY-MM-DD, today, tomorrow, yesterday, or days and weeks from today: +7d, -2w. Null for what looks like none. */
function readDay(text: string, place: Stretch): Day | null {
  const word = text.toLowerCase();
  if (word === "today" || word === "tomorrow" || word === "yesterday") return { relative: word };
  const [, sign, digits, unit] = /^([+-])(\d{1,6})([dw])$/.exec(word) ?? [];
  if (digits !== undefined) {
    const days = Number(digits) * (unit === "w" ? 7 : 1);
    if (days > QUERY_DAYS_MAX) {
      refuse(`Count at most ${QUERY_DAYS_MAX.toLocaleString("en")} days from today.`, place);
    }
    return { relative: "days", days: sign === "-" && days > 0 ? -days : days };
  }
  const [, year, month = "", date = ""] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(word) ?? [];
  if (year === undefined) return null;
  const parsed = dayRule().safeParse(`${year}-${month.padStart(2, "0")}-${date.padStart(2, "0")}`);
  return parsed.success ? parsed.data : refuse(parsed.error.issues[0]?.message ?? "This is no day.", place);
}

/** Which of two days by the person's own calendar is the later one is not known here. */
function isLater(low: Day, high: Day): boolean {
  return typeof low === "string" && typeof high === "string" && low > high;
}

function presenceOf(value: string): Presence | null {
  const word = value.toLowerCase();
  return word === "none" || word === "any" ? word : null;
}

const comparisons: Record<string, Comparison> = {
  "": "=",
  "=": "=",
  "<": "<",
  "<=": "<=",
  "≤": "<=",
  ">": ">",
  ">=": ">=",
  "≥": ">=",
};

type Bound<Value> = { comparison: Comparison; value: Value };

/**
 * Reads a value, one after a comparison (`>=4`), or a range that both ends belong to (`2..4`, `2..`, `..4`), which is
 * one either way round. Null for what is none of these.
 */
function readBounds<Value>(
  text: string,
  read: (text: string) => Value | null,
  isAfter: (low: Value, high: Value) => boolean,
): Bound<Value>[] | null {
  const [, start, end] = /^([^.]*)\.\.([^.]*)$/.exec(text) ?? [];
  if (start === undefined || end === undefined) {
    const [, sign = "", rest = ""] = /^([<>=≤≥]*)(.*)$/s.exec(text) ?? [];
    const comparison = Object.hasOwn(comparisons, sign) ? comparisons[sign] : undefined;
    const value = comparison && read(rest);
    return comparison === undefined || value == null ? null : [{ comparison, value }];
  }
  const bounds: Bound<Value>[] = [];
  for (const [comparison, bound] of [[">=", start] as const, ["<=", end] as const]) {
    if (bound === "") continue;
    const value = read(bound);
    if (value === null) return null;
    bounds.push({ comparison, value });
  }
  const [low, high] = bounds;
  if (low === undefined || high === undefined) return low === undefined ? null : bounds;
  if (JSON.stringify(low.value) === JSON.stringify(high.value))
    return [{ comparison: "=", value: low.value }];
  if (!isAfter(low.value, high.value)) return bounds;
  return [
    { comparison: ">=", value: high.value },
    { comparison: "<=", value: low.value },
  ];
}

function allOf(nodes: QueryNode[]): QueryNode {
  const [only] = nodes;
  return nodes.length === 1 && only !== undefined ? only : { kind: "and", nodes };
}
