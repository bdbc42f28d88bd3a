import { codePointLength } from "../../lib/text";
import { goalOf, keepsGoal, type Comparison, type Measured, type Report } from "./report";

/** The figures as Markdown, which is also how a terminal shows them. */
export function formatReport({ date, machine, measured, comparisons }: Report): string {
  return [
    `Measured on ${date} with ${machine}. In each cell: how many times a \`select 1\` through the same endpoint it takes`,
    "(interleaved, median of the pairs), p50 / p95 in milliseconds, and the buffers that it touches. ✗ misses its goal.",
    "",
    ...formatTable(operationRows(measured)),
    "",
    ...formatTable(comparisonRows(comparisons)),
  ].join("\n");
}

function operationRows(measured: readonly Measured[]): string[][] {
  const columns = distinct(measured.map(({ todos, person }) => `${todos.toLocaleString("en")}, ${person}`));
  const header = ["operation", "requests", ...columns, "goal"];
  const names = distinct(measured.map(({ operation }) => operation));
  return [
    header,
    ...names.map((name) => {
      const cells = measured.filter(({ operation }) => operation === name);
      const byColumn = columns.map((column) => {
        const cell = cells.find(({ todos, person }) => `${todos.toLocaleString("en")}, ${person}` === column);
        return cell === undefined ? "–" : formatCell(cell);
      });
      const requests = Math.max(...cells.map((cell) => cell.requests));
      return [name, String(requests), ...byColumn, formatGoals(cells)];
    }),
  ];
}

function formatCell(cell: Measured): string {
  const mark = keepsGoal(cell) ? "" : "✗ ";
  return `${mark}${number(cell.ratio)} × · ${number(cell.p50)} / ${number(cell.p95)} · ${Math.round(cell.buffers).toLocaleString("en")}`;
}

function formatGoals(cells: readonly Measured[]): string {
  const goals = cells.flatMap((cell) => {
    const goal = goalOf(cell);
    return goal === null ? [] : [`≤ ${goal} × ${cell.person}`];
  });
  return distinct(goals).join(", ");
}

function comparisonRows(comparisons: readonly Comparison[]): string[][] {
  return [
    ["compared", "figure", "goal"],
    ...comparisons.map(({ name, figure, goal }) => [
      name,
      `${goal === null || figure <= goal ? "" : "✗ "}${number(figure)}`,
      goal === null ? "" : `≤ ${goal}`,
    ]),
  ];
}

/** A Markdown table whose columns line up; the first row is its head. */
export function formatTable([head = [], ...body]: string[][]): string[] {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...body].map((row) => codePointLength(row[column] ?? ""))),
  );
  const line = (row: string[], fill = " ") =>
    `| ${widths.map((width, column) => pad(row[column] ?? "", width, fill)).join(" | ")} |`;
  return [
    line(head),
    line(
      head.map(() => ""),
      "-",
    ),
    ...body.map((row) => line(row)),
  ];
}

/** Three digits that mean something. */
function number(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString("en");
  return value.toFixed(value >= 10 ? 1 : 2);
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}

function pad(text: string, width: number, fill: string): string {
  return text + fill.repeat(width - codePointLength(text));
}
