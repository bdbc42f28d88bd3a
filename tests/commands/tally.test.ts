import { describe, expect, it } from "vitest";
import { closingLine, countPlaywright, countVitest } from "@/scripts/commands/tally";

const vitest = (numPassedTests: number, numFailedTests: number, numPendingTests = 0) => ({
  numPassedTests,
  numFailedTests,
  numPendingTests,
});
const playwright = (expected: number, unexpected: number, flaky = 0, skipped = 0) => ({
  stats: { expected, unexpected, flaky, skipped },
});

describe("the closing line", () => {
  it("adds up all stages", () => {
    const stages = [
      { passed: 1, failed: 0 },
      { passed: 120, failed: 2 },
    ];
    expect(closingLine(stages)).toBe("121 passed, 2 failed");
  });

  it("says so when there was nothing", () => {
    expect(closingLine([])).toBe("0 passed, 0 failed");
  });
});

describe("counting Vitest's report", () => {
  it("counts what passed and failed, and not what was skipped", () => {
    expect(countVitest(vitest(10, 2, 5), false)).toEqual({ passed: 10, failed: 2 });
    expect(countVitest(vitest(10, 0, 5), true)).toEqual({ passed: 10, failed: 0 });
  });

  it("counts a failure when the run failed though no test did", () => {
    expect(countVitest(vitest(10, 0), false)).toEqual({ passed: 10, failed: 1 });
  });

  it("counts a failure when every test was skipped", () => {
    expect(countVitest(vitest(0, 0, 5), true)).toEqual({ passed: 0, failed: 1 });
  });

  it.each([[undefined], [{}], ["not a report"]])("counts a failure when the report is %j", (report) => {
    expect(countVitest(report, true)).toEqual({ passed: 0, failed: 1 });
  });
});

describe("counting Playwright's report", () => {
  it("counts what passed and failed, and not what was skipped", () => {
    expect(countPlaywright(playwright(10, 2, 0, 5), false)).toEqual({ passed: 10, failed: 2 });
    expect(countPlaywright(playwright(10, 0, 0, 5), true)).toEqual({ passed: 10, failed: 0 });
  });

  it("counts a test as failed that passed only at a second try", () => {
    expect(countPlaywright(playwright(10, 0, 1), true)).toEqual({ passed: 10, failed: 1 });
  });

  it("counts a failure when nothing ran", () => {
    expect(countPlaywright(playwright(0, 0), true)).toEqual({ passed: 0, failed: 1 });
    expect(countPlaywright(undefined, true)).toEqual({ passed: 0, failed: 1 });
  });
});
