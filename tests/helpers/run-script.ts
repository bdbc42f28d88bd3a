import { execFile } from "node:child_process";
import { join } from "node:path";
import type { Environment } from "@/scripts/commands/environment";
import { packageProgram, projectFolder } from "@/scripts/commands/project";

/** Runs a script as pnpm does, and gives all that it printed, both streams together. */
export function runScript(
  name: string,
  args: string[],
  env: Environment,
): Promise<{ code: number; output: string }> {
  const words = [join(projectFolder, "scripts", `${name}.ts`), ...args];
  // Next's types make NODE_ENV a must; a script that is not told decides by itself.
  const options = { env: env as NodeJS.ProcessEnv, cwd: projectFolder, maxBuffer: 64 * 1_048_576 };
  return new Promise((resolve) => {
    execFile(packageProgram("tsx"), words, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, output: stdout + stderr });
    });
  });
}
