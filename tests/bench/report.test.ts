import { describe, expect, it } from "vitest";
import { CommandError } from "@/scripts/commands/command-error";
import { benchUsage, readBenchArguments } from "@/scripts/bench/arguments";
import { betweenMarks } from "@/scripts/bench/readme";
import { compare, counterpartOf, goalOf, keepsGoal, type Measured } from "@/scripts/bench/report";
import { formatReport, formatTable } from "@/scripts/bench/table";

const one = (values: Partial<Measured> = {}): Measured => ({
  operation: "dashboard",
  todos: 1_000_000,
  person: "ordinary",
  p50: 1.234,
  p95: 23.45,
  ratio: 1.4,
  calls: 100,
  requests: 1,
  buffers: 1234,
  ...values,
});

describe("a goal", () => {
  it("belongs to an operation, a person and a size", () => {
    expect(goalOf(one())).toBe(1.5);
    expect(goalOf(one({ person: "heavy" }))).toBe(5);
    expect(goalOf(one({ todos: 10_000 }))).toBeNull();
    expect(goalOf(one({ operation: "search: rare", person: "heavy" }))).toBe(25);
    expect(goalOf(one({ operation: "trash" }))).toBeNull();
    expect(goalOf(one({ operation: "dashboard after a change" }))).toBeNull();
  });

  it("is missed by a higher ratio, and by a second request", () => {
    expect(keepsGoal(one({ ratio: 1.5 }))).toBe(true);
    expect(keepsGoal(one({ ratio: 1.51 }))).toBe(false);
    expect(keepsGoal(one({ operation: "trash", ratio: 99 }))).toBe(true);
    expect(keepsGoal(one({ operation: "trash", requests: 2 }))).toBe(false);
  });
});

describe("comparisons", () => {
  it("hold a million todos against ten thousand", () => {
    const heavy = one({ person: "heavy", ratio: 4 });
    expect(compare([one({ ratio: 1.5 }), heavy, one({ todos: 10_000, ratio: 1.2 })])).toEqual([
      {
        name: "dashboard of the ordinary person: at 1,000,000 ÷ at 10,000 todos",
        figure: 1.25,
        goal: 1.3,
      },
    ]);
    expect(compare([one(), heavy])).toEqual([]);
  });

  it("hold page 5,000 against the first, and many todos against one, in turns", () => {
    expect(counterpartOf("list by due, page 5,000")).toEqual({
      operation: "list by due",
      name: "list by due: page 5,000 ÷ page 1",
      goal: 1.2,
    });
    expect(counterpartOf("complete 1,000 todos")).toEqual({
      operation: "complete a todo",
      name: "complete 1,000 todos ÷ complete a todo",
      goal: 30,
    });
    for (const alone of ["list by due", "complete a todo", "dashboard"])
      expect(counterpartOf(alone)).toBeNull();
  });
});

describe("the table", () => {
  it("has a row for each operation, a column for each person and size, and marks what misses its goal", () => {
    const text = formatReport({
      date: "2026-11-20",
      machine: "2 cores, 24 GiB",
      measured: [
        one({ todos: 10_000 }),
        one({ ratio: 2.345, p50: 123.4, buffers: 12.4 }),
        one({ operation: "trash" }),
      ],
      comparisons: [
        { name: "a ÷ b", figure: 31, goal: 30 },
        { name: "c ÷ d", figure: 2, goal: null },
      ],
    });
    expect(text).toContain("2026-11-20 with 2 cores, 24 GiB");
    expect(text.split("\n").slice(3)).toEqual([
      "| operation | requests | 10,000, ordinary             | 1,000,000, ordinary          | goal             |",
      "| --------- | -------- | ---------------------------- | ---------------------------- | ---------------- |",
      "| dashboard | 1        | 1.40 × · 1.23 / 23.4 · 1,234 | ✗ 2.35 × · 123 / 23.4 · 12   | ≤ 1.5 × ordinary |",
      "| trash     | 1        | –                            | 1.40 × · 1.23 / 23.4 · 1,234 |                  |",
      "",
      "| compared | figure | goal |",
      "| -------- | ------ | ---- |",
      "| a ÷ b    | ✗ 31.0 | ≤ 30 |",
      "| c ÷ d    | 2.00   |      |",
    ]);
  });

  it("lines up by characters, whatever they are", () => {
    expect(
      formatTable([
        ["a", "÷÷÷÷"],
        ["𝒜𝒜𝒜𝒜", "b"],
      ]),
    ).toEqual(["| a    | ÷÷÷÷ |", "| ---- | ---- |", "| 𝒜𝒜𝒜𝒜 | b    |"]);
  });

  it("takes the place of the one before it in a text", () => {
    const marks = ["<!-- bench: written by pnpm bench --readme -->", "<!-- /bench -->"];
    const text = `before ${marks[0]} old ${marks[1]} after`;
    const once = betweenMarks(text, "| new |");
    expect(once).toBe(`before ${marks[0]}\n\n| new |\n\n${marks[1]} after`);
    expect(betweenMarks(once, "| new |")).toBe(once);
    expect(() => betweenMarks("no marks", "| new |")).toThrow("no line");
  });
});

describe("the arguments of bench", () => {
  it("are read", () => {
    expect(readBenchArguments([])).toEqual({
      help: false,
      quick: false,
      only: null,
      json: false,
      readme: false,
    });
    expect(readBenchArguments(["--", "--quick", "--only", "search", "--json"])).toMatchObject({
      quick: true,
      only: "search",
      json: true,
    });
    expect(readBenchArguments(["-h"]).help).toBe(true);
  });

  it.each([
    [["--quik"], `Unknown option '--quik'.\n\n${benchUsage}`],
    [["fast"], `Unexpected argument 'fast'.\n\n${benchUsage}`],
    [
      ["--readme", "--quick"],
      "README.md shows the whole table: --readme goes with neither --quick nor --only.",
    ],
  ])("are refused when they are %j", (args, message) => {
    expect(() => readBenchArguments(args)).toThrow(new CommandError(message));
  });
});
