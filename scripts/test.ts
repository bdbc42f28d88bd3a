import { nodeVersionProblem } from "./commands/node-version";

// Before anything is loaded that an older Node would stumble over.
const problem = nodeVersionProblem(process.version);
if (problem !== null) {
  console.error(problem);
  process.exit(1);
}
const { test } = await import("./commands/test");
process.exit(await test(process.argv.slice(2)));
