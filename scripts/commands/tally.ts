import { z } from "zod";

/** How many passed and failed: tests, or a check as a whole. Skipped ones are neither. */
export type Counts = { passed: number; failed: number };

/** The sum, in the words that the last line of the tests has. */
export function closingLine(stages: Counts[]): string {
  const sum = (key: keyof Counts) => stages.reduce((total, counts) => total + counts[key], 0);
  return `${sum("passed")} passed, ${sum("failed")} failed`;
}

const VitestReport = z.object({ numPassedTests: z.int(), numFailedTests: z.int() });
const PlaywrightReport = z.object({
  stats: z.object({ expected: z.int(), unexpected: z.int(), flaky: z.int() }),
});

/** Reads Vitest's JSON report. */
export function countVitest(report: unknown, succeeded: boolean): Counts {
  const parsed = VitestReport.safeParse(report);
  const counts = parsed.success
    ? { passed: parsed.data.numPassedTests, failed: parsed.data.numFailedTests }
    : { passed: 0, failed: 0 };
  return blameSilence(counts, succeeded);
}

/** Reads Playwright's JSON report. A test that passed only at a second try has failed. */
export function countPlaywright(report: unknown, succeeded: boolean): Counts {
  const parsed = PlaywrightReport.safeParse(report);
  const counts = parsed.success
    ? { passed: parsed.data.stats.expected, failed: parsed.data.stats.unexpected + parsed.data.stats.flaky }
    : { passed: 0, failed: 0 };
  return blameSilence(counts, succeeded);
}

/**
 * A run that failed without a failed test (a file that does not load, an unhandled rejection, no report at all), and
 * one in which no test passed, counts as one failure.
 */
function blameSilence({ passed, failed }: Counts, succeeded: boolean): Counts {
  const silent = failed === 0 && (!succeeded || passed === 0);
  return { passed, failed: silent ? 1 : failed };
}
