import { existsSync, readFileSync } from "node:fs";
import type { SoakOptions } from "./arguments";
import type { Ending } from "./child";
import type { Cleanup } from "./cleanup";
import { CommandError } from "./command-error";
import type { Environment } from "./environment";
import type { Progress } from "./progress";
import type { StopRequest } from "./stop-request";

/** What every stage of the tests is given. */
export type TestRun = {
  progress: Progress;
  stop: StopRequest;
  cleanup: Cleanup;
  /** Without anything of the caller's shell that could lead a test elsewhere. */
  env: Environment;
  /** For this run only; removed at its end. */
  temporaryFolder: string;
  /** Next's build folder of the tests, apart from the one that `pnpm start` serves from. */
  distDir: string;
  playwrightArguments: string[];
  soak: SoakOptions;
};

const STAGE_LIMIT_MINUTES = 30;

/**
 * Runs a program, and ends it when the command is to stop or when it takes longer than any stage may.
 * @throws what it was stopped for
 */
export async function withinLimit(
  stop: StopRequest,
  run: (signal: AbortSignal) => Promise<Ending>,
  limitMinutes = STAGE_LIMIT_MINUTES,
): Promise<Ending> {
  const limit = AbortSignal.timeout(limitMinutes * 60_000);
  const ending = await run(AbortSignal.any([stop.signal, limit]));
  if (stop.signal.aborted) throw stop.signal.reason;
  if (!limit.aborted) return ending;
  throw new CommandError(`${ending.output}\n\nStopped: it did not end within ${limitMinutes} minutes.`);
}

/** The parsed JSON, or undefined when the program did not get so far as to write any. */
export function readReport(file: string): unknown {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}
