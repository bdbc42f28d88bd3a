import type { Timing } from "./measure";
import type { Cost } from "./meters";

/** What was measured of one operation for one person at one size. */
export type Measured = Timing & Cost & { operation: string; todos: number; person: "ordinary" | "heavy" };

/** Two figures held against each other. */
export type Comparison = { name: string; figure: number; goal: number | null };

/** All that a run found out. */
export type Report = {
  date: string;
  machine: string;
  measured: Measured[];
  comparisons: Comparison[];
};

type Goal = Pick<Measured, "todos" | "person"> & { operation: string; ratio: number };

const MILLION = 1_000_000;

/**
 * How many times a `select 1` an operation may take (architecture, section 6). A name that ends in a colon stands for all
 * that begin with it.
 */
const GOALS: readonly Goal[] = [
  { operation: "dashboard", todos: MILLION, person: "ordinary", ratio: 1.5 },
  { operation: "dashboard", todos: MILLION, person: "heavy", ratio: 5 },
  { operation: "search:", todos: MILLION, person: "heavy", ratio: 25 },
];

/** One batch for whatever a person does. */
const REQUESTS_MAX = 1;

function isMeant(goal: string, operation: string): boolean {
  return goal.endsWith(":") ? operation.startsWith(goal) : operation === goal;
}

/** How many times a `select 1` this may take; null when nothing was promised. */
export function goalOf({
  operation,
  todos,
  person,
}: Omit<Measured, keyof Timing | keyof Cost>): number | null {
  const goal = GOALS.find(
    (one) => isMeant(one.operation, operation) && one.todos === todos && one.person === person,
  );
  return goal?.ratio ?? null;
}

/** Whether a measured operation keeps what was promised of it. */
export function keepsGoal(one: Measured): boolean {
  const goal = goalOf(one);
  return one.requests <= REQUESTS_MAX && (goal === null || one.ratio <= goal);
}

/**
 * What an operation is held against directly, in turns with it, and how many times that it may take: page 5,000 against
 * the first, many todos against one. Two ratios to a `select 1` would have the noise of both.
 */
export function counterpartOf(operation: string): { operation: string; name: string; goal: number } | null {
  const ofPage = operation.replace(/, page 5,000$/, "");
  if (ofPage !== operation) return { operation: ofPage, name: `${ofPage}: page 5,000 ÷ page 1`, goal: 1.2 };
  const ofOne = operation.replace(/ 1,000 todos$/, " a todo");
  return ofOne === operation ? null : { operation: ofOne, name: `${operation} ÷ ${ofOne}`, goal: 30 };
}

/** What follows from the operations: how a million todos compare to ten thousand. */
export function compare(measured: readonly Measured[]): Comparison[] {
  const at = (size: number) =>
    measured.find((one) => one.operation === "dashboard" && one.todos === size && one.person === "ordinary");
  const [large, small] = [at(MILLION), at(10_000)];
  if (large === undefined || small === undefined) return [];
  const name = "dashboard of the ordinary person: at 1,000,000 ÷ at 10,000 todos";
  return [{ name, figure: large.ratio / small.ratio, goal: 1.3 }];
}
