import { nodeVersionProblem } from "./commands/node-version";

// Before anything is loaded that an older Node would stumble over.
const problem = nodeVersionProblem(process.version);
if (problem !== null) {
  console.error(problem);
  process.exit(1);
}
const { start } = await import("./commands/start");
process.exit(await start(process.argv.slice(2)));
