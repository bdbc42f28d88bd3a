import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runChild } from "./child";
import { CommandError, saysDiskFull } from "./command-error";
import type { Environment } from "./environment";
import { packageProgram, projectFolder } from "./project";

export type BuildOptions = {
  /** Next's build folder, within the project. */
  distDir: string;
  env: Environment;
  signal: AbortSignal;
  onLine: (line: string) => void;
  /** What makes the build, if not `next build` alone. */
  program?: string;
  args?: string[];
  /** Where the project is; tests have their own. */
  folder?: string;
};

/**
 * What no build depends on. Everything else in the project counts, so that a new folder is never forgotten; names that
 * begin with a dot (.git, .next, .data) never count.
 */
const NOT_BUILT = new Set([
  "node_modules",
  "tests",
  "e2e",
  "scripts",
  "drizzle",
  "docs",
  "test-results",
  "playwright-report",
  "coverage",
  "next-env.d.ts",
  "vercel.json",
  "vitest.config.ts",
  "vitest.soak.config.ts",
  "playwright.config.ts",
  "drizzle.config.ts",
  "LICENSE",
]);
const NOT_BUILT_NAMES = /^\.|\.(md|log|tsbuildinfo)$/;

/** Names of build inputs in the environment: Next writes their values into the client's script. */
const PUBLIC_VARIABLE = /^NEXT_PUBLIC_/;

/**
 * Makes the production build, unless the last one that succeeded was made from the same sources.
 * @returns whether anything was built
 * @throws CommandError; the build's output stands in the message when the build itself failed
 */
export async function buildIfChanged(options: BuildOptions): Promise<boolean> {
  const { distDir, env, signal, onLine, folder = projectFolder } = options;
  const { program = packageProgram("next"), args = ["build"] } = options;
  const hash = hashSources(folder, env);
  if (isBuilt(folder, distDir, hash)) return false;

  // Away with the old stamp first: a build that fails or is cut off must not pass for a good one.
  rmSync(stampFile(folder, distDir), { force: true });
  const { code, output } = await runChild(program, args, {
    cwd: folder,
    env: { ...env, NODE_ENV: "production", NEXT_DIST_DIR: distDir },
    onLine,
    signal,
  });
  if (signal.aborted) throw signal.reason;
  if (code !== 0) {
    if (saysDiskFull(output)) throw new CommandError("The disk is full: the build could not be written.");
    throw new CommandError(`${output}\n\nThe build failed; its output is above.`);
  }
  mkdirSync(join(folder, distDir), { recursive: true });
  writeFileSync(stampFile(folder, distDir), hash);
  return true;
}

/** Whether the build folder holds a whole build of the sources with this hash. */
export function isBuilt(folder: string, distDir: string, hash: string): boolean {
  const stamp = stampFile(folder, distDir);
  return (
    existsSync(join(folder, distDir, "BUILD_ID")) && existsSync(stamp) && readFileSync(stamp, "utf8") === hash
  );
}

/** A hash over everything that a build is made from: names and contents, and the public variables. */
export function hashSources(folder: string, env: Environment): string {
  const hash = createHash("sha256");
  const add = (name: string, content: string | Buffer) => {
    // Lengths keep "ab" + "c" and "a" + "bc" apart.
    hash.update(`${name.length}:${name}:${content.length}:`).update(content);
  };
  for (const [name, value] of Object.entries(env).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (PUBLIC_VARIABLE.test(name)) add(name, value);
  }
  for (const file of listSources(folder, "")) add(file, readFileSync(join(folder, file)));
  return hash.digest("hex");
}

function listSources(folder: string, under: string): string[] {
  return readdirSync(join(folder, under), { withFileTypes: true })
    .filter(({ name }) => !NOT_BUILT_NAMES.test(name) && !(under === "" && NOT_BUILT.has(name)))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = under === "" ? entry.name : `${under}/${entry.name}`;
      if (entry.isDirectory()) return listSources(folder, path);
      return entry.isFile() ? [path] : [];
    });
}

function stampFile(folder: string, distDir: string): string {
  return join(folder, distDir, "cairn-sources");
}
