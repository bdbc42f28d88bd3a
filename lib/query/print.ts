import { printQuoted, readsAsValue, readsAsWord } from "./tokens";
import type { Comparison, Day, Query, QueryNode } from "./types";

/**
 * The text that parseQuery reads as this query; "" for the one that asks for everything. A word that would be read as
 * something else is written as a phrase of one word. Small: client code may use it.
 */
export function printQuery(query: Query): string {
  return query === null ? "" : print(query);
}

/**
 * The same for whoever reads it with `typing`, as addresses are read: a space says that a last word is whole.
 */
export function printTyped(query: QueryNode): string {
  const text = print(query);
  return endsInWholeWord(query) ? `${text} ` : text;
}

function endsInWholeWord(node: QueryNode): boolean {
  if (node.kind === "word") return !node.prefix;
  const last = node.kind === "and" || node.kind === "or" ? node.nodes.at(-1) : undefined;
  return last !== undefined && endsInWholeWord(last);
}

function print(node: QueryNode): string {
  switch (node.kind) {
    case "and":
      return printAll(node.nodes).join(" ");
    case "or":
      return node.nodes.map((one) => (one.kind === "or" ? `(${print(one)})` : print(one))).join(" or ");
    case "not":
      return `-${isGroup(node.node) ? `(${print(node.node)})` : print(node.node)}`;
    case "word":
      return printWord(node.text, node.prefix);
    case "phrase":
      return printQuoted(node.text);
    case "tag":
      return printTag(node.name);
    case "tags":
      return `tag:${node.presence}`;
    case "status":
      return `status:${node.status}`;
    case "priority":
      return printComparison("priority", node.comparison, String(node.value));
    case "day":
      return printComparison(node.field, node.comparison, printDay(node.day));
    case "dayPresence":
      return `${node.field}:${node.presence}`;
    case "is":
      return `is:${node.state}`;
    case "has":
      return `has:${node.part}`;
    default:
      return `in:${node.part}`;
  }
}

/** The members of an "and", two bounds of one range as one. */
function printAll(nodes: readonly QueryNode[]): string[] {
  const printed: string[] = [];
  for (let index = 0; index < nodes.length; index += 1) {
    const [node, next] = [nodes[index], nodes[index + 1]];
    if (node === undefined) continue;
    const range = next === undefined ? null : printRange(node, next);
    if (range !== null) index += 1;
    printed.push(range ?? (isGroup(node) ? `(${print(node)})` : print(node)));
  }
  return printed;
}

function printRange(low: QueryNode, high: QueryNode): string | null {
  if (low.kind === "priority" && high.kind === "priority") {
    if (low.comparison !== ">=" || high.comparison !== "<=" || low.value >= high.value) return null;
    return `priority:${low.value}..${high.value}`;
  }
  if (low.kind !== "day" || high.kind !== "day" || low.field !== high.field) return null;
  if (low.comparison !== ">=" || high.comparison !== "<=") return null;
  const [from, to] = [printDay(low.day), printDay(high.day)];
  const isTurned = typeof low.day === "string" && typeof high.day === "string" && low.day > high.day;
  return from === to || isTurned ? null : `${low.field}:${from}..${to}`;
}

function isGroup(node: QueryNode): boolean {
  return node.kind === "or" || (node.kind === "and" && printAll(node.nodes).length > 1);
}

function printWord(text: string, prefix: boolean): string {
  const isStarred = text.length > 1 && text.endsWith("*");
  const word = prefix ? `${text}*` : text;
  return readsAsWord(word) && (prefix || !isStarred) ? word : printQuoted(text);
}

function printTag(name: string): string {
  const isPresence = /^(none|any)$/i.test(name);
  return `tag:${isPresence || !readsAsValue(name) ? printQuoted(name) : name}`;
}

function printComparison(name: string, comparison: Comparison, value: string): string {
  return `${name}:${comparison === "=" ? "" : comparison}${value}`;
}

function printDay(day: Day): string {
  if (typeof day === "string") return day;
  if (day.relative !== "days") return day.relative;
  return `${day.days < 0 ? "-" : "+"}${Math.abs(day.days)}d`;
}
