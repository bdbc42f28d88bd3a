import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestCommand, readTestArguments, testUsage } from "./arguments";
import { runBrowserTests } from "./browser-tests";
import { runChild } from "./child";
import { Cleanup } from "./cleanup";
import { CommandError, InterruptedError, explainFailure } from "./command-error";
import { type Environment, hermeticEnvironment } from "./environment";
import { Progress } from "./progress";
import { packageProgram, packageScript } from "./project";
import { listenForStop } from "./stop-request";
import { type Counts, closingLine, countVitest } from "./tally";
import { type TestRun, readReport, withinLimit } from "./test-run";

type Stage = (run: TestRun) => Promise<Counts>;

const STAGES: Record<TestCommand, Stage[]> = {
  check: [script("Types", "types"), script("Lint", "lint"), script("Format", "format:check"), vitest],
  e2e: [runBrowserTests],
  soak: [soak],
  all: [],
};
STAGES.all = [...STAGES.check, ...STAGES.e2e];

/**
 * Runs the stages of a command until one fails, and prints how many tests passed and failed as its last line.
 * @returns the exit code
 */
export async function test(args: string[]): Promise<number> {
  const progress = new Progress(process.stdout);
  const cleanup = new Cleanup();
  const results: Counts[] = [];
  let exitCode = 0;
  try {
    const options = readTestArguments(args);
    if (options.help) {
      progress.line(testUsage);
      return 0;
    }
    const stop = listenForStop((sentence) => progress.line(sentence));
    const temporaryFolder = await makeTemporaryFolder(cleanup);
    const run: TestRun = {
      progress,
      stop,
      cleanup,
      env: hermeticEnvironment(process.env, { TMPDIR: temporaryFolder, ...colours() }),
      temporaryFolder,
      distDir: ".next-test",
      playwrightArguments: options.playwrightArguments,
      soak: options.soak,
    };
    for (const stage of STAGES[options.command]) {
      const counts = await stage(run);
      results.push(counts);
      if (counts.failed > 0) break;
    }
  } catch (error) {
    results.push({ passed: 0, failed: 1 });
    progress.line(explainFailure(error));
    if (error instanceof InterruptedError) exitCode = 130;
  }
  for (const problem of await cleanup.run()) {
    results.push({ passed: 0, failed: 1 });
    progress.line(explainFailure(problem));
  }
  progress.line();
  progress.line(closingLine(results));
  return exitCode || (results.some(({ failed }) => failed > 0) ? 1 : 0);
}

/** A check of package.json that passes or fails as a whole; what it says is shown when it fails. */
function script(title: string, name: string): Stage {
  return async ({ progress, stop, env }) => {
    await progress.stage(title, async ({ note }) => {
      const ending = await withinLimit(stop, (signal) =>
        runChild("/bin/sh", ["-c", packageScript(name)], { env, onLine: note, signal }),
      );
      if (ending.code !== 0) throw new CommandError(`${ending.output}\n\n${title}: pnpm ${name} failed.`);
    });
    return { passed: 1, failed: 0 };
  };
}

async function vitest({ progress, stop, env, temporaryFolder }: TestRun): Promise<Counts> {
  const reportFile = join(temporaryFolder, "vitest.json");
  const args = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
  return progress.section(
    "Unit and integration tests",
    async (print) => {
      const ending = await withinLimit(stop, (signal) =>
        runChild(packageProgram("vitest"), args, { env, onLine: print, signal }),
      );
      return countVitest(readReport(reportFile), ending.code === 0);
    },
    (counts) => closingLine([counts]),
  );
}

/** Ten minutes beyond those that it was asked for are for starting, and for making a failure small. */
const SOAK_GRACE_MINUTES = 10;

async function soak({ progress, stop, env, soak: { minutes, seed } }: TestRun): Promise<Counts> {
  const more = { SOAK_MINUTES: String(minutes), SOAK_SEED: String(seed) };
  return progress.section(
    `Random writes against the model for ${minutes} minutes, from seed ${seed}`,
    async (print) => {
      const ending = await withinLimit(
        stop,
        (signal) =>
          runChild(packageProgram("vitest"), ["run", "--config=vitest.soak.config.ts"], {
            env: { ...env, ...more },
            onLine: print,
            signal,
          }),
        minutes + SOAK_GRACE_MINUTES,
      );
      return ending.code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
    },
    (counts) => closingLine([counts]),
  );
}

/** Everything temporary of all stages goes in here, so that nothing stays behind, whatever becomes of them. */
async function makeTemporaryFolder(cleanup: Cleanup): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "cairn-tests-"));
  cleanup.add(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  // As root, PostgreSQL runs as another user, who must get through to the data folders in here.
  await chmod(folder, 0o711);
  return folder;
}

/** The programs write to us and not to the terminal, and would leave the colours out. */
function colours(): Environment {
  return process.stdout.isTTY && !process.env.NO_COLOR ? { FORCE_COLOR: "1" } : {};
}
