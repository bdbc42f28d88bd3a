import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** The folder of this clone, wherever the command was called from. */
export const projectFolder = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** Where a clone keeps what outlives a run: the local database and the secret. */
export const dataFolder = join(projectFolder, ".data");

const binFolder = join(projectFolder, "node_modules", ".bin");

/** The program of an installed package, such as "next". */
export function packageProgram(name: string): string {
  return join(binFolder, name);
}

/** The PATH under which a script of package.json finds the installed packages' programs. */
export function searchPath(path: string | undefined): string {
  return [binFolder, ...(path ? [path] : [])].join(delimiter);
}

const Manifest = z.object({ scripts: z.record(z.string(), z.string()) });

/** The command line of a script in package.json, for `sh -c`. */
export function packageScript(name: string): string {
  const { scripts } = Manifest.parse(JSON.parse(readFileSync(join(projectFolder, "package.json"), "utf8")));
  const script = scripts[name];
  if (script === undefined) throw new Error(`package.json has no script ${name}.`);
  return script;
}
