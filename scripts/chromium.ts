import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "@playwright/test";
import { type Ending, runChild } from "./commands/child";
import { CommandError } from "./commands/command-error";
import type { Environment } from "./commands/environment";
import { packageProgram } from "./commands/project";

/** A Chromium that was seen to start. */
export type Chromium = {
  executablePath: string;
  args: string[];
  /** Such as "the system's /usr/bin/chromium, 156.0". */
  description: string;
};

/** What the search looks at and does; tests give their own. */
export type ChromiumSearch = {
  /** CHROMIUM_PATH */
  chosen: string | undefined;
  /** The system's programs, in the order of preference. */
  installed: () => string[];
  /** Where Playwright's own browser is or would be. */
  playwrightPath: () => string;
  /** Gives the version, or throws what kept it from starting. */
  launch: (executablePath: string, args: string[]) => Promise<string>;
  /** Both return null when it worked, else the reason. */
  downloadPlaywrights: () => Promise<string | null>;
  installDebians: (() => Promise<string | null>) | null;
  isRoot: boolean;
  note: (text: string) => void;
};

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const MAC_APPLICATIONS = [
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
/** What keeps Chromium quiet and off the network, beyond what Playwright passes itself. */
const QUIET = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const LAUNCH_TIMEOUT_MS = 30_000;
/** A download or an installation that says nothing for so long is given up. */
const STALL_MS = 90_000;

/**
 * Finds a Chromium that really starts: the one of CHROMIUM_PATH, else the system's, else Playwright's own (downloaded
 * when it is not there yet), else, as root, Debian's package, which is then installed.
 * @throws CommandError with one sentence when none can be had
 */
export async function findChromium(search: ChromiumSearch): Promise<Chromium> {
  const problems: string[] = [];
  const tryOne = async (executablePath: string, whose: string): Promise<Chromium | null> => {
    const args = search.isRoot ? ["--no-sandbox", ...QUIET] : QUIET;
    search.note(`trying ${executablePath}`);
    try {
      const version = await search.launch(executablePath, args);
      return { executablePath, args, description: `${whose} ${executablePath}, ${version}` };
    } catch (error) {
      problems.push(`${executablePath} does not start (${firstLine(error)})`);
      return null;
    }
  };
  const firstOf = async (paths: string[], whose: string) => {
    for (const path of paths) {
      const found = await tryOne(path, whose);
      if (found !== null) return found;
    }
    return null;
  };

  if (search.chosen !== undefined) {
    const found = await tryOne(search.chosen, "CHROMIUM_PATH's");
    if (found !== null) return found;
    throw new CommandError(`CHROMIUM_PATH leads to no usable Chromium: ${problems.join("; ")}.`);
  }
  return (
    (await firstOf(search.installed(), "the system's")) ??
    (await playwrights(search, tryOne, problems)) ??
    (await debians(search, firstOf, problems)) ??
    giveUp(problems)
  );
}

async function playwrights(
  search: ChromiumSearch,
  tryOne: (path: string, whose: string) => Promise<Chromium | null>,
  problems: string[],
): Promise<Chromium | null> {
  const path = search.playwrightPath();
  if (!existsSync(path)) {
    search.note("downloading Playwright's Chromium");
    const problem = await search.downloadPlaywrights();
    if (problem !== null) {
      problems.push(`Playwright's could not be downloaded (${problem})`);
      return null;
    }
  }
  return tryOne(path, "Playwright's");
}

async function debians(
  search: ChromiumSearch,
  firstOf: (paths: string[], whose: string) => Promise<Chromium | null>,
  problems: string[],
): Promise<Chromium | null> {
  if (search.installDebians === null) return null;
  search.note("installing Debian's chromium");
  const problem = await search.installDebians();
  if (problem !== null) {
    problems.push(`Debian's package could not be installed (${problem})`);
    return null;
  }
  return firstOf(search.installed(), "Debian's");
}

function giveUp(problems: string[]): never {
  throw new CommandError(
    `There is no Chromium for the tests in a browser, and none could be had: ${problems.join("; ")}. Install Chromium or Chrome, or set CHROMIUM_PATH to its program.`,
  );
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  // Playwright puts what the browser itself said under its own headline.
  const said = /error while loading shared libraries:.*|Failed to launch.*|ENOENT.*|EACCES.*/.exec(message);
  return (said?.[0] ?? message.split("\n")[0] ?? "").trim();
}

/** The search of this machine. `variables` are the caller's own, for PATH and CHROMIUM_PATH. */
export function searchThisMachine(
  variables: NodeJS.ProcessEnv,
  env: Environment,
  note: (text: string) => void,
  signal: AbortSignal,
): ChromiumSearch {
  const isRoot = process.getuid?.() === 0;
  const run = (program: string, args: string[], more: Environment = {}) =>
    runUnlessStalled(program, args, { ...env, ...more }, note, signal);
  const aptGet = "/usr/bin/apt-get";
  const debian = { DEBIAN_FRONTEND: "noninteractive" };
  return {
    chosen: variables.CHROMIUM_PATH || undefined,
    installed: () => installedPrograms(variables.PATH ?? ""),
    playwrightPath: () => chromium.executablePath(),
    launch: (executablePath, args) => launchOnce(executablePath, args, env),
    downloadPlaywrights: () =>
      run(packageProgram("playwright"), ["install", "--no-shell", "chromium"], {
        PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: "15000",
      }),
    installDebians:
      isRoot && existsSync(aptGet)
        ? async () =>
            (await run(aptGet, ["update"], debian)) ??
            (await run(aptGet, ["install", "-y", "--no-install-recommends", "chromium"], debian))
        : null,
    isRoot,
    note,
  };
}

function installedPrograms(path: string): string[] {
  const folders = path.split(delimiter).filter(Boolean);
  const programs = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  const mac = process.platform === "darwin" ? MAC_APPLICATIONS : [];
  return [...new Set([...programs, ...mac])].filter(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** In the run's environment, so that what Chromium leaves in TMPDIR goes with the run. */
async function launchOnce(executablePath: string, args: string[], env: Environment): Promise<string> {
  const browser = await chromium.launch({ executablePath, args, env, timeout: LAUNCH_TIMEOUT_MS });
  const version = browser.version();
  await browser.close();
  return version;
}

async function runUnlessStalled(
  program: string,
  args: string[],
  env: Environment,
  note: (text: string) => void,
  signal: AbortSignal,
): Promise<string | null> {
  const stalled = new AbortController();
  const startTimer = () => setTimeout(() => stalled.abort(), STALL_MS);
  let timer = startTimer();
  const onLine = (line: string) => {
    clearTimeout(timer);
    timer = startTimer();
    note(line);
  };
  const ending = await runChild(program, args, {
    env,
    onLine,
    signal: AbortSignal.any([signal, stalled.signal]),
  });
  clearTimeout(timer);
  if (signal.aborted) throw signal.reason;
  if (ending.code === 0) return null;
  return stalled.signal.aborted ? `nothing came for ${STALL_MS / 1000} s` : lastError(ending);
}

function lastError({ output, code }: Ending): string {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  const error = lines.findLast((line) => /^(E:|Error:|.*\bERR)/.test(line.trim())) ?? lines.at(-1);
  return error?.trim() ?? `it ended with ${code}`;
}
