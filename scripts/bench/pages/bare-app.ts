import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runChild } from "../../commands/child";
import { CommandError } from "../../commands/command-error";
import type { Environment } from "../../commands/environment";
import { packageProgram, projectFolder } from "../../commands/project";

/** The least that can be a page of Next which is rendered anew for each request, as all of ours are. */
const FILES = {
  "package.json": `{ "type": "module", "private": true }`,
  "next.config.mjs": `export default { turbopack: { root: ${JSON.stringify(projectFolder)} } };`,
  "app/layout.jsx": `export default function Layout({ children }) {
  return <html lang="en"><body>{children}</body></html>;
}`,
  "app/page.jsx": `import { headers } from "next/headers";

export default async function Page() {
  await headers();
  return <h1>Bare</h1>;
}`,
};

/**
 * Builds a Next app with one bare dynamic page, in a folder from which the project's packages are found. It is no route
 * of Cairn, so that nothing of it can be deployed.
 */
export async function buildBareApp(folder: string, env: Environment): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  for (const [name, text] of Object.entries(FILES)) {
    const file = join(folder, name);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, `${text}\n`);
  }
  const { code, output } = await runChild(packageProgram("next"), ["build"], {
    cwd: folder,
    env: { ...env, NODE_ENV: "production" },
  });
  if (code !== 0)
    throw new CommandError(`${output}\n\nThe bare app could not be built; the output is above.`);
}
