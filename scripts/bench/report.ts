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

/** What follows from the operations: how page 5,000 compares to the first, a million todos to ten thousand, many to one. */
export function compare(measured: readonly Measured[]): Comparison[] {
  const find = (operation: string, todos: number, person: Measured["person"]) =>
    measured.find((one) => one.operation === operation && one.todos === todos && one.person === person);
  const comparisons: Comparison[] = [];
  const add = (name: string, goal: number, one: Measured | undefined, other: Measured | undefined) => {
    if (one !== undefined && other !== undefined)
      comparisons.push({ name, figure: one.ratio / other.ratio, goal });
  };
  for (const far of measured.filter(({ operation }) => operation.endsWith(", page 5,000"))) {
    const first = far.operation.slice(0, -", page 5,000".length);
    add(`${first}: page 5,000 ÷ page 1`, 1.2, far, find(first, far.todos, far.person));
  }
  add(
    "dashboard of the ordinary person: at 1,000,000 ÷ at 10,000 todos",
    1.3,
    find("dashboard", MILLION, "ordinary"),
    find("dashboard", 10_000, "ordinary"),
  );
  for (const many of measured.filter(({ operation }) => operation.endsWith(" 1,000 todos"))) {
    const single = many.operation.replace(/ 1,000 todos$/, " a todo");
    const name = `${many.operation} ÷ ${single} (${many.person}, ${many.todos.toLocaleString("en")})`;
    add(name, 30, many, find(single, many.todos, many.person));
  }
  return comparisons;
}
