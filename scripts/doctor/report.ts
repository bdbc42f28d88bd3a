import type { Row } from "./check";
import type { Diagnosis } from "./diagnose";

const ROWS_MAX = 20;

/** For people: a table for each check, and what needs a hand at its end. */
export function report(all: readonly Diagnosis[]): string {
  const findings = all.flatMap((one) => one.findings);
  const sections = all.map(({ title, rows, findings: found, notes = [] }) =>
    [
      `${found.length > 0 ? "✗" : "✓"} ${title}`,
      ...indent(table(rows.slice(0, ROWS_MAX))),
      ...(rows.length > ROWS_MAX ? indent([`… and ${rows.length - ROWS_MAX} more`]) : []),
      ...indent(notes),
      ...indent(found.map(({ subject, advice }) => `→ ${subject}: ${advice}`)),
    ].join("\n"),
  );
  const end =
    findings.length === 0
      ? "Nothing needs a hand."
      : `${findings.length} ${findings.length === 1 ? "thing needs" : "things need"} a hand: see the arrows.`;
  return [...sections, end].join("\n\n");
}

function table(rows: readonly Row[]): string[] {
  const [first] = rows;
  if (first === undefined) return [];
  const names = Object.keys(first);
  const texts = [names, ...rows.map((row) => names.map((name) => cell(row[name])))];
  const widths = names.map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  const isNumber = names.map((name) => rows.every((row) => typeof (row[name] ?? 0) === "number"));
  return texts.map((row) =>
    row
      .map((text, column) =>
        isNumber[column] ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd(),
  );
}

function cell(value: Row[string] | undefined): string {
  if (value === null || value === undefined) return "–";
  return typeof value === "number" ? value.toLocaleString("en") : String(value);
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
